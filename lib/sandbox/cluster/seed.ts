/** What a fresh kind cluster holds: namespaces, the node, kube-system, recorded roles. */
import { eventRecorder } from '../controllers/events.ts'
import type { KubeObject } from '../objects.ts'
import { microTimestamp, type Store } from '../store/store.ts'
import { bootstrapToken, clusterInfo, signingRequest } from './joining.ts'
import { NODE_IP, nodeName, nodeObject } from './node.ts'
import { type RecordingFile, recording } from './recordings.ts'
import { serverLease } from './server-lease.ts'
import type { ClusterSettings } from './settings.ts'

interface Recorded {
  resource: string
  object: KubeObject
}

const namespaces = ['default', 'kube-node-lease', 'kube-public', 'kube-system']
const recordings = ['kind.json', 'server.json', 'rbac.json'] as const
/** Where the recordings have the names of the clusters that were recorded. */
const names: readonly [recorded: string, own: (cluster: string) => string][] = [
  ['kind-control-plane', nodeName],
  ['clusterName: kind', (cluster) => `clusterName: ${cluster}`],
  ['--cluster-name=ref', (cluster) => `--cluster-name=${cluster}`],
]

export function isSeeded(store: Store): boolean {
  // Written last.
  return store.get('endpoints', 'kubernetes', 'default') !== undefined
}

/** Puts a fresh cluster's objects in; those that an interrupted start has put in already are left. */
export function seed(store: Store, settings: ClusterSettings, now: Date): void {
  const put = (resource: string, object: KubeObject) => {
    const { name, namespace } = object.metadata
    return store.get(resource, name, namespace) ?? store.create(resource, object)
  }
  for (const name of namespaces) put('namespaces', namespaceObject(name))
  const node = put('nodes', nodeObject(settings, now))
  for (const name of namespaces) put('serviceaccounts', serviceAccount(name))
  for (const { resource, object } of recordings.flatMap((file) => read(file, settings.name)))
    if (resource !== 'pods') put(resource, (fresh[resource] ?? withGeneration)(object, now, node))
  put('leases.coordination.k8s.io', serverLease(nodeName(settings.name), now))
  for (const map of serverMaps(settings, now)) put('configmaps', map)
  put('secrets', bootstrapToken(now))
  put('configmaps', clusterInfo(node, settings))
  if (store.count(requests) === 0) store.create(requests, signingRequest(node, settings, now))
  if (store.count('events') === 0) {
    const record = eventRecorder(store, () => now)(store)
    tellOfNode(node, record)
    tellOfLeaders(store.list('leases.coordination.k8s.io', 'kube-system'), record)
    store.create('events', proxyEvent(node, now))
  }
  put('endpointslices.discovery.k8s.io', apiEndpointSlice())
  put('endpoints', apiEndpoints())
}

const requests = 'certificatesigningrequests.certificates.k8s.io'

/** What is not as it was recorded, by resource. */
const fresh: Readonly<Record<string, (object: KubeObject, now: Date, node: KubeObject) => KubeObject>> = {
  'leases.coordination.k8s.io': renewed,
  'csinodes.storage.k8s.io': (object, _now, node) => ownedBy(node, object),
}

/** The control plane's own pods, which the kubelet of this node starts from files. */
export function manifestsOf(cluster: string): KubeObject[] {
  return recordings
    .flatMap((file) => read(file, cluster))
    .filter(({ resource }) => resource === 'pods')
    .map(({ object }) => object)
}

function renewed(lease: KubeObject, now: Date, node: KubeObject): KubeObject {
  const time = microTimestamp(now)
  const acquired = lease.spec.acquireTime ? { acquireTime: time } : {}
  const next = { ...lease, spec: { ...lease.spec, ...acquired, renewTime: time } }
  return lease.metadata.namespace === 'kube-node-lease' ? ownedBy(node, next) : next
}

function ownedBy({ apiVersion, kind, metadata: { name, uid = '' } }: KubeObject, object: KubeObject): KubeObject {
  return { ...object, metadata: { ...object.metadata, ownerReferences: [{ apiVersion, kind, name, uid }] } }
}

/** What the API server tells of itself. */
function serverMaps({ certificates }: ClusterSettings, now: Date): KubeObject[] {
  const map = (name: string, data: Record<string, string>): KubeObject => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'kube-system' },
    data,
  })
  return [
    map('extension-apiserver-authentication', {
      'client-ca-file': certificates.authority,
      'requestheader-allowed-names': '["front-proxy-client"]',
      'requestheader-client-ca-file': certificates.authority,
      'requestheader-extra-headers-prefix': '["X-Remote-Extra-"]',
      'requestheader-group-headers': '["X-Remote-Group"]',
      'requestheader-username-headers': '["X-Remote-User"]',
    }),
    map('kube-apiserver-legacy-service-account-token-tracking', { since: now.toISOString().slice(0, 10) }),
  ]
}

