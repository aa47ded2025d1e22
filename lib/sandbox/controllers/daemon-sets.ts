/** The DaemonSet controller: one pod on each node that takes it, of the newest template. */
import type { KubeObject } from '../objects.ts'
import { type Context, type Controller, keyOf, splitKey } from './controller.ts'
import { currentRevision, limitRevisions, revisionHash, templatePatch } from './controller-revisions.ts'
import { deleteObject } from './delete.ts'
import { templateHash } from './deployments/template-hash.ts'
import { adopt, ownerKeys } from './owners.ts'
import { isAvailable, untilAvailable } from './pods/availability.ts'
import { takesDaemon } from './pods/fit.ts'
import { isReady } from './pods/pod.ts'
import type { Toleration } from './pods/taints.ts'
import { podFrom } from './replica-sets.ts'

const daemonSets = 'daemonsets.apps'
const generation = 'deprecated.daemonset.template.generation'

/** What the pods of all DaemonSets bear. */
const tolerations: readonly Toleration[] = [
  ...['not-ready', 'unreachable'].map((key) => tolerationOf(key, 'NoExecute')),
  ...['disk-pressure', 'memory-pressure', 'pid-pressure', 'unschedulable'].map((key) =>
    tolerationOf(key, 'NoSchedule'),
  ),
]
const onHostNetwork = tolerationOf('network-unavailable', 'NoSchedule')

function tolerationOf(key: string, effect: 'NoExecute' | 'NoSchedule'): Toleration {
  return { key: `node.kubernetes.io/${key}`, operator: 'Exists', effect }
}

export const daemonSetController: Controller = {
  name: 'daemonset-controller',
  client: 'kube-controller-manager',
  keys: ({ resource, object }, { store }) => {
    if (resource === daemonSets) return [keyOf(object)]
    if (resource === 'nodes') return store.list(daemonSets).map(keyOf)
    return resource === 'pods' ? ownerKeys(object, 'DaemonSet') : []
  },
  reconcile: (key, context) => {
    const { namespace, name } = splitKey(key)
    const set = context.store.get(daemonSets, name, namespace)
    if (!set || set.metadata.deletionTimestamp) return undefined
    const revision = revisionOf(set, context)
    const hash = revision.metadata.labels?.[revisionHash] as string
    const isDone = manage(set, hash, context)
    const pods = context.dependents.controlled(set, 'pods')
    limitRevisions(set, revision, pods, context)
    context.write.updateStatus(daemonSets, { ...set, status: statusOf(set, pods, hash, context) })
    return isDone ? untilAvailable(pods, set.spec.minReadySeconds ?? 0, context.now()) : 'later'
  },
}

function revisionOf(set: KubeObject, context: Context): KubeObject {
  const { template } = set.spec
  const hash = templateHash(template, set.status?.collisionCount)
  return currentRevision(set, { data: templatePatch(set), hash, labels: template.metadata?.labels ?? {} }, context)
}

/** Makes and ends pods; false where one could not be made. */
function manage(set: KubeObject, hash: string, context: Context): boolean {
  const pods = adopt(set, 'pods', context)
  const nodes = context.store.list('nodes')
  const wanted = new Set(nodes.filter((node) => takesDaemon(podFor(set, node, hash), node)).map(nameOf))
  for (const pod of pods) if (!wanted.has(nodeOf(pod)) || isOver(pod)) end(set, pod, context)
  const kept = context.dependents.controlled(set, 'pods')
  // Where there is one node, a rolling update is its pod's end and a new one.
  if (set.spec.updateStrategy?.type !== 'OnDelete')
    for (const pod of kept) if (pod.metadata.labels?.[revisionHash] !== hash) end(set, pod, context)
  const taken = new Set(context.dependents.controlled(set, 'pods').map(nodeOf))
  const lacking = nodes.filter((node) => wanted.has(nameOf(node)) && !taken.has(nameOf(node)))
  return lacking.every((node) => make(set, podFor(set, node, hash), context))
}

function make(set: KubeObject, pod: KubeObject, context: Context): boolean {
  try {
    tell(set, 'Normal', 'SuccessfulCreate', `Created pod: ${nameOf(context.write.createPod(pod))}`, context)
    return true
  } catch (error) {
    tell(set, 'Warning', 'FailedCreate', `Error creating: ${(error as Error).message}`, context)
    return false
  }
}

function end(set: KubeObject, pod: KubeObject, context: Context): void {
  if (pod.metadata.deletionTimestamp) return
  deleteObject('pods', pod, context)
  tell(set, 'Normal', 'SuccessfulDelete', `Deleted pod: ${nameOf(pod)}`, context)
}

function tell(set: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string, context: Context): void {
  context.record(set, { type, reason, message, component: 'daemonset-controller' })
}

function podFor(set: KubeObject, node: KubeObject, hash: string): KubeObject {
  const pod = podFrom(set.spec.template, set)
  const { spec } = pod
  const [own, missing]: [Toleration[], Toleration[]] = [
    spec.tolerations ?? [],
    [...tolerations, ...(spec.hostNetwork ? [onHostNetwork] : [])],
  ]
  const onNode = { matchFields: [{ key: 'metadata.name', operator: 'In', values: [nameOf(node)] }] }
  const required = { nodeSelectorTerms: [onNode] }
  const nodeAffinity = { ...spec.affinity?.nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution: required }
  const labels = {
    ...pod.metadata.labels,
    [revisionHash]: hash,
    'pod-template-generation': set.metadata.annotations?.[generation] ?? '1',
  }
  return {
    ...pod,
    metadata: { ...pod.metadata, labels },
    spec: { ...spec, affinity: { ...spec.affinity, nodeAffinity }, tolerations: [...own, ...missing] },
  }
}

function statusOf(
  set: KubeObject,
  all: readonly KubeObject[],
  hash: string,
  { store, now }: Context,
): KubeObject['status'] {
  const nodes = store.list('nodes').filter((node) => takesDaemon(podFor(set, node, hash), node))
  const desired = nodes.length
  const pods = all.filter((pod) => nodes.some((node) => nameOf(node) === nodeOf(pod)))
  const available = pods.filter((pod) => isAvailable(pod, set.spec.minReadySeconds ?? 0, now())).length
  const updated = pods.filter(({ metadata }) => metadata.labels?.[revisionHash] === hash).length
  const counts = {
    updatedNumberScheduled: updated,
    numberAvailable: available,
    numberUnavailable: desired - available,
  }
  return {
    ...(set.status?.collisionCount === undefined ? {} : { collisionCount: set.status.collisionCount }),
    currentNumberScheduled: pods.length,
    numberMisscheduled: all.length - pods.length,
    desiredNumberScheduled: desired,
    numberReady: pods.filter(isReady).length,
    observedGeneration: set.metadata.generation ?? 1,
    ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)),
  }
}

/** A pod of a DaemonSet is one node's from the beginning, whether it has been bound or not. */
function nodeOf({ spec }: KubeObject): string {
  const [term] = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? []
  return spec.nodeName ?? term?.matchFields?.[0]?.values[0] ?? ''
}

function nameOf({ metadata }: KubeObject): string {
  return metadata.name
}

function isOver({ status }: KubeObject): boolean {
  return status?.phase === 'Failed' || status?.phase === 'Succeeded'
}
