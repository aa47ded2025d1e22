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

test.run()
