import * as assert from 'uvu/assert'
import type { KubeObject } from '../../../lib/sandbox/objects.ts'
import { suite } from '../../support/suite.ts'
import { deployment, startCluster, stopClusters, type TestCluster } from './cluster.ts'

const test = suite('garbage')
test.after.each(stopClusters)

const owned = (name: string, ...owners: KubeObject[]): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {
    name,
    namespace: 'default',
    ownerReferences: owners.map(({ apiVersion, kind, metadata }) => ({
      apiVersion,
      kind,
      name: metadata.name,
      uid: metadata.uid as string,
    })),
  },
})
const get = ({ store }: TestCluster, name: string) => store.get('configmaps', name, 'default')

async function running(): Promise<TestCluster> {
  const cluster = await startCluster()
  cluster.registry.create('deployments.apps', deployment('web', { replicas: 2 }))
  await cluster.until(
    'two pods',
    () => cluster.store.get('deployments.apps', 'web', 'default')?.status.readyReplicas === 2,
  )
  return cluster
}
const left = ({ store }: TestCluster) =>
  ['deployments.apps', 'replicasets.apps', 'pods'].map((resource) => store.list(resource, 'default').length)

test('what belongs to an object goes after it', async () => {
  const cluster = await running()
  const { isWaiting } = cluster.registry.delete('deployments.apps', 'web', 'default', {
    propagationPolicy: 'Background',
  })
  assert.not(isWaiting)
  await cluster.until('nothing left', () => left(cluster).every((count) => count === 0))
})

test('deleted in the foreground, an object goes last', async () => {
  const cluster = await running()
  const order: string[] = []
  cluster.store.watch(({ type, resource }) => {
    if (type === 'DELETED' && ['deployments.apps', 'replicasets.apps', 'pods'].includes(resource)) order.push(resource)
  })
  cluster.registry.delete('deployments.apps', 'web', 'default', { propagationPolicy: 'Foreground' })
  await cluster.until('nothing left', () => left(cluster).every((count) => count === 0))
  assert.equal(order, ['pods', 'pods', 'replicasets.apps', 'deployments.apps'])
})

test('deleted as an orphan, it leaves what it owned behind', async () => {
  const cluster = await running()
  cluster.registry.delete('deployments.apps', 'web', 'default', { propagationPolicy: 'Orphan' })
  await cluster.until('it is gone', () => left(cluster)[0] === 0)
  await cluster.settled()
  assert.equal(left(cluster), [0, 1, 2])
  assert.equal(cluster.store.list('replicasets.apps', 'default')[0]?.metadata.ownerReferences ?? [], [])
})

test('with two owners an object stays until both are gone', async () => {
  const cluster = await startCluster()
  const [one, two] = ['one', 'two'].map((name) => cluster.registry.create('configmaps', owned(name))) as [
    KubeObject,
    KubeObject,
  ]
  cluster.registry.create('configmaps', owned('child', one, two))
  cluster.registry.delete('configmaps', 'one', 'default', {})
  await cluster.until('one owner', () => get(cluster, 'child')?.metadata.ownerReferences?.length === 1)
  cluster.registry.delete('configmaps', 'two', 'default', {})
  await cluster.until('its end', () => !get(cluster, 'child'))
})

test('of two owners the one that is deleted in the foreground leaves the object to the other', async () => {
  const cluster = await startCluster()
  const [one, two] = ['one', 'two'].map((name) => cluster.registry.create('configmaps', owned(name))) as [
    KubeObject,
    KubeObject,
  ]
  cluster.registry.create('configmaps', owned('child', one, two))
  cluster.registry.delete('configmaps', 'one', 'default', { propagationPolicy: 'Foreground' })
  await cluster.until('its end', () => !get(cluster, 'one'))
  await cluster.settled()
  assert.equal(
    get(cluster, 'child')?.metadata.ownerReferences?.map(({ name }) => name),
    ['two'],
  )
})

test('what names an owner of an unknown kind stays', async () => {
  const cluster = await startCluster()
  const thing = { apiVersion: 'no.such/v1', kind: 'Thing', metadata: { name: 'x', uid: 'never-seen' } }
  cluster.registry.create('configmaps', owned('child', thing))
  await cluster.settled()
  assert.ok(get(cluster, 'child'))
})

test('what names an owner that is not there goes', async () => {
  const cluster = await startCluster()
  const ghost = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'ghost', uid: 'never-seen' } }
  cluster.registry.create('configmaps', owned('child', ghost))
  await cluster.until('its end', () => !get(cluster, 'child'))
})

test.run()
