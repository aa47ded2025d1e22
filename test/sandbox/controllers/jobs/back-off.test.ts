import * as assert from 'uvu/assert'
import { BackOffs, finishTime, remainingMs } from '../../../../lib/sandbox/controllers/jobs/back-off.ts'
import type { KubeObject } from '../../../../lib/sandbox/objects.ts'
import { suite } from '../../../support/suite.ts'

const test = suite('waits after failures of jobs')

const at = (second: number) => new Date(Date.UTC(2024, 0, 1, 0, 0, second))
const ended = (second: number): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p' },
  spec: {},
  status: { containerStatuses: [{ state: { terminated: { finishedAt: at(second).toISOString() } } }] },
})

const waits: readonly [failures: number, seconds: number][] = [
  [0, 0],
  [1, 10],
  [2, 20],
  [3, 40],
  [20, 600],
]

for (const [failures, seconds] of waits)
  test(`after ${failures} failures it is ${seconds} s`, () => {
    assert.is(remainingMs(failures, at(0).getTime(), at(0)), seconds * 1000)
  })

test('what has passed is not waited for again', () => {
  assert.is(remainingMs(1, at(0).getTime(), at(4)), 6000)
  assert.is(remainingMs(1, at(0).getTime(), at(30)), 0)
})

test('a success ends the count of failures before it', () => {
  const backOffs = new BackOffs()
  backOffs.note('job', [], [ended(1), ended(2)])
  assert.is(backOffs.remainingMs('job', at(2)), 20_000)
  backOffs.note('job', [ended(3)], [ended(4)])
  assert.is(backOffs.remainingMs('job', at(4)), 10_000)
  backOffs.note('job', [ended(5)], [])
  assert.is(backOffs.remainingMs('job', at(5)), 0)
})

test('a pod whose containers never ended finished when it was deleted, or was made', () => {
  const metadata = { name: 'p', creationTimestamp: at(1).toISOString() }
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata, spec: {} }
  assert.is(finishTime(pod), at(1).getTime())
  const leaving = { ...metadata, deletionTimestamp: at(40).toISOString(), deletionGracePeriodSeconds: 30 }
  assert.is(finishTime({ ...pod, metadata: leaving }), at(10).getTime())
})

test.run()
