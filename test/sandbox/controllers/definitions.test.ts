import * as assert from 'uvu/assert'
import { suite } from '../../support/suite.ts'
import { startCluster, stopClusters, type TestCluster } from './cluster.ts'

const test = suite('definitions')
test.after.each(stopClusters)

const resource = 'customresourcedefinitions.apiextensions.k8s.io'
const cakes = 'cakes.example.com'
const names = { plural: 'cakes', singular: 'cake', kind: 'Cake', listKind: 'CakeList' }
const schema = { openAPIV3Schema: { type: 'object' } }

function define({ registry }: TestCluster, finalizers: string[] = []): void {
  registry.create(resource, {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: cakes, finalizers },
    spec: {
      group: 'example.com',
      names,
      scope: 'Namespaced',
      versions: [
        { name: 'v1', served: true, storage: true, schema },
        { name: 'v1beta1', served: true, storage: false, schema },
      ],
    },
  })
}

function bake({ registry }: TestCluster, name: string, finalizers: string[] = []): void {
  const metadata = { name, namespace: 'default', ...(finalizers.length > 0 ? { finalizers } : {}) }
  registry.create(cakes, { apiVersion: 'example.com/v1', kind: 'Cake', metadata })
}

function states({ store }: TestCluster): string[] {
  const { conditions } = store.get(resource, cakes)?.status ?? {}
  return (conditions ?? []).map(
    ({ type, status, reason }: { type: string; status: string; reason: string }) => `${type}=${status} ${reason}`,
  )
}

test('a definition is established, with the names and versions that it asks for', async () => {
  const cluster = await startCluster()
  define(cluster)
  const found = await cluster.until('Established', () => {
    const definition = cluster.store.get(resource, cakes)
    return definition?.status?.conditions?.length === 2 && definition
  })
  assert.equal(found.status.acceptedNames, names)
  assert.equal(found.status.storedVersions, ['v1'])
  assert.equal(
    found.status.conditions.map(({ type, status }: { type: string; status: string }) => `${type}=${status}`),
    ['NamesAccepted=True', 'Established=True'],
  )
})

test('one that is to go waits for the last of its objects', async () => {
  const cluster = await startCluster()
  define(cluster)
  await cluster.settled()
  bake(cluster, 'free')
  bake(cluster, 'held', ['example.com/hold'])
  cluster.registry.delete(resource, cakes, undefined, {})
  await cluster.settled()
  assert.equal(states(cluster), [
    'NamesAccepted=True NoConflicts',
    'Established=True InitialNamesAccepted',
    'Terminating=True InstanceDeletionInProgress',
  ])
  assert.is(cluster.store.get(cakes, 'free', 'default'), undefined)
  const held = cluster.registry.get(cakes, 'held', 'default')
  assert.ok(held.metadata.deletionTimestamp)
  assert.is(held.metadata.generation, 2)
  const { finalizers: _finalizers, ...metadata } = held.metadata
  cluster.registry.update(cakes, { ...held, metadata })
  await cluster.settled()
  assert.is(cluster.store.get(resource, cakes), undefined)
  assert.is(cluster.registry.kinds.get(cakes), undefined)
  assert.equal(cluster.errors, [])
})

test('one without objects goes at once', async () => {
  const cluster = await startCluster()
  define(cluster)
  await cluster.settled()
  const { object, isWaiting } = cluster.registry.delete(resource, cakes, undefined, {})
  assert.is(isWaiting, true)
  assert.equal(object.metadata.finalizers, ['customresourcecleanup.apiextensions.k8s.io'])
  assert.is(object.status.conditions.at(-1).reason, 'InstanceDeletionPending')
  await cluster.settled()
  assert.is(cluster.store.get(resource, cakes), undefined)
})

test('one that others hold says that its objects have gone, and takes new ones', async () => {
  const cluster = await startCluster()
  define(cluster, ['example.com/own'])
  await cluster.settled()
  bake(cluster, 'a')
  cluster.registry.delete(resource, cakes, undefined, {})
  await cluster.settled()
  assert.equal(cluster.registry.get(resource, cakes).metadata.finalizers, ['example.com/own'])
  assert.is(states(cluster).at(-1), 'Terminating=False InstanceDeletionCompleted')
  assert.is(cluster.store.count(cakes), 0)
  bake(cluster, 'b')
  assert.is(cluster.store.count(cakes), 1)
})

test.run()
