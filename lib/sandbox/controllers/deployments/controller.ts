/** The deployment controller: one ReplicaSet for each template, the newest growing as the others shrink. */
import { type Condition, condition, setAtEnd } from '../conditions.ts'
import { type Context, type Controller, keyOf, splitKey } from '../controller.ts'
import { adopt, controllerOf, ownerKeys } from '../owners.ts'
import {
  actual,
  annotation,
  type Deployment,
  type DeploymentStatus,
  type ReplicaSet,
  revisionOf,
} from './deployment.ts'
import { asNewest, newReplicaSet, replicaAnnotations, splitReplicaSets } from './history.ts'
import {
  isScalingEvent,
  newReplicas,
  type Scale,
  scaleDownOld,
  scaleProportionally,
  surplusHistory,
} from './rollout.ts'
import { countedStatus, deploymentCondition, isComplete, rolloutStatus, timeLeft } from './status.ts'

const deployments = 'deployments.apps'
const replicaSets = 'replicasets.apps'

export const deploymentController: Controller = {
  name: 'deployment-controller',
  client: 'kube-controller-manager',
  keys: ({ type, resource, object }, { dependents }) => {
    if (resource === deployments) return [keyOf(object)]
    if (resource === replicaSets) return ownerKeys(object, 'Deployment')
    // A Recreate waits until the pods of the old templates are gone.
    const replicaSet = type === 'DELETED' && resource === 'pods' && dependents.find(controllerOf(object)?.uid ?? '')
    return replicaSet ? ownerKeys(replicaSet.object, 'Deployment') : []
  },
  reconcile: (key, context) => {
    const { namespace, name } = splitKey(key)
    const found = context.store.get(deployments, name, namespace) as Deployment | undefined
    if (!found) return undefined
    const all = adopt(found, replicaSets, context) as ReplicaSet[]
    if (found.metadata.deletionTimestamp) {
      writeStatus(found, countedStatus(found, splitReplicaSets(found, all).newest, all, context.now()), context)
      return undefined
    }
    const deployment = withPauseCondition(found, context)
    if (deployment.spec.paused || isScalingEvent(deployment, all)) return scaleOnly(deployment, all, context)
    return rollOut(deployment, all, context)
  },
}

/** Scales what is there, without beginning or continuing a rollout. */
function scaleOnly(deployment: Deployment, all: readonly ReplicaSet[], context: Context): undefined {
  const { newest, old } = splitReplicaSets(deployment, all)
  const marked = newest && markNewest(deployment, newest, old, context)
  scale(deployment, scaleProportionally(deployment, marked, old), context)
  if (deployment.spec.paused) forget(surplusHistory(deployment, old), context)
  writeStatus(deployment, countedStatus(deployment, marked, all, context.now()), context)
  return undefined
}

function rollOut(deployment: Deployment, all: readonly ReplicaSet[], context: Context): number | undefined {
  const { newest: found, old } = splitReplicaSets(deployment, all)
  const isRecreate = deployment.spec.strategy.type === 'Recreate'
  const oldEnding = isRecreate && old.some((replicaSet) => replicaSet.spec.replicas > 0 || actual([replicaSet]) > 0)
  if (oldEnding || (isRecreate && hasOldPods(old, context))) {
    const running = old.filter(({ spec }) => spec.replicas > 0)
    scale(
      deployment,
      running.map((replicaSet) => ({ replicaSet, replicas: 0 })),
      context,
    )
    return finish(deployment, found, old, context)
  }
  const newest = found ? markNewest(deployment, found, old, context) : create(deployment, old, context)
  const target = Math.min(deployment.spec.replicas, newReplicas(deployment, [...old, newest], newest.spec.replicas))
  const current = context.store.get(deployments, deployment.metadata.name, deployment.metadata.namespace) as Deployment
  if (newest.spec.replicas !== target) {
    scale(current, [{ replicaSet: newest, replicas: target }], context)
    return finish(current, newest, old, context)
  }
  const shrinking = isRecreate ? [] : scaleDownOld(current, newest, old)
  scale(current, shrinking, context)
  if (shrinking.length === 0 && isComplete(current, current.status ?? {})) forget(surplusHistory(current, old), context)
  return finish(current, newest, old, context)
}

/** Writes what the rollout has come to; returns when it would count as too slow. */
function finish(
  deployment: Deployment,
  newest: ReplicaSet | undefined,
  old: readonly ReplicaSet[],
  context: Context,
): number | undefined {
  const status = rolloutStatus(deployment, newest, newest ? [...old, newest] : old, context.now())
  writeStatus(deployment, status, context)
  return timeLeft(deployment, status, context.now())
}

