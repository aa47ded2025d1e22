import * as assert from 'uvu/assert'
import { immediate } from '../../../lib/sandbox/controllers/pace.ts'
import type { KubeObject } from '../../../lib/sandbox/objects.ts'
import { suite } from '../../support/suite.ts'
import { deployment, startCluster, stopClusters, type TestCluster } from './cluster.ts'

const test = suite('deployments')
test.after.each(stopClusters)

const deployments = 'deployments.apps'
const replicaSets = 'replicasets.apps'

const condition = (object: KubeObject, type: string) =>
  object.status?.conditions?.find((candidate: { type: string }) => candidate.type === type)

const isRolledOut = ({ store }: TestCluster, name: string) => {
  const found = store.get(deployments, name, 'default')
  if (!found) return undefined
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0, observedGeneration } = found.status
  const wanted = found.spec.replicas
  return observedGeneration === found.metadata.generation &&
    [replicas, updatedReplicas, availableReplicas].every((count) => count === wanted)
    ? found
    : undefined
}
const rolledOut = (cluster: TestCluster, name: string) =>
  cluster.until(`${name} rolled out`, () => isRolledOut(cluster, name))

const change = ({ registry, store }: TestCluster, name: string, edit: (copy: KubeObject) => void) => {
  const copy = structuredClone(store.get(deployments, name, 'default') as KubeObject)
  edit(copy)
  return registry.update(deployments, copy)
}
const setImage = (cluster: TestCluster, name: string, image: string) =>
  change(cluster, name, ({ spec }) => {
    spec.template.spec.containers[0].image = image
  })

test('a deployment makes a replica set, which makes its pods, all under the names Kubernetes gives', async () => {
  const cluster = await startCluster()
  cluster.registry.create(deployments, deployment('web', { replicas: 2 }))
  const done = await rolledOut(cluster, 'web')
  const [replicaSet] = cluster.store.list(replicaSets, 'default') as [KubeObject]
  const hash = replicaSet.metadata.labels?.['pod-template-hash'] as string
  assert.is(replicaSet.metadata.name, `web-${hash}`)
  assert.equal(replicaSet.spec.selector.matchLabels, { app: 'web', 'pod-template-hash': hash })
  const pods = cluster.store.list('pods', 'default')
  assert.is(pods.length, 2)
  for (const pod of pods) {
    assert.match(pod.metadata.name, new RegExp(`^web-${hash}-[bcdfghjklmnpqrstvwxz2456789]{5}$`))
    assert.is(pod.metadata.generateName, `web-${hash}-`)
    assert.is(pod.metadata.ownerReferences?.[0]?.uid, replicaSet.metadata.uid)
    assert.is(pod.status.phase, 'Running')
  }
  assert.is(done.metadata.annotations?.['deployment.kubernetes.io/revision'], '1')
  assert.is(condition(done, 'Available').reason, 'MinimumReplicasAvailable')
  assert.is(condition(done, 'Progressing').message, `ReplicaSet "web-${hash}" has successfully progressed.`)
  assert.equal(cluster.events('web'), [`Normal ScalingReplicaSet: Scaled up replica set web-${hash} to 2`])
  assert.equal(cluster.errors, [])
})

const surges: [title: string, rollingUpdate: object, most: number, least: number][] = [
  ['by default a quarter more and none fewer of three', {}, 4, 3],
  ['with maxSurge 0 none more, one fewer', { maxSurge: 0, maxUnavailable: 1 }, 3, 2],
  ['with maxSurge 100 % all at once', { maxSurge: '100%', maxUnavailable: 0 }, 6, 3],
  ['with maxUnavailable 2 two fewer', { maxSurge: 0, maxUnavailable: 2 }, 3, 1],
]
for (const [title, rollingUpdate, most, least] of surges)
  test(`a rolling update keeps to its bounds: ${title}`, async () => {
    const cluster = await startCluster()
    cluster.registry.create(deployments, deployment('web', { replicas: 3, strategy: { rollingUpdate } }))
    await rolledOut(cluster, 'web')
    let [seenMost, seenLeast] = [0, 3]
    const unwatch = cluster.store.watch(() => {
      const pods = cluster.store.list('pods', 'default').filter(({ metadata }) => !metadata.deletionTimestamp)
      const isReady = (pod: KubeObject) => condition(pod, 'Ready')?.status === 'True'
      seenMost = Math.max(seenMost, pods.length)
      seenLeast = Math.min(seenLeast, pods.filter(isReady).length)
    })
    setImage(cluster, 'web', 'nginx:1.26')
    await rolledOut(cluster, 'web')
    unwatch()
    assert.is(seenMost, most)
    assert.is(seenLeast, least)
    const images = await cluster.until('only new pods', () => {
      const pods = cluster.store.list('pods', 'default')
      return pods.length === 3 && pods.map(({ spec }) => spec.containers[0].image)
    })
    assert.equal(new Set(images), new Set(['nginx:1.26']))
    const sizes = cluster.store.list(replicaSets, 'default').map(({ spec }) => spec.replicas)
    assert.equal(sizes.sort(), [0, 3])
  })

