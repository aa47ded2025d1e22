/** Conditions of Deployments, ReplicaSets, pods and definitions. */
import type { KubeObject } from '../objects.ts'
import { timestamp } from '../store/store.ts'

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

/** What a condition says, but for since when. */
export type Said = Pick<Condition, 'type' | 'status' | 'reason' | 'message'>

/** The object with a condition at its place in the status. */
export function withCondition(object: KubeObject, said: Said, now: Date): KubeObject {
  const { status } = object
  const conditions = setInPlace(status?.conditions ?? [], { lastTransitionTime: timestamp(now), ...said })
  return { ...object, status: { ...status, conditions } }
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
