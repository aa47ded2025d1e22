import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { difference } from '../../../lib/sandbox/go/difference.ts'
import { type GoValue, reflect } from '../../../lib/sandbox/go/reflect.ts'
import { suite } from '../../support/suite.ts'

const test = suite('the difference of two Go values')

type Json = Readonly<Record<string, unknown>>

interface Recorded {
  bases: Json[]
  cases: { type: string; base: number; change: Json; text: string }[]
}

/** What go-cmp 0.6.0 said of structs of kubernetes v1.29.2; `change` is what the second one has otherwise. */
const recorded = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../fixtures/go-differences.json'), 'utf8'),
) as Recorded

/** Where the server keeps what the API has in the spec itself. */
const internal = ({ hostNetwork, shareProcessNamespace, ...spec }: Json): Json => ({
  ...spec,
  securityContext: { ...(spec.securityContext as Json), hostNetwork, shareProcessNamespace },
})

for (const { type, base, change, text } of recorded.cases)
  test(`${type} with ${JSON.stringify(change).slice(0, 100)}`, () => {
    const old = recorded.bases[base] as Json
    const read = (json: Json): GoValue => reflect(type, type === 'core.PodSpec' ? internal(json) : json)
    assert.is(difference(read(old), read({ ...old, ...change })), text)
  })

test.run()