test('Recreate ends all old pods before it makes a new one', async () => {
  const cluster = await startCluster()
  cluster.registry.create(deployments, deployment('web', { replicas: 2, strategy: { type: 'Recreate' } }))
  await rolledOut(cluster, 'web')
  const mixtures: string[][] = []
  cluster.store.watch(() => {
    const pods = cluster.store.list('pods', 'default')
    mixtures.push([...new Set(pods.map(({ spec }) => spec.containers[0].image))])
  })
  setImage(cluster, 'web', 'nginx:1.26')
  await cluster.until('two new pods', () => {
    const pods = cluster.store.list('pods', 'default')
    return pods.length === 2 && pods.every(({ spec }) => spec.containers[0].image === 'nginx:1.26')
  })
  assert.equal(
    mixtures.filter((images) => images.length > 1),
    [],
  )
})

test('scaled to zero and back, it keeps its replica set', async () => {
  const cluster = await startCluster()
  cluster.registry.create(deployments, deployment('web', { replicas: 2 }))
  await rolledOut(cluster, 'web')
  change(cluster, 'web', ({ spec }) => {
    spec.replicas = 0
  })
  await cluster.until('no pods', () => cluster.store.list('pods', 'default').length === 0)
  await rolledOut(cluster, 'web')
  change(cluster, 'web', ({ spec }) => {
    spec.replicas = 3
  })
  const done = await rolledOut(cluster, 'web')
  assert.is(cluster.store.list(replicaSets, 'default').length, 1)
  assert.is(done.metadata.annotations?.['deployment.kubernetes.io/revision'], '1')
})

test('going back to an old template takes its replica set again, as the newest revision', async () => {
  const cluster = await startCluster()
  cluster.registry.create(deployments, deployment('web'))
  await rolledOut(cluster, 'web')
  const [first] = cluster.store.list(replicaSets, 'default') as [KubeObject]
  for (const image of ['nginx:1.26', 'nginx:1.25']) {
    setImage(cluster, 'web', image)
    await rolledOut(cluster, 'web')
  }
  await cluster.settled()
  const again = cluster.store.get(replicaSets, first.metadata.name, 'default') as KubeObject
  assert.is(cluster.store.list(replicaSets, 'default').length, 2)
  assert.is(again.spec.replicas, 1)
  assert.is(again.metadata.annotations?.['deployment.kubernetes.io/revision'], '3')
  assert.is(again.metadata.annotations?.['deployment.kubernetes.io/revision-history'], '1')
})

test('an old replica set beyond the history is removed', async () => {
  const cluster = await startCluster()
  cluster.registry.create(deployments, deployment('web', { revisionHistoryLimit: 1 }))
  await rolledOut(cluster, 'web')
  for (const image of ['nginx:1.26', 'nginx:1.27', 'nginx:1.28']) {
    setImage(cluster, 'web', image)
    await rolledOut(cluster, 'web')
  }
  await cluster.until('two replica sets', () => cluster.store.list(replicaSets, 'default').length === 2)
  // One that was gone back to is as young as its revision.
  setImage(cluster, 'web', 'nginx:1.27')
  await rolledOut(cluster, 'web')
  setImage(cluster, 'web', 'nginx:1.29')
  await rolledOut(cluster, 'web')
  const kept = () =>
    cluster.store.list(replicaSets, 'default').map(({ spec }) => spec.template.spec.containers[0].image)
  await cluster.until('two again', () => kept().length === 2)
  assert.equal(kept().sort(), ['nginx:1.27', 'nginx:1.29'])
})

