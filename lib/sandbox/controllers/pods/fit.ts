/** Whether a pod fits on a node: the scheduler's filters that a single node can show, in the scheduler's words. */
import type { KubeObject } from '../../objects.ts'
import { hasLabels, type LabelSelector, selects } from '../../selectors.ts'
import { lacksCompany, rejectsCompany } from './company.ts'
import type { Container } from './pod.ts'
import { exceeded } from './resources.ts'
import { isTooMany, lacksTopology } from './spread.ts'
import { repelling, tolerates } from './taints.ts'

export interface Unfit {
  reasons: readonly string[]
  /** Whether it could help if other pods made room. */
  isHelpedByRoom: boolean
}

/** Gives the reasons against the node; others are the pods that it has. */
type Filter = (pod: KubeObject, node: KubeObject, others: readonly KubeObject[]) => readonly string[]

/** In the scheduler's order: what one of them says is all that is said. */
const filters: readonly [filter: Filter, isHelpedByRoom: boolean][] = [
  [(pod, node) => when(node.spec?.unschedulable && !toleratesUnschedulable(pod), 'node(s) were unschedulable'), false],
  [
    (pod, node) =>
      repelling(pod, node)
        .map(({ key, value = '' }) => `node(s) had untolerated taint {${key}: ${value}}`)
        .slice(0, 1),
    false,
  ],
  [(pod, node) => when(!matchesNode(pod, node), "node(s) didn't match Pod's node affinity/selector"), false],
  [
    (pod, _node, others) =>
      when(!hasFreePorts(pod, others), "node(s) didn't have free ports for the requested pod ports"),
    true,
  ],
  [exceeded, true],
  [
    (pod, node) =>
      when(lacksTopology(pod, node), "node(s) didn't match pod topology spread constraints (missing required label)"),
    false,
  ],
  [
    (pod, node, others) => when(isTooMany(pod, node, others), "node(s) didn't match pod topology spread constraints"),
    true,
  ],
  [(pod, node, others) => when(lacksCompany(pod, node, others), "node(s) didn't match pod affinity rules"), false],
  [
    (pod, node, others) => when(rejectsCompany(pod, node, others), "node(s) didn't match pod anti-affinity rules"),
    true,
  ],
  [
    (pod, node, others) =>
      when(
        others.some((other) => rejectsCompany(other, node, [pod])),
        "node(s) didn't satisfy existing pods anti-affinity rules",
      ),
    true,
  ],
]

/** Why the pod cannot run on the node; undefined where it can. */
export function unfit(pod: KubeObject, node: KubeObject, pods: readonly KubeObject[]): Unfit | undefined {
  const others = neighboursOf(pod, node, pods)
  for (const [filter, isHelpedByRoom] of filters) {
    const reasons = filter(pod, node, others)
    if (reasons.length > 0) return { reasons, isHelpedByRoom }
  }
  return undefined
}

/** The other pods of a node. One that is asked to end keeps what it has until it is gone. */
export function neighboursOf(pod: KubeObject, { metadata }: KubeObject, pods: readonly KubeObject[]): KubeObject[] {
  const isItself = ({ metadata: { uid } }: KubeObject) => uid !== undefined && uid === pod.metadata.uid
  return pods.filter((other) => other.spec.nodeName === metadata.name && !isItself(other) && hasNotEnded(other))
}

/** Whether a node is one for a DaemonSet's pod: of all filters, those that look at the node alone. */
export function takesDaemon(pod: KubeObject, node: KubeObject): boolean {
  return matchesNode(pod, node) && repelling(pod, node).length === 0
}

/** What of the claims that a pod mounts keeps it from any node: one is not there, or has no volume and cannot wait. */
export function claimFault(
  { spec }: KubeObject,
  find: (claim: string) => { isReady: boolean } | undefined,
): string | undefined {
  const volumes: { persistentVolumeClaim?: { claimName: string } }[] = spec.volumes ?? []
  const names = volumes.flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? [])
  const missing = names.find((name) => !find(name))
  if (missing) return `persistentvolumeclaim "${missing}" not found`
  return names.every((name) => find(name)?.isReady) ? undefined : 'pod has unbound immediate PersistentVolumeClaims'
}

function when(isSo: boolean, reason: string): readonly string[] {
  return isSo ? [reason] : []
}

export function hasFreePorts(pod: KubeObject, others: readonly KubeObject[]): boolean {
  const wanted = hostPorts(pod)
  if (wanted.length === 0) return true
  const taken = new Set(others.flatMap(hostPorts))
  return !wanted.some((port) => taken.has(port))
}

/** `TCP/8080`: ports of the node that a pod takes. On the host's network each of its ports is one. */
function hostPorts({ spec }: KubeObject): string[] {
  const ports = (spec.containers as Container[]).flatMap(({ ports = [] }) => ports)
  return ports
    .map(({ hostPort, containerPort, protocol = 'TCP' }) => ({
      number: hostPort ?? (spec.hostNetwork ? containerPort : 0),
      protocol,
    }))
    .filter(({ number }) => number > 0)
    .map(({ number, protocol }) => `${protocol}/${number}`)
}

function hasNotEnded({ status }: KubeObject): boolean {
  return status?.phase !== 'Succeeded' && status?.phase !== 'Failed'
}

type Expressions = LabelSelector['matchExpressions']

interface NodeTerm {
  matchExpressions?: NonNullable<Expressions>
  matchFields?: NonNullable<Expressions>
}

export function matchesNode({ spec }: KubeObject, node: KubeObject): boolean {
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms
  return (
    hasLabels(node.metadata.labels, spec.nodeSelector ?? {}) &&
    (!required ||
      required.some(
        ({ matchExpressions = [], matchFields = [] }: NodeTerm) =>
          selects({ matchExpressions }, node.metadata.labels) &&
          selects({ matchExpressions: matchFields }, { 'metadata.name': node.metadata.name }),
      ))
  )
}

/** What a cordoned node would be marked with. */
function toleratesUnschedulable({ spec }: KubeObject): boolean {
  return tolerates(spec.tolerations, { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' })
}
