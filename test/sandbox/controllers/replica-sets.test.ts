import * as assert from 'uvu/assert'
import { immediate } from '../../../lib/sandbox/controllers/pace.ts'
import type { KubeObject } from '../../../lib/sandbox/objects.ts'
import { suite } from '../../support/suite.ts'
import { deployment, pod, startCluster, stopClusters, type TestCluster } from './cluster.ts'

const test = suite('replica sets')
test.after.each(stopClusters)

const ready = ({ store, until }: TestCluster, count: number) =>
  until(`${count} ready`, () => {
    const [replicaSet] = store.list('replicasets.apps', 'default')
    return replicaSet?.status?.readyReplicas === count && replicaSet
  })

test('a pod that was deleted is made anew', async () => {
  const cluster = await startCluster()
  cluster.registry.create('deployments.apps', deployment('web', { replicas: 2 }))
  await ready(cluster, 2)
  const [first] = cluster.store.list('pods', 'default') as [KubeObject]
  cluster.registry.delete('pods', first.metadata.name, 'default', {})
  await cluster.until('a new pod', () => {
    const names = cluster.store.list('pods', 'default').map(({ metadata }) => metadata.name)
    return names.length === 2 && !names.includes(first.metadata.name)
  })
})

test('without its service account no pod can be made: the replica set and its deployment say why', async () => {
  const cluster = await startCluster()
  cluster.registry.create('deployments.apps', deployment('web', {}, { serviceAccountName: 'nobody' }))
  const failed = await cluster.until('the failure', () => {
    const found = cluster.store.get('deployments.apps', 'web', 'default')
    return found?.status.conditions?.find(({ type }: { type: string }) => type === 'ReplicaFailure')
  })
  assert.is(failed.reason, 'FailedCreate')
  const [replicaSet] = cluster.store.list('replicasets.apps', 'default') as [KubeObject]
  const { name } = replicaSet.metadata
  const message = `pods "${name}-" is forbidden: error looking up service account default/nobody: serviceaccount "nobody" not found`
  assert.is(failed.message, message)
  assert.equal(cluster.events(name), [`Warning FailedCreate: Error creating: ${message}`])
})

test('a pod that could not be made is tried again, later each time, until it can', async () => {
  const cluster = await startCluster()
  cluster.registry.create('deployments.apps', deployment('web', {}, { serviceAccountName: 'nobody' }))
  const tries = () => cluster.store.list('events').find(({ reason }) => reason === 'FailedCreate')?.count ?? 0
  await cluster.until('the third try', () => tries() >= 3)
  const before = tries()
  await new Promise((resolve) => setTimeout(resolve, 100))
  // Of pauses that double from 5 ms so few fit into that time.
  assert.ok(tries() - before <= 5, `${tries() - before} tries`)
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'nobody', namespace: 'default' } }
  cluster.registry.create('serviceaccounts', account)
  await ready(cluster, 1)
})

test('a pod that loses its label is released, and another is made in its place', async () => {
  const cluster = await startCluster()
  cluster.registry.create('deployments.apps', deployment('web'))
  await ready(cluster, 1)
  const [first] = cluster.store.list('pods', 'default') as [KubeObject]
  cluster.registry.update('pods', { ...first, metadata: { ...first.metadata, labels: { app: 'other' } } })
  await cluster.until('two pods', () => cluster.store.list('pods', 'default').length === 2)
  await cluster.until(
    'release',
    () => !cluster.store.get('pods', first.metadata.name, 'default')?.metadata.ownerReferences?.length,
  )
})

test('a pod of nobody with the right labels is adopted', async () => {
  const cluster = await startCluster()
  cluster.registry.create('deployments.apps', deployment('web'))
  const replicaSet = await ready(cluster, 1)
  const labels = replicaSet.spec.selector.matchLabels
  cluster.registry.create('pods', pod('stray', {}, { labels }))
  await cluster.until('one pod', () => cluster.store.list('pods', 'default').length === 1)
})

test('pods that are given no time to end are gone at once', async () => {
  const cluster = await startCluster({ pace: { ...immediate, stop: 60_000 } })
  cluster.registry.create('deployments.apps', deployment('web', { replicas: 2 }, { terminationGracePeriodSeconds: 0 }))
  await ready(cluster, 2)
  const web = cluster.registry.get('deployments.apps', 'web', 'default')
  cluster.registry.update('deployments.apps', { ...web, spec: { ...web.spec, replicas: 0 } })
  await cluster.until('none left', () => cluster.store.list('pods', 'default').length === 0)
  assert.equal(cluster.errors, [])
})

test('scaled down, the pods that are least needed go first', async () => {
  const cluster = await startCluster()
  cluster.registry.create('deployments.apps', deployment('web', { replicas: 3 }))
  const replicaSet = await ready(cluster, 3)
  const [, precious] = cluster.store.list('pods', 'default') as [KubeObject, KubeObject, KubeObject]
  const annotations = { 'controller.kubernetes.io/pod-deletion-cost': '100' }
  cluster.registry.update('pods', { ...precious, metadata: { ...precious.metadata, annotations } })
  const current = cluster.store.get('deployments.apps', 'web', 'default') as KubeObject
  cluster.registry.update('deployments.apps', { ...current, spec: { ...current.spec, replicas: 1 } })
  await cluster.until('one pod', () => cluster.store.list('pods', 'default').length === 1)
  assert.equal(
    cluster.store.list('pods', 'default').map(({ metadata }) => metadata.name),
    [precious.metadata.name],
  )
  assert.ok(
    cluster.events(replicaSet.metadata.name).some((event) => event.startsWith('Normal SuccessfulDelete: Deleted pod:')),
  )
})

test('whoever watches sees first that a change is known, then what comes of it, as of a real controller', async () => {
  const cluster = await startCluster()
  cluster.registry.create('deployments.apps', deployment('web'))
  const seen: string[] = []
  cluster.store.watch(({ resource, object: { metadata, spec, status } }) => {
    if (resource !== 'replicasets.apps') return
    seen.push(`${metadata.generation} ${status?.observedGeneration}: ${spec.replicas} ${status?.replicas}`)
  })
  await cluster.settled()
  seen.length = 0
  cluster.registry.update('deployments.apps', deployment('web', { replicas: 2 }))
  await cluster.until('both pods', () => seen.at(-1)?.endsWith(': 2 2'))
  assert.equal([...new Set(seen)], ['2 1: 2 1', '2 2: 2 1', '2 2: 2 2'])
})

test.run()
