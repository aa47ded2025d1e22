import { readFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { validateIstio } from '../../../lib/sandbox/admission/istio.ts'
import type { KubeObject } from '../../../lib/sandbox/objects.ts'
import { StatusError } from '../../../lib/sandbox/status.ts'
import { suite } from '../../support/suite.ts'

const recorded = JSON.parse(readFileSync(new URL('../../fixtures/golden/refusals.json', import.meta.url), 'utf8')) as [
  KubeObject,
  string,
][]

const test = suite("refusals of a real istiod's webhook")

/** Without what surrounds them, runs of blanks being one, as Go makes them at random; '' where the object passes. */
function wordsOf(object: KubeObject): string {
  try {
    validateIstio({ ...object, metadata: { ...object.metadata, namespace: 'default' } })
    return ''
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    return error.message
      .replace('admission webhook "validation.istio.io" denied the request: ', '')
      .trimEnd()
      .replace(/ {2,}/g, ' ')
  }
}

for (const [object, words] of recorded)
  test(`${object.kind} ${JSON.stringify(object.spec)}`, () => {
    assert.is(wordsOf(object), words)
  })

test.run()
