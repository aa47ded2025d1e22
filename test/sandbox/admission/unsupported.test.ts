import * as assert from 'uvu/assert'
import { unsupportedWarnings } from '../../../lib/sandbox/admission/unsupported.ts'
import { builtInKinds } from '../../../lib/sandbox/kinds/built-in.ts'
import type { Kind } from '../../../lib/sandbox/kinds/kind.ts'
import { suite } from '../../support/suite.ts'

const test = suite('what is stored only')

const jobs = builtInKinds.find(({ kind }) => kind === 'Job') as Kind
const job = (spec: object, labels = {}) => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'a', namespace: 'default', labels },
  spec,
})

test('fields of a job that nothing acts on are named, as long as they are set anew', () => {
  const spec = { podFailurePolicy: { rules: [] }, backoffLimitPerIndex: 1 }
  const expected = ['podFailurePolicy', 'backoffLimitPerIndex'].map(
    (name) => `sandbox: spec.${name} is stored only, failures count as they do without it`,
  )
  assert.equal(unsupportedWarnings(jobs, job(spec)), expected)
  assert.equal(unsupportedWarnings(jobs, job(spec, { a: 'b' }), job(spec)), [])
  assert.equal(unsupportedWarnings(jobs, job({ backoffLimit: 1 })), [])
})

test.run()
