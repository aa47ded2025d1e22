/** Conditions of Deployments, ReplicaSets, pods and definitions. */

export interface Condition {
  type: string
  status: 'True' | 'False' | 'Unknown'
  reason?: string
  message?: string
  lastTransitionTime: string
  [field: string]: unknown
}

export function condition(conditions: readonly Condition[] | undefined, type: string): Condition | undefined {
  return conditions?.find((candidate) => candidate.type === type)
}

export function isTrue(conditions: readonly Condition[] | undefined, type: string): boolean {
  return condition(conditions, type)?.status === 'True'
}

/**
 * Puts a condition at its place in the list, or at the end; the time of transition stays where the status does.
 * (The order in which kubelet and the API's own controllers keep them.)
 */
export function setInPlace(conditions: readonly Condition[], next: Condition): Condition[] {
  const current = condition(conditions, next.type)
  if (!current) return [...conditions, next]
  const kept = current.status === next.status ? { ...next, lastTransitionTime: current.lastTransitionTime } : next
  return conditions.map((candidate) => (candidate === current ? kept : candidate))
}

/**
 * Puts a condition at the end of the list unless its status and reason are already there: what the deployment
 * controller does.
 */
export function setAtEnd(conditions: readonly Condition[], next: Condition): Condition[] {
  const current = condition(conditions, next.type)
  if (current && current.status === next.status && current.reason === next.reason) return [...conditions]
  const kept = current?.status === next.status ? { ...next, lastTransitionTime: current.lastTransitionTime } : next
  return [...conditions.filter((candidate) => candidate !== current), kept]
}