/** The pods of the old ReplicaSets have to be gone before a Recreate goes on. */
function hasOldPods(old: readonly ReplicaSet[], { dependents }: Context): boolean {
  return old.some((replicaSet) => dependents.controlled(replicaSet, 'pods').length > 0)
}

function create(deployment: Deployment, old: readonly ReplicaSet[], context: Context): ReplicaSet {
  const draft = newReplicaSet(deployment, old) as ReplicaSet
  draft.spec.replicas = newReplicas(deployment, [...old, draft], 0)
  const replicaSet = context.write.create(replicaSets, draft) as ReplicaSet
  const { name } = replicaSet.metadata
  if (draft.spec.replicas > 0) tell(deployment, `Scaled up replica set ${name} to ${draft.spec.replicas}`, context)
  const progressing = deploymentCondition(
    'Progressing',
    'True',
    context.now(),
    'NewReplicaSetCreated',
    `Created new replica set "${name}"`,
  )
  context.write.updateStatus(deployments, {
    ...withRevision(deployment, replicaSet),
    status: { ...deployment.status, conditions: setAtEnd(deployment.status?.conditions ?? [], progressing) },
  })
  return replicaSet
}

/** Brings the annotations of the newest ReplicaSet, and the Deployment's revision, up to date. */
function markNewest(
  deployment: Deployment,
  replicaSet: ReplicaSet,
  old: readonly ReplicaSet[],
  { write, now }: Context,
): ReplicaSet {
  const marked = write.update(replicaSets, asNewest(deployment, replicaSet, old)) as ReplicaSet
  const conditions: Condition[] = deployment.status?.conditions ?? []
  const found = deploymentCondition(
    'Progressing',
    'True',
    now(),
    'FoundNewReplicaSet',
    `Found new replica set "${replicaSet.metadata.name}"`,
  )
  const isUnmarked = deployment.metadata.annotations?.[annotation.revision] !== String(revisionOf(marked))
  if (isUnmarked || !condition(conditions, 'Progressing'))
    write.updateStatus(deployments, {
      ...withRevision(deployment, marked),
      status: {
        ...deployment.status,
        conditions: condition(conditions, 'Progressing') ? conditions : setAtEnd(conditions, found),
      },
    })
  return marked
}

function withRevision(deployment: Deployment, replicaSet: ReplicaSet): Deployment {
  const annotations = { ...deployment.metadata.annotations, [annotation.revision]: String(revisionOf(replicaSet)) }
  return { ...deployment, metadata: { ...deployment.metadata, annotations } }
}

/** The status is counted without it, from the ReplicaSets as they were found: that they are scaled brings it here again. */
function scale(deployment: Deployment, scales: readonly Scale[], context: Context): void {
  for (const { replicaSet, replicas } of scales) {
    const { metadata, spec } = replicaSet
    const before = spec.replicas
    context.write.update(replicaSets, {
      ...replicaSet,
      metadata: {
        ...metadata,
        annotations: { ...metadata.annotations, ...replicaAnnotations(deployment) },
        generation: (metadata.generation ?? 1) + (before === replicas ? 0 : 1),
      },
      spec: { ...spec, replicas },
    })
    if (before !== replicas)
      tell(
        deployment,
        `Scaled ${replicas > before ? 'up' : 'down'} replica set ${metadata.name} to ${replicas} from ${before}`,
        context,
      )
  }
}

function forget(surplus: readonly ReplicaSet[], { store }: Context): void {
  for (const { metadata } of surplus) store.remove(replicaSets, metadata.name, metadata.namespace)
}

function tell(deployment: Deployment, message: string, context: Context): void {
  context.record(deployment, {
    type: 'Normal',
    reason: 'ScalingReplicaSet',
    message,
    component: 'deployment-controller',
  })
}

function writeStatus({ metadata }: Deployment, status: DeploymentStatus, { store, write }: Context): void {
  const current = store.get(deployments, metadata.name, metadata.namespace)
  if (current) write.updateStatus(deployments, { ...current, status })
}

/** A pause, and its end, are seen in the Progressing condition. */
function withPauseCondition(deployment: Deployment, { write, now }: Context): Deployment {
  const conditions = deployment.status?.conditions ?? []
  const current = condition(conditions, 'Progressing')
  const isMarked = current?.reason === 'DeploymentPaused'
  const isPaused = Boolean(deployment.spec.paused)
  if (isPaused === isMarked || current?.reason === 'ProgressDeadlineExceeded') return deployment
  const change = isPaused
    ? deploymentCondition('Progressing', 'Unknown', now(), 'DeploymentPaused', 'Deployment is paused')
    : deploymentCondition('Progressing', 'Unknown', now(), 'DeploymentResumed', 'Deployment is resumed')
  const status = { ...deployment.status, conditions: setAtEnd(conditions, change) }
  return write.updateStatus(deployments, { ...deployment, status }) as Deployment
}
