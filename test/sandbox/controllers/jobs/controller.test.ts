import * as assert from 'uvu/assert'
import type { KubeObject } from '../../../../lib/sandbox/objects.ts'
import { suite } from '../../../support/suite.ts'
import { startCluster, stopClusters, type TestCluster } from '../cluster.ts'

const test = suite('jobs')
test.after.each(stopClusters)

const jobs = 'jobs.batch'

function job(command: string[], spec: object = {}): KubeObject {
  const containers = [{ name: 'main', image: 'busybox', command }]
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'once', namespace: 'default' },
    spec: { template: { spec: { restartPolicy: 'Never', containers } }, ...spec },
  }
}

const found = ({ store }: TestCluster) => store.get(jobs, 'once', 'default') as KubeObject
const is = (cluster: TestCluster, type: string) =>
  cluster.until(type, () =>
    found(cluster).status?.conditions?.find(
      (one: { type: string; status: string }) => one.type === type && one.status === 'True',
    ),
  )
const pods = ({ store }: TestCluster) => store.list('pods', 'default')

test('a job is complete when enough of its pods have succeeded', async () => {
  const cluster = await startCluster()
  cluster.registry.create(jobs, job(['true'], { completions: 3, parallelism: 2 }))
  await is(cluster, 'Complete')
  const { succeeded, ready, uncountedTerminatedPods } = found(cluster).status
  assert.equal([succeeded, ready, uncountedTerminatedPods], [3, 0, {}])
  assert.equal(
    pods(cluster).map(({ metadata }) => metadata.finalizers?.length ?? 0),
    [0, 0, 0],
  )
  assert.equal(cluster.events('once').at(-1), 'Normal Completed: Job completed')
  assert.equal(cluster.errors, [])
})

test('a job has failed when more of its pods have than may', async () => {
  const cluster = await startCluster()
  cluster.registry.create(jobs, job(['false'], { backoffLimit: 0 }))
  const { reason, message } = await is(cluster, 'Failed')
  assert.equal([reason, message], ['BackoffLimitExceeded', 'Job has reached the specified backoff limit'])
})

test('pods that are ended when the time of their job is over have failed', async () => {
  const cluster = await startCluster()
  cluster.registry.create(jobs, job(['sleep', '1000'], { activeDeadlineSeconds: 1, parallelism: 2, completions: 2 }))
  const { reason } = await is(cluster, 'Failed')
  assert.equal([reason, found(cluster).status.failed], ['DeadlineExceeded', 2])
})

test('a policy fails a job at once, and says so before', async () => {
  const cluster = await startCluster()
  const rules = [{ action: 'FailJob', onExitCodes: { operator: 'In', values: [42] } }]
  cluster.registry.create(jobs, job(['sh', '-c', 'exit 42'], { podFailurePolicy: { rules } }))
  const { reason, message } = await is(cluster, 'Failed')
  const [pod] = pods(cluster)
  const why = `Container main for pod default/${pod?.metadata.name} failed with exit code 42 matching FailJob rule at index 0`
  assert.equal([reason, message], ['PodFailurePolicy', why])
  assert.equal(
    found(cluster).status.conditions.map(({ type }: { type: string }) => type),
    ['FailureTarget', 'Failed'],
  )
  assert.is(found(cluster).status.failed, 1)
})

test('what a policy ignores does not count', async () => {
  const cluster = await startCluster()
  const rules = [{ action: 'Ignore', onExitCodes: { operator: 'In', values: [5] } }]
  const spec = { podFailurePolicy: { rules }, backoffLimit: 0 }
  cluster.registry.create(jobs, job(['sh', '-c', 'exit 5'], spec))
  await cluster.until('the pod to be let go', () =>
    pods(cluster).some(({ metadata, status }) => status?.phase === 'Failed' && !metadata.finalizers?.length),
  )
  await cluster.settled()
  assert.equal([found(cluster).status.failed, found(cluster).status.conditions], [undefined, undefined])
})

/** What becomes of Jobs each of whose indexes may fail as often as they say. */
const perIndex: readonly [what: string, spec: object, reason: string, failedIndexes: string][] = [
  ['each has failed', { completions: 3, parallelism: 3, backoffLimitPerIndex: 0 }, 'FailedIndexes', '0-2'],
  [
    'too many have',
    { completions: 9, parallelism: 1, backoffLimitPerIndex: 0, maxFailedIndexes: 0 },
    'MaxFailedIndexesExceeded',
    '0',
  ],
]

for (const [what, spec, reason, failedIndexes] of perIndex)
  test(`a job whose indexes are counted one by one has failed when ${what}`, async () => {
    const cluster = await startCluster()
    cluster.registry.create(jobs, job(['false'], { completionMode: 'Indexed', ...spec }))
    const condition = await is(cluster, 'Failed')
    assert.equal([condition.reason, found(cluster).status.failedIndexes], [reason, failedIndexes])
  })

test('the pod that failed at an index stays until there is another, which knows of it', async () => {
  const cluster = await startCluster()
  const spec = { completions: 1, completionMode: 'Indexed', backoffLimitPerIndex: 1 }
  cluster.registry.create(jobs, job(['false'], spec))
  const failed = await cluster.until('a failure', () => pods(cluster).find(({ status }) => status?.phase === 'Failed'))
  await cluster.settled()
  const failuresBefore = 'batch.kubernetes.io/job-index-failure-count'
  assert.is(failed.metadata.annotations?.[failuresBefore], '0')
  assert.equal([found(cluster).status.failed, found(cluster).status.failedIndexes], [undefined, ''])
  assert.is(pods(cluster)[0]?.metadata.finalizers?.length, 1)
})

test('indexed pods each have their number', async () => {
  const cluster = await startCluster()
  cluster.registry.create(jobs, job(['true'], { completions: 2, parallelism: 1, completionMode: 'Indexed' }))
  await is(cluster, 'Complete')
  assert.is(found(cluster).status.completedIndexes, '0,1')
  assert.equal(
    pods(cluster)
      .map(({ spec }) => spec.hostname)
      .sort(),
    ['once-0', 'once-1'],
  )
})

test('a job that is suspended ends its pods, and goes on when it is not', async () => {
  const cluster = await startCluster()
  cluster.registry.create(jobs, job(['sleep', '1000']))
  await cluster.until('a pod', () => found(cluster).status?.ready === 1)
  cluster.registry.update(jobs, { ...found(cluster), spec: { ...found(cluster).spec, suspend: true } })
  await is(cluster, 'Suspended')
  await cluster.until('no pods', () => pods(cluster).length === 0)
  assert.ok(found(cluster).status.startTime)
  cluster.registry.update(jobs, { ...found(cluster), spec: { ...found(cluster).spec, suspend: false } })
  await cluster.until('a pod again', () => found(cluster).status?.ready === 1)
})

test('a job that is created suspended has not begun', async () => {
  const cluster = await startCluster()
  cluster.registry.create(jobs, job(['true'], { suspend: true }))
  await is(cluster, 'Suspended')
  assert.is(found(cluster).status.startTime, undefined)
})

test('pods do not outlive their job, nor a job its time', async () => {
  const cluster = await startCluster()
  cluster.registry.create(jobs, job(['true'], { ttlSecondsAfterFinished: 0 }))
  await cluster.until('nothing left', () => !cluster.store.get(jobs, 'once', 'default') && pods(cluster).length === 0)
})

test.run()