test('a paused deployment is scaled but not rolled out until it goes on', async () => {
  const cluster = await startCluster()
  cluster.registry.create(deployments, deployment('web'))
  await rolledOut(cluster, 'web')
  change(cluster, 'web', ({ spec }) => {
    spec.paused = true
  })
  setImage(cluster, 'web', 'nginx:1.26')
  change(cluster, 'web', ({ spec }) => {
    spec.replicas = 2
  })
  await cluster.until('two pods', () => cluster.store.list('pods', 'default').length === 2)
  await cluster.settled()
  const paused = cluster.store.get(deployments, 'web', 'default') as KubeObject
  assert.is(condition(paused, 'Progressing').reason, 'DeploymentPaused')
  assert.is(cluster.store.list(replicaSets, 'default').length, 1)
  change(cluster, 'web', ({ spec }) => {
    spec.paused = false
  })
  await cluster.until('new pods', () => {
    const pods = cluster.store.list('pods', 'default')
    return pods.length === 2 && pods.every(({ spec }) => spec.containers[0].image === 'nginx:1.26')
  })
})

test('a rollout to an image that does not exist keeps the old pod, and says that it waits', async () => {
  const cluster = await startCluster()
  cluster.registry.create(deployments, deployment('web'))
  await rolledOut(cluster, 'web')
  setImage(cluster, 'web', 'example.com/nobody/nothing:1')
  const broken = await cluster.until('a pod without its image', () =>
    cluster.store
      .list('pods', 'default')
      .find(({ status }) => status.containerStatuses?.[0]?.state.waiting?.reason === 'ImagePullBackOff'),
  )
  assert.is(broken.status.phase, 'Pending')
  const running = cluster.store.list('pods', 'default').filter(({ status }) => status.phase === 'Running')
  assert.is(running.length, 1)
  const waiting = cluster.store.get(deployments, 'web', 'default') as KubeObject
  assert.is(condition(waiting, 'Available').status, 'True')
  assert.is(condition(waiting, 'Progressing').reason, 'ReplicaSetUpdated')
})

test('a rollout that does not get on in time says so', async () => {
  const cluster = await startCluster()
  cluster.registry.create(
    deployments,
    deployment(
      'web',
      { progressDeadlineSeconds: 1 },
      { containers: [{ name: 'web', image: 'example.com/nobody/nothing:1' }] },
    ),
  )
  const late = await cluster.until('the deadline', () => {
    const found = cluster.store.get(deployments, 'web', 'default')
    return found && condition(found, 'Progressing')?.reason === 'ProgressDeadlineExceeded' && found
  })
  assert.match(condition(late, 'Progressing').message, /^ReplicaSet "web-.*" has timed out progressing\.$/)
  assert.is(condition(late, 'Available').reason, 'MinimumReplicasUnavailable')
})

test('Recreate goes on as soon as the last old pod is gone, however long it takes', async () => {
  const cluster = await startCluster({ pace: { ...immediate, stop: 50 } })
  const { registry, store } = cluster
  registry.create('deployments.apps', deployment('web', { strategy: { type: 'Recreate' } }))
  const web = () => store.get('deployments.apps', 'web', 'default') as KubeObject
  await cluster.until('the first', () => web().status?.availableReplicas === 1)
  const { spec } = web()
  const containers = [{ ...spec.template.spec.containers[0], image: 'nginx:1.26' }]
  const template = { ...spec.template, spec: { ...spec.template.spec, containers } }
  const counts: number[] = []
  store.watch(() => counts.push(store.list('pods', 'default').length))
  registry.update('deployments.apps', { ...web(), spec: { ...spec, template } })
  await cluster.until('the second', () => {
    const { observedGeneration, availableReplicas, updatedReplicas } = web().status
    return observedGeneration === 2 && updatedReplicas === 1 && availableReplicas === 1
  })
  assert.is(Math.max(...counts), 1)
})

test('an annotation is a change that the controller takes note of, a label is none', async () => {
  const cluster = await startCluster()
  cluster.registry.create(deployments, deployment('web'))
  const { metadata } = await rolledOut(cluster, 'web')
  change(cluster, 'web', (copy) => Object.assign(copy.metadata, { labels: { ...copy.metadata.labels, note: 'b' } }))
  assert.is((await rolledOut(cluster, 'web')).metadata.generation, metadata.generation)
  change(cluster, 'web', (copy) => Object.assign(copy.metadata.annotations as object, { note: 'a' }))
  const noted = await rolledOut(cluster, 'web')
  assert.is(noted.metadata.generation, (metadata.generation ?? 0) + 1)
  assert.is(cluster.store.list(replicaSets, 'default')[0]?.metadata.annotations?.note, 'a')
})

test.run()
