/**
 * Records what a fresh kind cluster holds, for seed.ts: `node --import tsx/esm lib/sandbox/cluster/record.ts`, with kubectl
 * pointing at a cluster named kind. Identities, times and states are left out; certificates and tokens too.
 */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { KubeObject } from '../objects.ts'

const recordings: Readonly<Record<string, readonly string[]>> = {
  'kind.json': [
    'configmaps',
    'serviceaccounts',
    'services',
    'deployments.apps',
    'daemonsets.apps',
    'pods',
    'priorityclasses.scheduling.k8s.io',
    'storageclasses.storage.k8s.io',
  ],
  'server.json': [
    'apiservices.apiregistration.k8s.io',
    'componentstatuses',
    'csinodes.storage.k8s.io',
    'flowschemas.flowcontrol.apiserver.k8s.io',
    'leases.coordination.k8s.io',
    'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io',
  ],
  'rbac.json': ['clusterroles', 'clusterrolebindings', 'roles', 'rolebindings'].map(
    (resource) => `${resource}.rbac.authorization.k8s.io`,
  ),
}

/** Whose state never changes, and is recorded too. */
const settled = ['APIService', 'FlowSchema', 'PriorityLevelConfiguration', 'Service']

const namespaces = [undefined, 'default', 'kube-system', 'kube-public', 'kube-node-lease']

/** Made by the sandbox's own controllers, or holding certificates of the cluster that was recorded. */
const leftOut =
  /^(default|kube-root-ca\.crt|cluster-info|extension-apiserver-authentication|.*token-tracking|coredns-.+-.+|kube-proxy-.+)$/

/** Set by the server, or state. */
const fleeting = ['uid', 'resourceVersion', 'managedFields', 'creationTimestamp', 'generateName', 'generation']

function record(resource: string): { resource: string; object: KubeObject }[] {
  const output = execFileSync('kubectl', ['get', resource, '-A', '-o', 'json'], { maxBuffer: 1 << 26 })
  const { items } = JSON.parse(output.toString()) as { items: KubeObject[] }
  return items.filter(isRecorded).map((object) => ({ resource, object: plain(object) }))
}

function isRecorded({ metadata, kind }: KubeObject): boolean {
  return (
    namespaces.includes(metadata.namespace) &&
    !metadata.name.includes('istio') &&
    !metadata.name.startsWith('bookinfo') &&
    !(kind === 'Lease' && metadata.name.startsWith('apiserver-')) &&
    !(leftOut.test(metadata.name) && ['ConfigMap', 'ServiceAccount', 'Pod'].includes(kind)) &&
    !(kind === 'Service' && metadata.namespace === 'default' && metadata.name !== 'kubernetes') &&
    !(['Deployment', 'Pod'].includes(kind) && metadata.namespace !== 'kube-system')
  )
}

function plain({ status, ...object }: KubeObject): KubeObject {
  const metadata = Object.fromEntries(
    Object.entries(object.metadata).filter(([field]) => !fleeting.includes(field) && field !== 'ownerReferences'),
  )
  return { ...object, metadata, ...(settled.includes(object.kind) ? { status } : {}) } as KubeObject
}

for (const [file, resources] of Object.entries(recordings)) {
  const lines = resources.flatMap(record).map((entry) => JSON.stringify(entry))
  writeFileSync(join(import.meta.dirname, 'recordings', file), `[\n${lines.join(',\n')}\n]\n`)
}
