/** Deployments and ReplicaSets, as far as their controllers read them. */
import type { KubeObject } from '../../objects.ts'
import type { Condition } from '../conditions.ts'

export interface DeploymentStatus {
  observedGeneration?: number
  replicas?: number
  updatedReplicas?: number
  readyReplicas?: number
  availableReplicas?: number
  unavailableReplicas?: number
  collisionCount?: number
  conditions?: Condition[]
}

export interface Deployment extends KubeObject {
  status: DeploymentStatus
}

export interface ReplicaSet extends KubeObject {
  status: {
    replicas: number
    fullyLabeledReplicas?: number
    readyReplicas?: number
    availableReplicas?: number
    observedGeneration?: number
    conditions?: Condition[]
  }
}

export const annotation = {
  revision: 'deployment.kubernetes.io/revision',
  revisionHistory: 'deployment.kubernetes.io/revision-history',
  desiredReplicas: 'deployment.kubernetes.io/desired-replicas',
  maxReplicas: 'deployment.kubernetes.io/max-replicas',
  lastApplied: 'kubectl.kubernetes.io/last-applied-configuration',
} as const

export const hashLabel = 'pod-template-hash'

export function wanted(replicaSets: readonly ReplicaSet[]): number {
  return sum(replicaSets, ({ spec }) => spec.replicas)
}

export function actual(replicaSets: readonly ReplicaSet[]): number {
  return sum(replicaSets, ({ status }) => status?.replicas)
}

export function ready(replicaSets: readonly ReplicaSet[]): number {
  return sum(replicaSets, ({ status }) => status?.readyReplicas)
}

export function available(replicaSets: readonly ReplicaSet[]): number {
  return sum(replicaSets, ({ status }) => status?.availableReplicas)
}

export function revisionOf({ metadata }: KubeObject): number {
  return Number(metadata.annotations?.[annotation.revision] ?? 0)
}

export function oldestFirst(a: KubeObject, b: KubeObject): number {
  const [first, second] = [a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? '']
  if (first !== second) return first < second ? -1 : 1
  return a.metadata.name < b.metadata.name ? -1 : 1
}

function sum(replicaSets: readonly ReplicaSet[], count: (replicaSet: ReplicaSet) => number | undefined): number {
  return replicaSets.reduce((total, replicaSet) => total + (count(replicaSet) ?? 0), 0)
}
