import * as assert from 'uvu/assert'
import { immediate } from '../../../lib/sandbox/controllers/pace.ts'
import { suite } from '../../support/suite.ts'
import { deployment, service, startCluster, stopClusters } from './cluster.ts'

const test = suite('namespaces')
test.after.each(stopClusters)

test('a new namespace is given a service account and the cluster authority, and again when they are deleted or changed', async () => {
  const cluster = await startCluster()
  await cluster.namespace('shop')
  const authority = () => cluster.store.get('configmaps', 'kube-root-ca.crt', 'shop')
  assert.is(authority()?.data['ca.crt'], 'cluster authority')
  cluster.registry.delete('configmaps', 'kube-root-ca.crt', 'shop', {})
  const again = await cluster.until('it again', authority)
  cluster.registry.update('configmaps', { ...again, data: { 'ca.crt': 'mine' } })
  await cluster.until('the cluster authority', () => authority()?.data['ca.crt'] === 'cluster authority')
})

test('a namespace that ends has what is in it for a while, and takes nothing new', async () => {
  const cluster = await startCluster({ pace: { ...immediate, empty: 60_000 } })
  await cluster.namespace('shop')
  cluster.registry.delete('namespaces', 'shop', undefined, {})
  await cluster.settled()
  assert.is(cluster.store.get('namespaces', 'shop')?.status.phase, 'Terminating')
  assert.ok(cluster.store.get('serviceaccounts', 'default', 'shop'))
  const late = { ...service('web', {}), metadata: { name: 'web', namespace: 'shop' } }
  assert.throws(() => cluster.registry.create('services', late), /because it is being terminated/)
})

test('a namespace that ends can be labelled, and ends no sooner', async () => {
  const cluster = await startCluster({ pace: { ...immediate, empty: 60_000 } })
  await cluster.namespace('shop')
  const { object } = cluster.registry.delete('namespaces', 'shop', undefined, {})
  await cluster.settled()
  cluster.registry.update('namespaces', { ...object, metadata: { ...object.metadata, labels: { still: 'here' } } })
  await cluster.settled()
  assert.is(cluster.store.get('namespaces', 'shop')?.metadata.labels?.still, 'here')
})

test('a namespace ends with all that is in it', async () => {
  const cluster = await startCluster()
  await cluster.namespace('shop')
  const there = (object: ReturnType<typeof deployment>) => ({
    ...object,
    metadata: { ...object.metadata, namespace: 'shop' },
  })
  cluster.registry.create('deployments.apps', there(deployment('web')))
  cluster.registry.create('services', there(service('web', { app: 'web' })))
  await cluster.until('a pod', () =>
    cluster.store.list('pods', 'shop').some(({ status }) => status.phase === 'Running'),
  )
  const { isWaiting, object } = cluster.registry.delete('namespaces', 'shop', undefined, {})
  assert.ok(isWaiting)
  assert.is(object.status.phase, 'Terminating')
  await cluster.until('its end', () => !cluster.store.get('namespaces', 'shop'))
  const left = cluster.store.resources.flatMap((resource) => cluster.store.list(resource, 'shop'))
  assert.equal(
    left.map(({ kind, metadata }) => `${kind} ${metadata.name}`),
    [],
  )
  await cluster.settled()
  assert.equal(cluster.errors, [])
})

test('nothing new can be made in a namespace that ends', async () => {
  const cluster = await startCluster()
  await cluster.namespace('shop')
  cluster.registry.create('configmaps', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'held', namespace: 'shop', finalizers: ['example.com/wait'] },
  })
  cluster.registry.delete('namespaces', 'shop', undefined, {})
  await cluster.settled()
  assert.throws(
    () => cluster.registry.create('services', { ...service('web', {}), metadata: { name: 'web', namespace: 'shop' } }),
    /because it is being terminated/,
  )
  const held = cluster.store.get('configmaps', 'held', 'shop')
  assert.ok(held?.metadata.deletionTimestamp)
  cluster.registry.update('configmaps', { ...held, metadata: { ...held.metadata, finalizers: [] } } as typeof held)
  await cluster.until('its end', () => !cluster.store.get('namespaces', 'shop'))
})

test.run()
