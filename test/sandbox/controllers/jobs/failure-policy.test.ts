import * as assert from 'uvu/assert'
import { failureVerdict } from '../../../../lib/sandbox/controllers/jobs/failure-policy.ts'
import type { Job } from '../../../../lib/sandbox/controllers/jobs/job.ts'
import type { KubeObject } from '../../../../lib/sandbox/objects.ts'
import { suite } from '../../../support/suite.ts'

const test = suite('failure policies of jobs')

const container = (name: string, exitCode: number) => ({ name, state: { terminated: { exitCode } } })
const pod: KubeObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'default' },
  spec: {},
  status: {
    phase: 'Failed',
    conditions: [{ type: 'DisruptionTarget', status: 'True' }],
    containerStatuses: [container('main', 3), container('other', 0), { name: 'runs', state: { running: {} } }],
    initContainerStatuses: [container('first', 7)],
  },
}
const job = (...rules: object[]) => ({ spec: { podFailurePolicy: { rules } }, status: {} }) as unknown as Job
const codes = (operator: string, values: number[], containerName?: string) => ({
  onExitCodes: { operator, values, ...(containerName ? { containerName } : {}) },
})
const ignored = { action: 'Ignore' }
const counts = { action: 'Count' }

const rows: readonly [what: string, rule: object, verdict: object][] = [
  ['its exit code', { ...ignored, ...codes('In', [1, 3]) }, ignored],
  ['another exit code', { ...ignored, ...codes('In', [1]) }, counts],
  ['none of some codes', { ...ignored, ...codes('NotIn', [1]) }, ignored],
  ['the code of a container that ended well', { ...ignored, ...codes('NotIn', [1], 'other') }, counts],
  ['the code of a container that runs', { ...ignored, ...codes('NotIn', [1], 'runs') }, counts],
  ['the code of an init container', { ...ignored, ...codes('In', [7]) }, ignored],
  ['a condition', { ...ignored, onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }, ignored],
  ['a condition that is not so', { ...ignored, onPodConditions: [{ type: 'Ready', status: 'True' }] }, counts],
  ['what fails the index', { action: 'FailIndex', ...codes('In', [3]) }, { action: 'FailIndex' }],
  [
    'what fails the job',
    { action: 'FailJob', ...codes('In', [3]) },
    {
      action: 'FailJob',
      message: 'Container main for pod default/p failed with exit code 3 matching FailJob rule at index 0',
    },
  ],
  [
    'a condition that fails the job',
    { action: 'FailJob', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
    {
      action: 'FailJob',
      message: 'Pod default/p has condition DisruptionTarget matching FailJob rule at index 0',
    },
  ],
]

for (const [what, rule, verdict] of rows)
  test(`by ${what}: ${(verdict as { action: string }).action}`, () => {
    assert.equal(failureVerdict(job(rule), pod), verdict)
  })

test('the first rule that fits decides', () => {
  const rules = [
    { action: 'Ignore', ...codes('In', [9]) },
    { action: 'Count', ...codes('In', [3]) },
    { action: 'Ignore', ...codes('In', [3]) },
  ]
  assert.equal(failureVerdict(job(...rules), pod), counts)
})

test.run()
