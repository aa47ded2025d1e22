/** What a fresh kind cluster holds: namespaces, the node, kube-system, recorded roles. */
import { initialStatus } from '../admission/pods.ts'
import { eventRecorder } from '../controllers/events.ts'
import { podFrom } from '../controllers/replica-sets.ts'
import { randomSuffix } from '../names.ts'
import type { KubeObject } from '../objects.ts'
import type { Store } from '../store/store.ts'
import { NODE_IP, nodeObject } from './node.ts'
import { type RecordingFile, recording } from './recordings.ts'
import type { ClusterSettings } from './settings.ts'

interface Recorded {
  resource: string
  object: KubeObject
}

const namespaces = ['default', 'kube-node-lease', 'kube-public', 'kube-system']
const recordings = ['kind.json', 'server.json', 'rbac.json'] as const
/** The name of the cluster that was recorded, in its node's and its static pods' names. */
const recordedNode = 'kind-control-plane'

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
  for (const { resource, object } of recordings.flatMap((file) => read(file, node.metadata.name)))
    put(resource, (fresh[resource] ?? withGeneration)(object, node, now))
  for (const map of serverMaps(settings, now)) put('configmaps', map)
  const proxy = store.get('daemonsets.apps', 'kube-proxy', 'kube-system')
  if (proxy) startDaemon(proxy, node, store)
  if (store.count('events') === 0) tellOfNode(node, store, now)
  put('endpointslices.discovery.k8s.io', apiEndpointSlice())
  put('endpoints', apiEndpoints())
}

/** What is not as it was recorded, by resource. */
const fresh: Readonly<Record<string, (object: KubeObject, node: KubeObject, now: Date) => KubeObject>> = {
  pods: staticPod,
  'leases.coordination.k8s.io': renewed,
}

function renewed(lease: KubeObject, _node: KubeObject, now: Date): KubeObject {
  const time = now.toISOString().replace('Z', '000Z')
  const acquired = lease.spec.acquireTime ? { acquireTime: time } : {}
  return { ...lease, spec: { ...lease.spec, ...acquired, renewTime: time } }
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

function read(file: RecordingFile, node: string): Recorded[] {
  return JSON.parse(recording(file).replaceAll(recordedNode, node)) as Recorded[]
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
  return object.apiVersion.startsWith('apps/')
    ? { ...object, metadata: { ...object.metadata, generation: 1 }, status: object.status ?? {} }
    : object
}

/** The kubelet starts it from a file and tells the API of it: it belongs to the node. */
function staticPod(object: KubeObject, { metadata: { name, uid } }: KubeObject): KubeObject {
  const owner = { apiVersion: 'v1', kind: 'Node', name, uid: uid as string, controller: true }
  return initialStatus({ ...object, metadata: { ...object.metadata, ownerReferences: [owner] } })
}

/** The sandbox has no controller for DaemonSets: this one's pod, and that it runs, are written down. */
function startDaemon(daemonSet: KubeObject, node: KubeObject, store: Store): void {
  const { name, namespace } = daemonSet.metadata
  const hasPod = store.list('pods', namespace).some(({ metadata }) => metadata.generateName === `${name}-`)
  if (!hasPod) {
    const pod = podFrom(daemonSet.spec.template, daemonSet)
    const labels = {
      ...pod.metadata.labels,
      'controller-revision-hash': randomSuffix(10),
      'pod-template-generation': '1',
    }
    const spec = { ...pod.spec, nodeName: node.metadata.name }
    const metadata = { ...pod.metadata, name: `${name}-${randomSuffix()}`, labels }
    store.create('pods', initialStatus({ ...pod, metadata, spec }))
  }
  const counts = [
    'currentNumberScheduled',
    'desiredNumberScheduled',
    'numberAvailable',
    'numberReady',
    'updatedNumberScheduled',
  ]
  const status = {
    ...Object.fromEntries(counts.map((count) => [count, 1])),
    numberMisscheduled: 0,
    observedGeneration: 1,
  }
  store.update('daemonsets.apps', { ...daemonSet, status })
}

const nodeEvents: readonly [reason: string, component: string, message: (node: string) => string][] = [
  ['Starting', 'kubelet', () => 'Starting kubelet.'],
  ['NodeHasSufficientMemory', 'kubelet', (node) => `Node ${node} status is now: NodeHasSufficientMemory`],
  ['NodeHasNoDiskPressure', 'kubelet', (node) => `Node ${node} status is now: NodeHasNoDiskPressure`],
  ['NodeHasSufficientPID', 'kubelet', (node) => `Node ${node} status is now: NodeHasSufficientPID`],
  ['NodeAllocatableEnforced', 'kubelet', () => 'Updated Node Allocatable limit across pods'],
  ['RegisteredNode', 'node-controller', (node) => `Node ${node} event: Registered Node ${node} in Controller`],
  ['NodeReady', 'kubelet', (node) => `Node ${node} status is now: NodeReady`],
]

function tellOfNode(node: KubeObject, store: Store, now: Date): void {
  const record = eventRecorder(store, () => now)(store)
  const { name } = node.metadata
  for (const [reason, component, message] of nodeEvents) {
    // kubelets do not know the uid of their node: they give its name.
    const about = component === 'kubelet' ? { ...node, metadata: { ...node.metadata, uid: name } } : node
    const host = component === 'kubelet' ? { host: name } : {}
    record(about, { type: 'Normal', reason, component, message: message(name), ...host })
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
