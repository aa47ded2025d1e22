import * as assert from 'uvu/assert'
import { isSeeded, manifestsOf, seed } from '../../../lib/sandbox/cluster/seed.ts'
import type { ClusterSettings } from '../../../lib/sandbox/cluster/settings.ts'
import { isReady } from '../../../lib/sandbox/controllers/pods/pod.ts'
import type { KubeObject } from '../../../lib/sandbox/objects.ts'
import { Store } from '../../../lib/sandbox/store/store.ts'
import { suite } from '../../support/suite.ts'
import { startCluster, stopClusters } from '../controllers/cluster.ts'

const test = suite('a fresh cluster')
test.after.each(stopClusters)

const settings: ClusterSettings = {
  name: 'lesson',
  image: 'kindest/node:v1.29.2',
  nodeLabels: { 'ingress-ready': 'true' },
  ports: [],
  apiPort: 0,
  certificates: {
    authority: '',
    server: '',
    serverKey: '',
    administrator: '',
    administratorKey: '',
    meshAuthority: '',
    kubelet: { request: 'asked', certificate: 'signed' },
  },
}
const now = new Date('2026-01-01T00:00:00Z')

function seeded(store = new Store()): Store {
  seed(store, settings, now)
  return store
}
const names = (store: Store, resource: string, namespace?: string) =>
  store.list(resource, namespace).map(({ metadata }) => metadata.name)

test('it has the namespaces of kind, each with a service account', () => {
  const store = seeded()
  const all = ['default', 'kube-node-lease', 'kube-public', 'kube-system']
  assert.equal(names(store, 'namespaces'), all)
  for (const name of all) assert.ok(store.get('serviceaccounts', 'default', name))
})

test('it has one node, with the labels that were asked for, which says that it is simulated', () => {
  const store = seeded()
  assert.equal(names(store, 'nodes'), ['lesson-control-plane'])
  const { metadata, status } = store.get('nodes', 'lesson-control-plane') as KubeObject
  assert.is(metadata.labels?.['ingress-ready'], 'true')
  assert.is(metadata.labels?.simulated, 'true')
  assert.match(status.nodeInfo.osImage, /^Simulated/)
  assert.is(status.nodeInfo.kubeletVersion, 'v1.29.2')
})

test('the API server is an endpoint, and has a slice', () => {
  const slice = seeded().get('endpointslices.discovery.k8s.io', 'kubernetes', 'default') as KubeObject
  assert.is(slice.metadata.labels?.['kubernetes.io/service-name'], 'kubernetes')
  assert.equal(slice.ports, [{ name: 'https', port: 6443, protocol: 'TCP' }])
})

test("the control plane's pods are on it, named after it, and come back when they are deleted", async () => {
  const cluster = await startCluster({
    store: seeded(),
    nodeName: 'lesson-control-plane',
    manifests: manifestsOf('lesson'),
  })
  const ready = () =>
    cluster.store
      .list('pods', 'kube-system')
      .filter(isReady)
      .map(({ metadata }) => metadata.name.replace(/^(kube-proxy)-\w{5}$/, '$1'))
  const proxy = () =>
    cluster.store.list('pods', 'kube-system').find(({ metadata }) => /^kube-proxy/.test(metadata.name))
  const parts = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler']
  const all = [...parts.map((part) => `${part}-lesson-control-plane`), 'kube-proxy'].sort()
  const named = () =>
    ready()
      .filter((name) => all.includes(name))
      .sort()
  await cluster.until('all of them', () => named().length === all.length)
  assert.equal(named(), all)
  // As on a real cluster with this template.
  assert.is(proxy()?.metadata.labels?.['controller-revision-hash'], '65bbdcdfff')
  const etcd = cluster.store.get('pods', 'etcd-lesson-control-plane', 'kube-system')
  assert.is(etcd?.status.conditions.at(-1).type, 'PodScheduled')
  for (const name of [etcd?.metadata.name, proxy()?.metadata.name] as string[])
    cluster.registry.delete('pods', name, 'kube-system', {})
  await cluster.until('their end', () => named().length < all.length)
  await cluster.until('all of them again', () => named().length === all.length)
  assert.is.not(cluster.store.get('pods', 'etcd-lesson-control-plane', 'kube-system')?.metadata.uid, etcd?.metadata.uid)
  assert.equal(cluster.errors, [])
})

test('an interrupted start is gone on with, and nothing is there twice', () => {
  const whole = seeded()
  const store = new Store()
  for (const name of ['default', 'kube-system'])
    store.create('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  assert.not(isSeeded(store))
  seeded(store)
  assert.ok(isSeeded(store))
  seeded(store)
  for (const resource of whole.resources) assert.is(store.count(resource), whole.count(resource), resource)
})

test('what the kubelet keeps for its node goes with it', () => {
  const store = seeded()
  const node = store.list('nodes')[0]
  const kept = [
    store.get('leases.coordination.k8s.io', 'lesson-control-plane', 'kube-node-lease'),
    store.get('csinodes.storage.k8s.io', 'lesson-control-plane'),
  ]
  for (const object of kept) assert.is(object?.metadata.ownerReferences?.[0]?.uid, node?.metadata.uid, object?.kind)
})

test('the API server has its lease, under the name that it has on a node of that name', () => {
  const store = new Store()
  seed(store, { ...settings, name: 'conf' }, now)
  const name = 'apiserver-ikbjkdcrrb7xbenprkeckpbaqa'
  const lease = store.get('leases.coordination.k8s.io', name, 'kube-system')
  assert.is(lease?.metadata.labels?.['kubernetes.io/hostname'], 'conf-control-plane')
  assert.ok(lease?.spec.holderIdentity.startsWith(`${name}_`))
})

test('the node has told of itself', () => {
  const reasons = seeded()
    .list('events', 'default')
    .map(({ reason }) => reason)
  assert.ok(reasons.includes('NodeReady'))
  assert.ok(reasons.includes('RegisteredNode'))
})

test('recorded roles are there', () => {
  const store = seeded()
  assert.ok(store.get('clusterroles.rbac.authorization.k8s.io', 'cluster-admin'))
  assert.ok(store.count('clusterroles.rbac.authorization.k8s.io') > 50)
})

test("it tells who leads, and that the node's programs have started", () => {
  const told = seeded()
    .list('events')
    .map(({ reason, involvedObject, reportingComponent }) => `${reason} ${involvedObject.kind} ${reportingComponent}`)
  for (const event of [
    'Starting Node kubelet',
    'LeaderElection Lease kube-controller-manager',
    'LeaderElection Lease default-scheduler',
    'Starting Node kube-proxy',
  ])
    assert.ok(told.includes(event), event)
})

test('it is called as it was created, wherever it has a name', () => {
  const store = seeded()
  assert.match(
    store.get('configmaps', 'kubeadm-config', 'kube-system')?.data.ClusterConfiguration,
    /^clusterName: lesson$/m,
  )
  assert.match(store.get('configmaps', 'cluster-info', 'kube-public')?.data.kubeconfig, /lesson-control-plane:6443\n/)
  const [manager] = manifestsOf('lesson').filter(({ metadata }) => metadata.name.startsWith('kube-controller-manager'))
  assert.ok(manager?.spec.containers[0].command.includes('--cluster-name=lesson'))
})

test("its kubelet's request for a certificate is granted", () => {
  const [request] = seeded().list('certificatesigningrequests.certificates.k8s.io')
  assert.is(request?.spec.username, 'system:node:lesson-control-plane')
  assert.is(request?.status.conditions[0].type, 'Approved')
})

test.run()
