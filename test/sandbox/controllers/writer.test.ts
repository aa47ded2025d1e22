import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { parseAllDocuments } from 'yaml'
import type { FieldSet, KubeObject } from '../../../lib/sandbox/objects.ts'
import { suite } from '../../support/suite.ts'
import { deployment, startCluster, stopClusters, type TestCluster } from './cluster.ts'

const test = suite('fields of controllers')

test.after.each(stopClusters)

const fixtures = join(import.meta.dirname, '../../fixtures/golden')
const manifest = join(import.meta.dirname, '../../../manifests/bookinfo.yaml')

/** Who wrote, what, and through which subresource. */
const managers = (object: KubeObject | undefined) =>
  (object?.metadata.managedFields ?? []).map(({ manager, subresource }) =>
    subresource ? `${manager} (${subresource})` : manager,
  )

const fieldsOf = (object: KubeObject | undefined, wanted: string): FieldSet => {
  const index = managers(object).indexOf(wanted)
  return object?.metadata.managedFields?.[index]?.fieldsV1 ?? {}
}

/** Without what is of one cluster, and without the sidecar, which the recorded pod had. */
function comparable(fields: FieldSet): unknown {
  const text = JSON.stringify(fields, (name, value) => (name === 'f:initContainerStatuses' ? undefined : value))
  return JSON.parse(text.replace(/[0-9a-f]{8}(-[0-9a-f]{4,12}){4}|10\.244\.\d+\.\d+/g, 'X'))
}

/** The lesson's ratings and reviews, all available. */
async function running(): Promise<TestCluster> {
  const cluster = await startCluster()
  const resources: Readonly<Record<string, string>> = {
    ServiceAccount: 'serviceaccounts',
    Service: 'services',
    Deployment: 'deployments.apps',
  }
  for (const document of parseAllDocuments(readFileSync(manifest, 'utf8'))) {
    const object = document.toJS() as KubeObject | null
    if (!object || !/ratings|reviews/.test(object.metadata.name)) continue
    const metadata = {
      ...object.metadata,
      namespace: 'default',
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
    }
    cluster.registry.create(resources[object.kind] as string, { ...object, metadata }, { manager: 'kubectl' })
  }
  await cluster.until('all are available', () =>
    cluster.store.list('deployments.apps', 'default').every(({ status }) => status?.availableReplicas === 1),
  )
  await cluster.settled()
  return cluster
}

test('an event belongs to who tells of it', async () => {
  const { store } = await running()
  const told = store.list('events', 'default').map((event) => [event.source.component, ...managers(event)].join(' '))
  assert.equal([...new Set(told)].sort(), [
    'default-scheduler kube-scheduler',
    'deployment-controller kube-controller-manager',
    'kubelet kubelet',
    'replicaset-controller kube-controller-manager',
  ])
})

test('a pod that no node takes has its condition from the scheduler, and nobody owns that it was bound', async () => {
  const { registry, store, until, settled } = await startCluster()
  const template = { nodeSelector: { disk: 'fast' } }
  registry.create('deployments.apps', deployment('web', {}, template), { manager: 'kubectl-create' })
  const pod = await until('a pod that waits', () =>
    store.list('pods', 'default').find(({ status }) => status.conditions),
  )
  assert.equal(managers(pod), ['kube-controller-manager', 'kube-scheduler (status)'])
  const node = store.get('nodes', 'node') as KubeObject
  store.update('nodes', { ...node, metadata: { ...node.metadata, labels: { disk: 'fast' } } })
  await until('it runs', () => store.list('pods', 'default')[0]?.status.phase === 'Running')
  await settled()
  assert.not.match(JSON.stringify(store.list('pods', 'default')[0]?.metadata.managedFields), /nodeName/)
})

interface Recorded {
  resource: string
  /** How the object's name begins. */
  prefix: string
  manager: string
  subresource?: string
  fields: FieldSet
}

test('they own the very fields that they own on a real cluster', async () => {
  const recorded = JSON.parse(readFileSync(join(fixtures, 'managed-fields.json'), 'utf8')) as Recorded[]
  const { store } = await running()
  for (const { resource, prefix, manager, subresource, fields } of recorded) {
    const who = subresource ? `${manager} (${subresource})` : manager
    const found = store
      .list(resource, 'default')
      .filter(({ metadata }) => metadata.name.startsWith(prefix))
      .find((object) => managers(object).includes(who))
    assert.equal(comparable(fieldsOf(found, who)), comparable(fields), `${resource} ${who}`)
  }
})

test.run()
