/** Why the kubelet does not take a pod that was given to its node past the scheduler (pkg/kubelet/lifecycle/predicate.go). */
import type { KubeObject } from '../../objects.ts'
import { hasFreePorts, matchesNode, neighboursOf } from './fit.ts'
import type { Pod } from './pod.ts'
import { shortage } from './resources.ts'
import { repelling } from './taints.ts'

export interface Rejection {
  reason: string
  message: string
}

export function rejectionOf(pod: Pod, node: KubeObject, pods: readonly KubeObject[]): Rejection | undefined {
  const others = neighboursOf(pod, node, pods)
  const short = shortage(pod, node, others)
  if (short) {
    const { name, requested, used, capacity } = short
    const amounts = `requested: ${requested}, used: ${used}, capacity: ${capacity}`
    return { reason: `OutOf${name}`, message: `Node didn't have enough resource: ${name}, ${amounts}` }
  }
  if (!matchesNode(pod, node)) return failed('NodeAffinity')
  if (!hasFreePorts(pod, others)) return failed('NodePorts')
  return repelling(pod, node).some(({ effect }) => effect === 'NoExecute') ? failed('TaintToleration') : undefined
}

function failed(predicate: string): Rejection {
  return { reason: predicate, message: `Predicate ${predicate} failed` }
}
