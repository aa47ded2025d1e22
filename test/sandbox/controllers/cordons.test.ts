import * as assert from 'uvu/assert'
import { suite } from '../../support/suite.ts'
import { startCluster, stopClusters, type TestCluster } from './cluster.ts'

const test = suite('cordons')
test.after.each(stopClusters)

const closed = { key: 'shop', value: 'closed', effect: 'NoSchedule' }

async function change(cluster: TestCluster, spec: object): Promise<object[] | undefined> {
  const [node] = cluster.store.list('nodes')
  assert.ok(node)
  cluster.registry.update('nodes', { ...node, spec: { ...node.spec, ...spec } })
  await cluster.settled()
  return cluster.store
    .get('nodes', node.metadata.name)
    ?.spec.taints?.map(({ timeAdded: _time, ...taint }: { timeAdded?: string }) => taint)
}

test('a cordoned node is marked beside its other taints, until it is cordoned no more', async () => {
  const cluster = await startCluster()
  const mark = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }
  assert.equal(await change(cluster, { unschedulable: true, taints: [closed] }), [closed, mark])
  assert.equal(await change(cluster, { taints: [closed] }), [closed, mark])
  assert.equal(await change(cluster, { unschedulable: undefined }), [closed])
  assert.equal(cluster.errors, [])
})

test('the mark alone leaves no empty list behind', async () => {
  const cluster = await startCluster()
  await change(cluster, { unschedulable: true })
  assert.is(await change(cluster, { unschedulable: false }), undefined)
})

test.run()
