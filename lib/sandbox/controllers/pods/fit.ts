/** Whether a pod fits on a node: the scheduler's filters that a single node can show. */
import type { KubeObject } from '../../objects.ts'
import { hasLabels, selects } from '../selectors.ts'
import type { Container } from './pod.ts'

/** Why the pod cannot run on the node, in the scheduler's words; undefined where it can. */
export function unfit(pod: KubeObject, node: KubeObject, pods: readonly KubeObject[]): string | undefined {
  const name = node.metadata.name
  if (node.spec?.unschedulable && !toleratesUnschedulable(pod)) return 'node(s) were unschedulable'
  if (!matchesNode(pod, node)) return "node(s) didn't match Pod's node affinity/selector"
  const wanted = hostPorts(pod)
  const taken = new Set(pods.filter((other) => other.spec.nodeName === name && hasNotEnded(other)).flatMap(hostPorts))
  return wanted.some((port) => taken.has(port))
    ? "node(s) didn't have free ports for the requested pod ports"
    : undefined
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

/** A pod that is asked to end keeps its ports until it is gone. */
function hasNotEnded({ status }: KubeObject): boolean {
  return status?.phase !== 'Succeeded' && status?.phase !== 'Failed'
}

function matchesNode({ spec }: KubeObject, node: KubeObject): boolean {
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms
  return (
    hasLabels(node.metadata.labels, spec.nodeSelector ?? {}) &&
    (!required ||
      // biome-ignore lint/suspicious/noExplicitAny: a term is known by the schema
      required.some((term: any) => selects({ matchExpressions: term.matchExpressions ?? [] }, node.metadata.labels)))
  )
}

interface Toleration {
  key?: string
  operator?: string
}

function toleratesUnschedulable({ spec }: KubeObject): boolean {
  return ((spec.tolerations ?? []) as Toleration[]).some(
    ({ key, operator }) => operator === 'Exists' && (key === undefined || key === 'node.kubernetes.io/unschedulable'),
  )
}
