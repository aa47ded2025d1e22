import * as assert from 'uvu/assert'
import type { KubeObject } from '../../../../lib/sandbox/objects.ts'
import { suite } from '../../../support/suite.ts'
import { startCluster, stopClusters, type TestCluster } from '../cluster.ts'

const test = suite('cron jobs')
test.after.each(stopClusters)

const jobs = 'jobs.batch'
const cronJobs = 'cronjobs.batch'

function cronJob(command: string[], spec: object = {}): KubeObject {
  const containers = [{ name: 'main', image: 'busybox', command }]
  const template = { spec: { restartPolicy: 'Never', containers } }
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'tick', namespace: 'default' },
    spec: { schedule: '* * * * *', jobTemplate: { spec: { template } }, ...spec },
  }
}

/** As if it had been made some minutes ago. */
function made({ registry, store }: TestCluster, minutes: number, ...of: Parameters<typeof cronJob>): KubeObject {
  const { metadata, ...rest } = registry.create(cronJobs, { ...cronJob(...of) })
  const creationTimestamp = new Date(Date.now() - minutes * 60_000).toISOString()
  return store.update(cronJobs, { ...rest, metadata: { ...metadata, creationTimestamp } } as KubeObject)
}

const found = ({ store }: TestCluster) => store.get(cronJobs, 'tick', 'default') as KubeObject

test('a job is made at the last time of the schedule that has come', async () => {
  const cluster = await startCluster()
  // A minute that has just gone by comes again in an hour, whatever the clock does meanwhile.
  const lastMinute = new Date(Date.now() - 60_000).getUTCMinutes()
  made(cluster, 3, ['sleep', '1000'], { schedule: `${lastMinute} * * * *` })
  const [job] = await cluster.until('a job', () => {
    const all = cluster.store.list(jobs, 'default')
    return all.length > 0 && all
  })
  await cluster.settled()
  assert.is(cluster.store.list(jobs, 'default').length, 1)
  assert.match(job?.metadata.name ?? '', /^tick-\d+$/)
  assert.equal(
    found(cluster).status.active.map(({ name }: { name: string }) => name),
    [job?.metadata.name],
  )
  assert.equal(cluster.events('tick'), [`Normal SuccessfulCreate: Created job ${job?.metadata.name}`])
  assert.equal(cluster.errors, [])
})

test('a job that is over is active no more', async () => {
  const cluster = await startCluster()
  made(cluster, 2, ['true'])
  await cluster.until('a success', () => found(cluster).status?.lastSuccessfulTime)
  assert.is(found(cluster).status.active, undefined)
  assert.match(cluster.events('tick').at(-1) ?? '', /SawCompletedJob: Saw completed job: tick-\d+, status: Complete$/)
})

test('a cron job that is suspended makes none', async () => {
  const cluster = await startCluster()
  made(cluster, 2, ['true'], { suspend: true })
  await cluster.settled()
  assert.is(cluster.store.list(jobs, 'default').length, 0)
})

test('a schedule that never comes is said to be invalid', async () => {
  const cluster = await startCluster()
  made(cluster, 2, ['true'], { schedule: '0 0 31 2 *' })
  await cluster.settled()
  const why = 'invalid schedule: 0 0 31 2 * : time difference between two schedules is less than 1 second'
  assert.equal(cluster.events('tick'), [`Warning InvalidSchedule: ${why}`])
})

test('what a schedule has missed for too long is not made up for', async () => {
  const cluster = await startCluster()
  const halfAnHourAgo = new Date(Date.now() - 30 * 60_000).getUTCMinutes()
  made(cluster, 50, ['true'], { schedule: `${halfAnHourAgo} * * * *`, startingDeadlineSeconds: 60 })
  await cluster.settled()
  assert.is(cluster.store.list(jobs, 'default').length, 0)
})

test('many missed times are said to be many, and the last is made up for', async () => {
  const cluster = await startCluster()
  made(cluster, 200, ['sleep', '1000'])
  await cluster.until('a job', () => cluster.store.list(jobs, 'default').length > 0)
  await cluster.settled()
  const advice = 'Set or decrease .spec.startingDeadlineSeconds or check clock skew'
  assert.is(cluster.events('tick')[0], `Warning TooManyMissedTimes: too many missed start times. ${advice}`)
})

test('a job of its own that it did not start is unexpected, and one that went missing is told of', async () => {
  const cluster = await startCluster()
  const owner = made(cluster, 0, ['true'], { schedule: '0 0 1 1 *', suspend: true })
  const { apiVersion, kind, metadata } = owner
  const { name, uid = '' } = metadata
  cluster.registry.create(jobs, {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: 'by-hand',
      namespace: 'default',
      ownerReferences: [{ apiVersion, kind, name, uid, controller: true }],
    },
    spec: cronJob(['sleep', '1000']).spec.jobTemplate.spec,
  })
  await cluster.until('an event', () =>
    cluster
      .events('tick')
      .includes('Warning UnexpectedJob: Saw a job that the controller did not create or forgot: by-hand'),
  )
  const active = [{ apiVersion: 'batch/v1', kind: 'Job', name: 'gone', namespace: 'default', uid: 'u' }]
  cluster.store.update(cronJobs, { ...found(cluster), status: { active } })
  await cluster.until('nothing active', () => !found(cluster).status.active)
  assert.ok(cluster.events('tick').includes('Normal MissingJob: Active job went missing: gone'))
})

test('a job that may not be made is told of', async () => {
  const cluster = await startCluster()
  const quota = { hard: { 'count/jobs.batch': '0' } }
  const metadata = { name: 'none', namespace: 'default' }
  cluster.registry.create('resourcequotas', { apiVersion: 'v1', kind: 'ResourceQuota', metadata, spec: quota })
  await cluster.until('the quota', () => cluster.store.get('resourcequotas', 'none', 'default')?.status?.hard)
  made(cluster, 2, ['true'])
  const refused = /^Warning FailedCreate: Error creating job: jobs.batch "tick-\d+" is forbidden: exceeded quota: none/
  await cluster.until('an event', () => cluster.events('tick').some((event) => refused.test(event)))
})

test.run()