function read(file: RecordingFile, cluster: string): Recorded[] {
  const text = names.reduce((all, [recorded, own]) => all.replaceAll(recorded, own(cluster)), recording(file))
  return JSON.parse(text) as Recorded[]
}

function namespaceObject(name: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  }
}

function serviceAccount(namespace: string): KubeObject {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace } }
}

function withGeneration(object: KubeObject): KubeObject {
  const metadata = { ...object.metadata, generation: 1 }
  if (object.apiVersion.startsWith('apps/')) return { ...object, metadata, status: object.status ?? {} }
  return countedKinds.includes(object.kind) ? { ...object, metadata } : object
}

/** Beside workloads, those of a fresh cluster whose changes are counted. */
const countedKinds = ['FlowSchema', 'PriorityClass', 'PriorityLevelConfiguration']

const nodeEvents: readonly [reason: string, component: string, message: (node: string) => string][] = [
  ['Starting', 'kubelet', () => 'Starting kubelet.'],
  ['NodeHasSufficientMemory', 'kubelet', (node) => `Node ${node} status is now: NodeHasSufficientMemory`],
  ['NodeHasNoDiskPressure', 'kubelet', (node) => `Node ${node} status is now: NodeHasNoDiskPressure`],
  ['NodeHasSufficientPID', 'kubelet', (node) => `Node ${node} status is now: NodeHasSufficientPID`],
  ['NodeAllocatableEnforced', 'kubelet', () => 'Updated Node Allocatable limit across pods'],
  ['RegisteredNode', 'node-controller', (node) => `Node ${node} event: Registered Node ${node} in Controller`],
  ['NodeReady', 'kubelet', (node) => `Node ${node} status is now: NodeReady`],
]

type Recorder = ReturnType<ReturnType<typeof eventRecorder>>

function tellOfNode(node: KubeObject, record: Recorder): void {
  const { name } = node.metadata
  for (const [reason, component, message] of nodeEvents) {
    // kubelets do not know the uid of their node: they give its name.
    const about = component === 'kubelet' ? { ...node, metadata: { ...node.metadata, uid: name } } : node
    const host = component === 'kubelet' ? { host: name } : {}
    record(about, { type: 'Normal', reason, component, message: message(name), ...host })
  }
}

/** kube-proxy uses the newer API, which has no message and no counts. */
function proxyEvent({ metadata: { name } }: KubeObject, now: Date): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${name}.${(BigInt(now.getTime()) * 1_000_000n).toString(16)}`, namespace: 'default' },
    involvedObject: { kind: 'Node', name, uid: name },
    action: 'StartKubeProxy',
    reason: 'Starting',
    type: 'Normal',
    source: {},
    eventTime: microTimestamp(now),
    firstTimestamp: null,
    lastTimestamp: null,
    reportingComponent: 'kube-proxy',
    reportingInstance: `kube-proxy-${name}`,
  }
}

/** Who has each of these leases says so; others renew theirs in silence. */
const leaders: Readonly<Record<string, string>> = {
  'kube-controller-manager': 'kube-controller-manager',
  'kube-scheduler': 'default-scheduler',
}

function tellOfLeaders(leases: readonly KubeObject[], record: Recorder): void {
  for (const lease of leases) {
    const component = leaders[lease.metadata.name]
    const message = `${lease.spec.holderIdentity} became leader`
    if (component) record(lease, { type: 'Normal', reason: 'LeaderElection', component, message })
  }
}

function apiEndpoints(): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: {
      name: 'kubernetes',
      namespace: 'default',
      labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' },
    },
    subsets: [{ addresses: [{ ip: NODE_IP }], ports: [{ name: 'https', port: 6443, protocol: 'TCP' }] }],
  }
}

function apiEndpointSlice(): KubeObject {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: 'kubernetes',
      namespace: 'default',
      generation: 1,
      labels: { 'kubernetes.io/service-name': 'kubernetes' },
    },
    addressType: 'IPv4',
    endpoints: [{ addresses: [NODE_IP], conditions: { ready: true } }],
    ports: [{ name: 'https', port: 6443, protocol: 'TCP' }],
  }
}
