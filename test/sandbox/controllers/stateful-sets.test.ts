import * as assert from 'uvu/assert'
import type { KubeObject } from '../../../lib/sandbox/objects.ts'
import { suite } from '../../support/suite.ts'
import { startCluster, stopClusters, type TestCluster } from './cluster.ts'

const test = suite('stateful sets')
test.after.each(stopClusters)

// biome-ignore lint/suspicious/noExplicitAny: parts of objects are known by their schema
type Part = any

const sets = 'statefulsets.apps'
const labels = { app: 'db' }

function statefulSet(spec: Part = {}): KubeObject {
  const containers = [{ name: 'db', image: 'nginx:1.25' }]
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'db', namespace: 'default' },
    spec: {
      serviceName: 'db',
      replicas: 3,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers } },
      ...spec,
    },
  }
}

const set = ({ store }: TestCluster) => store.get(sets, 'db', 'default') as KubeObject
const names = ({ store }: TestCluster) => store.list('pods', 'default').map(({ metadata }) => metadata.name)
const ready = (cluster: TestCluster, count: number) =>
  cluster.until(`${count} ready`, () => {
    const { replicas, readyReplicas = 0, updatedReplicas = 0 } = set(cluster).status ?? {}
    return replicas === count && readyReplicas === count && updatedReplicas === count
  })
const change = (cluster: TestCluster, spec: Part) =>
  cluster.registry.update(sets, { ...set(cluster), spec: { ...set(cluster).spec, ...spec } })

test('pods are numbered, and come one after the other', async () => {
  const cluster = await startCluster()
  cluster.registry.create(sets, statefulSet())
  await ready(cluster, 3)
  assert.equal(names(cluster), ['db-0', 'db-1', 'db-2'])
  const [pod] = cluster.store.list('pods', 'default') as [KubeObject]
  assert.equal([pod.spec.hostname, pod.spec.subdomain], ['db-0', 'db'])
  assert.is(pod.metadata.labels?.['statefulset.kubernetes.io/pod-name'], 'db-0')
  assert.equal(
    cluster.events('db'),
    [0, 1, 2].map((at) => `Normal SuccessfulCreate: create Pod db-${at} in StatefulSet db successful`),
  )
  assert.equal(cluster.errors, [])
})

test('the status tells each step, in the order of a real controller', async () => {
  const cluster = await startCluster()
  const seen: string[] = []
  cluster.store.watch(({ resource, object: { status } }) => {
    if (resource !== sets || !status) return
    const { replicas, readyReplicas = 0, currentReplicas = 0, updatedReplicas = 0 } = status
    seen.push([replicas, readyReplicas, currentReplicas, updatedReplicas].join(' '))
  })
  const steps = () => seen.splice(0).filter((step, index, all) => step !== all[index - 1])
  cluster.registry.create(sets, statefulSet({ replicas: 2 }))
  await ready(cluster, 2)
  const before = set(cluster).status.currentRevision
  assert.equal(steps().slice(-4), ['1 0 1 1', '1 1 1 1', '2 1 2 2', '2 2 2 2'])
  change(cluster, { template: { metadata: { labels }, spec: { containers: [{ name: 'db', image: 'nginx:1.26' }] } } })
  await cluster.until('both anew', () => set(cluster).status.currentRevision !== before)
  const update = ['2 2 1 0', '1 1 1 0', '2 1 1 1', '2 2 0 1', '1 1 0 1', '2 1 0 2', '2 2 2 2']
  assert.equal(steps().slice(1), update)
  change(cluster, { replicas: 1 })
  await ready(cluster, 1)
  assert.equal(steps(), ['2 2 2 2', '2 1 1 1', '1 1 1 1'])
})

test('the highest go first when fewer are wanted', async () => {
  const cluster = await startCluster()
  cluster.registry.create(sets, statefulSet())
  await ready(cluster, 3)
  change(cluster, { replicas: 1 })
  await ready(cluster, 1)
  assert.equal(names(cluster), ['db-0'])
  assert.equal(
    cluster.events('db').slice(3),
    [2, 1].map((at) => `Normal SuccessfulDelete: delete Pod db-${at} in StatefulSet db successful`),
  )
})

test('a new template reaches the pods from the highest down to the partition', async () => {
  const cluster = await startCluster()
  cluster.registry.create(sets, statefulSet())
  await ready(cluster, 3)
  const template = structuredClone(set(cluster).spec.template)
  template.spec.containers[0].image = 'nginx:1.26'
  change(cluster, { template, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } } })
  await cluster.until('two updated', () => {
    const { updatedReplicas, readyReplicas } = set(cluster).status
    return updatedReplicas === 2 && readyReplicas === 3
  })
  await cluster.settled()
  const images = cluster.store.list('pods', 'default').map(({ spec }) => spec.containers[0].image)
  assert.equal(images, ['nginx:1.25', 'nginx:1.26', 'nginx:1.26'])
  const { currentRevision, updateRevision } = set(cluster).status
  assert.is.not(currentRevision, updateRevision)
  assert.is(cluster.store.list('controllerrevisions.apps', 'default').length, 2)
})

test('a set that takes the place of another takes over what that one has left behind', async () => {
  const cluster = await startCluster()
  cluster.registry.create(sets, statefulSet({ replicas: 1 }))
  await ready(cluster, 1)
  const [revision] = cluster.store.list('controllerrevisions.apps', 'default')
  cluster.registry.delete(sets, 'db', 'default', { propagationPolicy: 'Orphan' })
  await cluster.until('it is gone', () => !set(cluster))
  cluster.registry.create(sets, statefulSet({ replicas: 2 }))
  await ready(cluster, 2)
  const owners = cluster.store
    .list('controllerrevisions.apps', 'default')
    .map(({ metadata }) => [metadata.uid, metadata.ownerReferences?.[0]?.uid])
  assert.equal(owners, [[revision?.metadata.uid, set(cluster).metadata.uid]])
  assert.equal(cluster.errors, [])
})

test('each pod has claims of its own', async () => {
  const cluster = await startCluster()
  const claim = {
    metadata: { name: 'data' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  }
  cluster.registry.create(sets, statefulSet({ replicas: 1, volumeClaimTemplates: [claim] }))
  const pod = await cluster.until('a pod', () => cluster.store.get('pods', 'db-0', 'default'))
  assert.equal(pod.spec.volumes[0], { name: 'data', persistentVolumeClaim: { claimName: 'data-db-0' } })
  assert.equal(cluster.store.get('persistentvolumeclaims', 'data-db-0', 'default')?.metadata.labels, labels)
})

test.run()
