/** A Deployment's status, from its ReplicaSets: counts, and the conditions Available and Progressing. */
import { timestamp } from '../../store/store.ts'
import { type Condition, condition, setAtEnd } from '../conditions.ts'
import {
  actual,
  available,
  type Deployment,
  type DeploymentStatus,
  type ReplicaSet,
  ready,
  wanted,
} from './deployment.ts'
import { maxUnavailable } from './rollout.ts'

export function deploymentCondition(
  type: string,
  status: Condition['status'],
  now: Date,
  reason: string,
  message: string,
): Condition {
  const time = timestamp(now)
  return { type, status, lastUpdateTime: time, lastTransitionTime: time, reason, message }
}

/** Counts and availability; zero counts are left out, as the API does. */
export function countedStatus(
  deployment: Deployment,
  newest: ReplicaSet | undefined,
  all: readonly ReplicaSet[],
  now: Date,
): DeploymentStatus {
  const { spec, metadata, status } = deployment
  const availableReplicas = available(all)
  const isAvailable = availableReplicas >= spec.replicas - maxUnavailable(deployment)
  const counts = {
    replicas: actual(all),
    updatedReplicas: newest ? actual([newest]) : 0,
    readyReplicas: ready(all),
    availableReplicas,
    unavailableReplicas: Math.max(0, wanted(all) - availableReplicas),
  }
  return {
    observedGeneration: metadata.generation ?? 1,
    ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0)),
    conditions: setAtEnd(
      status?.conditions ?? [],
      isAvailable
        ? deploymentCondition(
            'Available',
            'True',
            now,
            'MinimumReplicasAvailable',
            'Deployment has minimum availability.',
          )
        : deploymentCondition(
            'Available',
            'False',
            now,
            'MinimumReplicasUnavailable',
            'Deployment does not have minimum availability.',
          ),
    ),
  }
}

/** The status with its Progressing condition: complete, getting on, or too slow. */
export function rolloutStatus(
  deployment: Deployment,
  newest: ReplicaSet | undefined,
  all: readonly ReplicaSet[],
  now: Date,
): DeploymentStatus {
  const next = withFailures(countedStatus(deployment, newest, all, now), newest, all)
  const current = condition(deployment.status?.conditions, 'Progressing')
  const isDone = next.replicas === next.updatedReplicas && current?.reason === 'NewReplicaSetAvailable'
  if (isDone) return next
  const subject = newest ? `ReplicaSet "${newest.metadata.name}"` : `Deployment "${deployment.metadata.name}"`
  const progressing = (status: Condition['status'], reason: string, message: string) =>
    deploymentCondition('Progressing', status, now, reason, message)
  const conditions = next.conditions ?? []

  if (isComplete(deployment, next)) {
    const done = progressing('True', 'NewReplicaSetAvailable', `${subject} has successfully progressed.`)
    return { ...next, conditions: setAtEnd(conditions, done) }
  }
  if (hasProgressed(deployment.status ?? {}, next)) {
    const going = progressing('True', 'ReplicaSetUpdated', `${subject} is progressing.`)
    if (current?.status === 'True') going.lastTransitionTime = current.lastTransitionTime
    return { ...next, conditions: [...conditions.filter(({ type }) => type !== 'Progressing'), going] }
  }
  if (isTooSlow(deployment, current, now)) {
    const late = progressing('False', 'ProgressDeadlineExceeded', `${subject} has timed out progressing.`)
    return { ...next, conditions: setAtEnd(conditions, late) }
  }
  return next
}

export function isComplete({ spec, metadata }: Deployment, status: DeploymentStatus): boolean {
  return (
    (status.updatedReplicas ?? 0) === spec.replicas &&
    (status.replicas ?? 0) === spec.replicas &&
    (status.availableReplicas ?? 0) === spec.replicas &&
    (status.observedGeneration ?? 0) >= (metadata.generation ?? 1)
  )
}

/** Milliseconds until a rollout that does not get on counts as too slow; undefined where that cannot happen. */
export function timeLeft({ spec }: Deployment, status: DeploymentStatus, now: Date): number | undefined {
  const current = condition(status.conditions, 'Progressing')
  if (current?.status !== 'True' || current.reason === 'NewReplicaSetAvailable') return undefined
  const since = Date.parse(current.lastUpdateTime as string)
  // One second more: times in conditions are whole seconds.
  return Math.max(0, since + (spec.progressDeadlineSeconds ?? 600) * 1000 + 1000 - now.getTime())
}

function isTooSlow(deployment: Deployment, current: Condition | undefined, now: Date): boolean {
  if (!current || current.reason === 'NewReplicaSetAvailable') return false
  if (current.reason === 'ProgressDeadlineExceeded') return true
  const since = Date.parse(current.lastUpdateTime as string)
  return since + (deployment.spec.progressDeadlineSeconds ?? 600) * 1000 < now.getTime()
}

function hasProgressed(before: DeploymentStatus, after: DeploymentStatus): boolean {
  const old = ({ replicas = 0, updatedReplicas = 0 }: DeploymentStatus) => replicas - updatedReplicas
  return (
    (after.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
    old(after) < old(before) ||
    (after.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (after.availableReplicas ?? 0) > (before.availableReplicas ?? 0)
  )
}

/** A ReplicaSet that cannot make its pods says so on its Deployment. */
function withFailures(
  status: DeploymentStatus,
  newest: ReplicaSet | undefined,
  all: readonly ReplicaSet[],
): DeploymentStatus {
  const conditions = status.conditions?.filter(({ type }) => type !== 'ReplicaFailure') ?? []
  const failure = (newest ? [newest, ...all] : all)
    .map((replicaSet) => condition(replicaSet.status?.conditions, 'ReplicaFailure'))
    .find((candidate) => candidate !== undefined)
  if (!failure) return { ...status, conditions }
  const kept = condition(status.conditions, 'ReplicaFailure')
  return {
    ...status,
    conditions: [
      ...conditions,
      kept && kept.message === failure.message ? kept : { ...failure, lastUpdateTime: failure.lastTransitionTime },
    ],
  }
}
