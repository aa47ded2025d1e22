/** What a namespace's ResourceQuotas and LimitRanges let in. */
import * as assert from 'uvu/assert'
import type { KubeObject } from '../../../lib/sandbox/objects.ts'
import { suite } from '../../support/suite.ts'
import { startCluster, stopClusters, type TestCluster } from '../controllers/cluster.ts'

const test = suite('quotas')
test.after.each(stopClusters)

async function withQuota(hard: Record<string, string>, spec: object = {}): Promise<TestCluster> {
  const cluster = await startCluster()
  await cluster.namespace('n')
  cluster.registry.create('resourcequotas', object('ResourceQuota', 'q', { spec: { hard, ...spec } }))
  await cluster.until('a status', () => cluster.store.get('resourcequotas', 'q', 'n')?.status?.used)
  return cluster
}

function object(kind: string, name: string, rest: object = {}): KubeObject {
  return { apiVersion: 'v1', kind, metadata: { name, namespace: 'n' }, ...rest }
}

const pod = (name: string, resources?: object) =>
  object('Pod', name, { spec: { containers: [{ name: 'main', image: 'nginx', ...(resources ? { resources } : {}) }] } })

const used = ({ store }: TestCluster) => store.get('resourcequotas', 'q', 'n')?.status.used

const refused: readonly [hard: Record<string, string>, first: KubeObject, next: KubeObject, why: string][] = [
  [{ pods: '1' }, pod('a'), pod('b'), 'exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1'],
  [
    { 'requests.cpu': '1' },
    pod('a', { requests: { cpu: '700m' } }),
    pod('b', { requests: { cpu: '400m' } }),
    'exceeded quota: q, requested: requests.cpu=400m, used: requests.cpu=700m, limited: requests.cpu=1',
  ],
  [
    { 'limits.memory': '1Gi', 'requests.cpu': '1' },
    pod('a', { requests: { cpu: '1m' }, limits: { memory: '1Mi' } }),
    pod('b'),
    'failed quota: q: must specify limits.memory for: main; requests.cpu for: main',
  ],
]
for (const [hard, first, next, why] of refused)
  test(`a pod is refused: ${why}`, async () => {
    const cluster = await withQuota(hard)
    cluster.registry.create('pods', first)
    assert.throws(
      () => cluster.registry.create('pods', next),
      ({ code, message }: { code: number; message: string }) =>
        code === 403 && message === `pods "b" is forbidden: ${why}`,
    )
  })

test('what has gone is not used any more', async () => {
  const cluster = await withQuota({ 'count/configmaps': '5', configmaps: '5' })
  await cluster.until('the gift counted', () => used(cluster).configmaps === '1')
  cluster.registry.create('configmaps', object('ConfigMap', 'c'))
  await cluster.until('two', () => used(cluster)['count/configmaps'] === '2')
  cluster.registry.delete('configmaps', 'c', 'n', {})
  await cluster.until('one', () => used(cluster).configmaps === '1')
})

test('a quota with a scope is about the pods of that scope alone', async () => {
  const cluster = await withQuota({ pods: '0' }, { scopes: ['BestEffort'] })
  cluster.registry.create('pods', pod('a', { requests: { cpu: '1m' } }))
  assert.throws(() => cluster.registry.create('pods', pod('b')), /exceeded quota/)
})

test('containers get the limits that the namespace gives, and may not ask for more', async () => {
  const cluster = await startCluster()
  await cluster.namespace('n')
  const limits = [
    { type: 'Container', default: { cpu: '200m' }, defaultRequest: { cpu: '100m' }, max: { cpu: '500m' } },
  ]
  cluster.registry.create('limitranges', object('LimitRange', 'l', { spec: { limits } }))
  const { metadata, spec } = cluster.registry.create('pods', pod('a'))
  assert.equal(spec.containers[0].resources, { requests: { cpu: '100m' }, limits: { cpu: '200m' } })
  assert.is(
    metadata.annotations?.['kubernetes.io/limit-ranger'],
    'LimitRanger plugin set: cpu request for container main; cpu limit for container main',
  )
  assert.throws(
    () => cluster.registry.create('pods', pod('b', { limits: { cpu: '1' } })),
    ({ message }: { message: string }) =>
      message === 'pods "b" is forbidden: maximum cpu usage per Container is 500m, but limit is 1',
  )
})

test.run()
