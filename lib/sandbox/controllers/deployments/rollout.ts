/**
 * How far each ReplicaSet of a Deployment may be scaled now: the deployment controller's arithmetic
 * (kubernetes/pkg/controller/deployment at 1.29), as pure functions.
 */
import {
  actual,
  annotation,
  available,
  type Deployment,
  oldestFirst,
  type ReplicaSet,
  revisionOf,
  wanted,
} from './deployment.ts'

export interface Scale {
  replicaSet: ReplicaSet
  replicas: number
}

/** How many pods more than wanted there may be during a rolling update. */
export function maxSurge({ spec }: Deployment): number {
  if (spec.strategy.type !== 'RollingUpdate' || spec.replicas === 0) return 0
  return scaled(spec.strategy.rollingUpdate?.maxSurge ?? '25%', spec.replicas, Math.ceil)
}

/** How many pods fewer than wanted may be available during a rolling update. */
export function maxUnavailable({ spec }: Deployment): number {
  if (spec.strategy.type !== 'RollingUpdate' || spec.replicas === 0) return 0
  const surge = scaled(spec.strategy.rollingUpdate?.maxSurge ?? '25%', spec.replicas, Math.ceil)
  const unavailable = scaled(spec.strategy.rollingUpdate?.maxUnavailable ?? '25%', spec.replicas, Math.floor)
  // Both rounded to nothing would never get on.
  return Math.min(surge === 0 && unavailable === 0 ? 1 : unavailable, spec.replicas)
}

/** `25%` or a number. */
function scaled(value: string | number, total: number, round: (value: number) => number): number {
  if (typeof value === 'number') return value
  return value.endsWith('%') ? round((Number.parseInt(value, 10) * total) / 100) : Number.parseInt(value, 10)
}

/** How many pods the newest ReplicaSet may have now. */
export function newReplicas(deployment: Deployment, all: readonly ReplicaSet[], newest: number): number {
  const { replicas, strategy } = deployment.spec
  if (strategy.type === 'Recreate') return replicas
  const room = replicas + maxSurge(deployment) - wanted(all)
  return room <= 0 ? newest : newest + Math.min(room, replicas - newest)
}

/** The old ReplicaSets that can lose pods now: those that are not well first. */
export function scaleDownOld(deployment: Deployment, newest: ReplicaSet, old: readonly ReplicaSet[]): Scale[] {
  const active = old.filter(({ spec }) => spec.replicas > 0).sort(oldestFirst)
  const minAvailable = deployment.spec.replicas - maxUnavailable(deployment)
  const newestMissing = newest.spec.replicas - (newest.status?.availableReplicas ?? 0)
  const most = wanted([...active, newest]) - minAvailable - newestMissing
  if (active.length === 0 || most <= 0) return []

  const sizes = new Map(active.map((replicaSet) => [replicaSet, replicaSet.spec.replicas as number]))
  const take = (limit: number, loss: (replicaSet: ReplicaSet) => number) => {
    let left = limit
    for (const replicaSet of active) {
      const size = sizes.get(replicaSet) as number
      const count = Math.max(0, Math.min(left, loss(replicaSet), size))
      sizes.set(replicaSet, size - count)
      left -= count
    }
  }
  take(most, ({ spec, status }) => spec.replicas - (status?.availableReplicas ?? 0))
  take(available([...active, newest]) - minAvailable, (replicaSet) => sizes.get(replicaSet) as number)
  return active
    .map((replicaSet) => ({ replicaSet, replicas: sizes.get(replicaSet) as number }))
    .filter(({ replicaSet, replicas }) => replicas !== replicaSet.spec.replicas)
}

/** Whether somebody has changed `spec.replicas` since the ReplicaSets were last scaled. */
export function isScalingEvent(deployment: Deployment, all: readonly ReplicaSet[]): boolean {
  return all.some(({ metadata, spec }) => {
    const desired = metadata.annotations?.[annotation.desiredReplicas]
    return spec.replicas > 0 && desired !== undefined && Number(desired) !== deployment.spec.replicas
  })
}

/** Scaling without a rollout: the only active ReplicaSet takes all, several keep their proportions. */
export function scaleProportionally(
  deployment: Deployment,
  newest: ReplicaSet | undefined,
  old: readonly ReplicaSet[],
): Scale[] {
  const { replicas } = deployment.spec
  const all = newest ? [...old, newest] : [...old]
  const active = all.filter(({ spec }) => spec.replicas > 0)
  if (active.length <= 1) {
    const only = active[0] ?? newest ?? [...old].sort(oldestFirst).at(-1)
    return only ? [{ replicaSet: only, replicas }] : []
  }
  if (newest && newest.spec.replicas === replicas && newest.status?.availableReplicas === replicas)
    return old.filter(({ spec }) => spec.replicas > 0).map((replicaSet) => ({ replicaSet, replicas: 0 }))
  if (deployment.spec.strategy.type !== 'RollingUpdate') return []

  const toAdd = (replicas > 0 ? replicas + maxSurge(deployment) : 0) - wanted(active)
  const largestFirst = [...active].sort((a, b) => b.spec.replicas - a.spec.replicas || newerWhen(toAdd > 0, a, b))
  let added = 0
  const scales = largestFirst.map((replicaSet) => {
    const share = proportion(deployment, replicaSet)
    const change = toAdd > 0 ? Math.min(share, toAdd - added) : Math.max(share, toAdd - added)
    added += toAdd === 0 ? 0 : change
    return { replicaSet, replicas: replicaSet.spec.replicas + (toAdd === 0 ? 0 : change) }
  })
  const first = scales[0] as Scale
  first.replicas = Math.max(0, first.replicas + toAdd - added)
  return scales
}

function proportion(deployment: Deployment, { spec, metadata }: ReplicaSet): number {
  if (deployment.spec.replicas === 0) return -spec.replicas
  const before = Number(metadata.annotations?.[annotation.maxReplicas] ?? deployment.status?.replicas ?? 0)
  const after = deployment.spec.replicas + maxSurge(deployment)
  return before === 0 ? 0 : Math.round((spec.replicas * after) / before) - spec.replicas
}

function newerWhen(newerFirst: boolean, a: ReplicaSet, b: ReplicaSet): number {
  return newerFirst ? oldestFirst(b, a) : oldestFirst(a, b)
}

/** Old ReplicaSets beyond what the history keeps, those of the first revisions; what still has pods stays for now. */
export function surplusHistory(deployment: Deployment, old: readonly ReplicaSet[]): ReplicaSet[] {
  const alive = old.filter(({ metadata }) => !metadata.deletionTimestamp)
  const surplus = Math.max(0, alive.length - (deployment.spec.revisionHistoryLimit ?? 10))
  const byRevision = alive.sort((a, b) => revisionOf(a) - revisionOf(b) || oldestFirst(a, b))
  return byRevision.slice(0, surplus).filter((one) => one.spec.replicas === 0 && actual([one]) === 0)
}
