import * as assert from 'uvu/assert'
import type { KubeObject } from '../../../lib/sandbox/objects.ts'
import { suite } from '../../support/suite.ts'
import { startCluster, stopClusters, type TestCluster } from './cluster.ts'

const test = suite('daemon sets')
test.after.each(stopClusters)

// biome-ignore lint/suspicious/noExplicitAny: parts of objects are known by their schema
type Part = any

const sets = 'daemonsets.apps'
const labels = { app: 'agent' }

function daemonSet(template: Part = {}, spec: Part = {}): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'agent', namespace: 'default' },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'nginx:1.25' }], ...template } },
      ...spec,
    },
  }
}

const set = ({ store }: TestCluster) => store.get(sets, 'agent', 'default') as KubeObject
const pods = ({ store }: TestCluster) => store.list('pods', 'default')
const available = (cluster: TestCluster) =>
  cluster.until('one available', () => set(cluster).status?.numberAvailable === 1)

function restart(cluster: TestCluster): void {
  const changed = structuredClone(set(cluster))
  changed.spec.template.metadata.annotations = { again: 'yes' }
  cluster.registry.update(sets, changed)
}

test('the node has one pod of it', async () => {
  const cluster = await startCluster()
  cluster.registry.create(sets, daemonSet())
  await available(cluster)
  await cluster.settled()
  assert.is(pods(cluster).length, 1)
  assert.equal(set(cluster).status, {
    currentNumberScheduled: 1,
    numberMisscheduled: 0,
    desiredNumberScheduled: 1,
    numberReady: 1,
    observedGeneration: 1,
    updatedNumberScheduled: 1,
    numberAvailable: 1,
  })
  const [{ metadata }] = pods(cluster) as [KubeObject]
  assert.match(metadata.name, /^agent-\w{5}$/)
  assert.equal(cluster.events('agent'), [`Normal SuccessfulCreate: Created pod: ${metadata.name}`])
  assert.equal(cluster.errors, [])
})

test('what it asked for is kept in revisions, and what comes back is numbered anew', async () => {
  const cluster = await startCluster()
  cluster.registry.create(sets, daemonSet())
  await available(cluster)
  const first = set(cluster).spec.template
  restart(cluster)
  const revisions = () =>
    cluster.store.list('controllerrevisions.apps', 'default').map(({ metadata, data, revision }) => ({
      name: metadata.name,
      revision,
      again: data.spec.template.metadata.annotations?.again,
    }))
  await cluster.until('two revisions', () => revisions().length === 2)
  assert.is(set(cluster).metadata.annotations?.['deprecated.daemonset.template.generation'], '2')
  cluster.registry.update(sets, { ...set(cluster), spec: { ...set(cluster).spec, template: first } })
  await cluster.until('the first again', () => revisions().some(({ revision }) => revision === 3))
  assert.equal(
    revisions()
      .sort((a, b) => a.revision - b.revision)
      .map(({ revision, again }) => [revision, again]),
    [
      [2, 'yes'],
      [3, undefined],
    ],
  )
})

test('a pod that was deleted is made anew', async () => {
  const cluster = await startCluster()
  cluster.registry.create(sets, daemonSet())
  await available(cluster)
  const [{ metadata }] = pods(cluster) as [KubeObject]
  cluster.registry.delete('pods', metadata.name, 'default', {})
  await cluster.until(
    'a new pod',
    () => pods(cluster).length === 1 && pods(cluster)[0]?.metadata.name !== metadata.name,
  )
})

test('with another template its pod ends, and then there is one of that', async () => {
  const cluster = await startCluster()
  cluster.registry.create(sets, daemonSet())
  await available(cluster)
  const [{ metadata }] = pods(cluster) as [KubeObject]
  restart(cluster)
  await cluster.until(
    'the update',
    () =>
      set(cluster).status.observedGeneration === 2 &&
      set(cluster).status.updatedNumberScheduled === 1 &&
      set(cluster).status.numberAvailable === 1,
  )
  assert.is(pods(cluster).length, 1)
  assert.is.not(pods(cluster)[0]?.metadata.name, metadata.name)
})

test('where it is to wait for that, its pod stays until somebody deletes it', async () => {
  const cluster = await startCluster()
  cluster.registry.create(sets, daemonSet({}, { updateStrategy: { type: 'OnDelete' } }))
  await available(cluster)
  const [{ metadata }] = pods(cluster) as [KubeObject]
  restart(cluster)
  await cluster.until('the look', () => set(cluster).status.observedGeneration === 2)
  await cluster.settled()
  assert.is(pods(cluster)[0]?.metadata.name, metadata.name)
  assert.is(set(cluster).status.updatedNumberScheduled, undefined)
})

test('a node that it does not select has none, and loses the one that it had', async () => {
  const cluster = await startCluster()
  cluster.registry.create(sets, daemonSet({ nodeSelector: { disk: 'fast' } }))
  await cluster.until('its status', () => set(cluster).status?.desiredNumberScheduled === 0)
  assert.equal(pods(cluster), [])
  const node = cluster.store.get('nodes', 'node') as KubeObject
  const relabel = (wanted: Record<string, string>) => {
    const current = cluster.store.get('nodes', 'node') as KubeObject
    cluster.store.update('nodes', { ...current, metadata: { ...current.metadata, labels: wanted } })
  }
  relabel({ ...node.metadata.labels, disk: 'fast' })
  await available(cluster)
  relabel({ ...node.metadata.labels })
  await cluster.until('its end', () => pods(cluster).length === 0)
})

test('what keeps its pod from being made is told', async () => {
  const cluster = await startCluster()
  cluster.registry.create(sets, daemonSet({ serviceAccountName: 'nobody' }))
  const message = 'Warning FailedCreate: Error creating: pods "agent-" is forbidden'
  await cluster.until('the event', () => cluster.events('agent').some((event) => event.startsWith(message)))
})

test.run()
