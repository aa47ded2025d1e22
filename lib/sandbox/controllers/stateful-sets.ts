/** The StatefulSet controller: numbered pods, one after the other, each with claims of its own. */
import type { KubeObject } from '../objects.ts'
import { type Context, type Controller, keyOf, splitKey } from './controller.ts'
import { currentRevision, limitRevisions, revisionHash, revisionNamed, templatePatch } from './controller-revisions.ts'
import { deleteObject } from './delete.ts'
import { adopt, ownerKeys } from './owners.ts'
import { isAvailable, untilAvailable } from './pods/availability.ts'
import { isReady } from './pods/pod.ts'
import { podFrom } from './replica-sets.ts'
import { revisionHashOf } from './revision-hash.ts'

const sets = 'statefulsets.apps'
const claims = 'persistentvolumeclaims'

// biome-ignore lint/suspicious/noExplicitAny: parts of objects are known by their schema
type Part = any

export const statefulSetController: Controller = {
  name: 'statefulset-controller',
  client: 'kube-controller-manager',
  keys: ({ resource, object }) =>
    resource === sets ? [keyOf(object)] : resource === 'pods' ? ownerKeys(object, 'StatefulSet') : [],
  reconcile: (key, context) => {
    const { namespace, name } = splitKey(key)
    const set = context.store.get(sets, name, namespace)
    if (!set) return undefined
    const update = revisionOf(set, context)
    const pods = adopt(set, 'pods', context)
    // Of the pods as they were found: those that were made or ended just now bring it here again.
    const status = statusOf(set, update, pods, context.now())
    const outcome = set.metadata.deletionTimestamp ? 'done' : step({ ...set, status }, update, pods, context)
    limitRevisions(set, update, context.dependents.controlled(set, 'pods'), context)
    context.write.updateStatus(sets, { ...set, status: outcome === 'replaced' ? withOneLess(status) : status })
    return outcome === 'failed' ? 'later' : untilAvailable(pods, set.spec.minReadySeconds ?? 0, context.now())
  },
}

function revisionOf(set: KubeObject, context: Context): KubeObject {
  const data = templatePatch(set)
  const hash = revisionHashOf(data, set.status?.collisionCount ?? 0)
  return currentRevision(set, { data, hash, labels: set.spec.template.metadata?.labels ?? {} }, context)
}

/** What a step came to: a pod could not be made, one of another revision was ended, or all is as it can be now. */
type Outcome = 'failed' | 'replaced' | 'done'

/** What is next, and nothing that has to wait for it. */
function step(set: KubeObject, update: KubeObject, pods: readonly KubeObject[], context: Context): Outcome {
  const { replicas, podManagementPolicy, updateStrategy } = set.spec
  const start = set.spec.ordinals?.start ?? 0
  const isOrdered = podManagementPolicy !== 'Parallel'
  const at = new Map(pods.map((pod) => [ordinalOf(pod), pod]))
  const isWell = (pod: KubeObject) => isAvailable(pod, set.spec.minReadySeconds ?? 0, context.now())
  for (let ordinal = start; ordinal < start + replicas; ordinal++) {
    const pod = at.get(ordinal)
    if (pod && isOver(pod) && !isGoing(pod)) end(set, pod, context)
    else if (!pod && !make(set, ordinal, update, context)) return 'failed'
    if (isOrdered && !(pod && !isGoing(pod) && isWell(pod))) return 'done'
  }
  const beyond = pods.filter((pod) => !isWanted(set, pod)).sort(highestFirst)
  for (const pod of beyond) {
    if (!isGoing(pod)) end(set, pod, context)
    if (isOrdered) return 'done'
  }
  if (updateStrategy?.type === 'OnDelete') return 'done'
  const partition = updateStrategy?.rollingUpdate?.partition ?? 0
  for (const pod of pods.filter((one) => ordinalOf(one) >= partition).sort(highestFirst)) {
    if (revisionNameOf(pod) !== update.metadata.name && !isGoing(pod)) {
      end(set, pod, context)
      return 'replaced'
    }
    if (isGoing(pod) || !isWell(pod)) return 'done'
  }
  return 'done'
}

function make(set: KubeObject, ordinal: number, update: KubeObject, context: Context): boolean {
  const { name } = set.metadata
  try {
    const pod = podFor(set, ordinal, neededRevision(set, ordinal, update, context))
    for (const claim of claimsOf(set, pod)) makeClaim(set, claim, pod, context)
    context.write.createPod(pod)
    tell(set, 'SuccessfulCreate', `create Pod ${nameOf(pod)} in StatefulSet ${name} successful`, context)
    return true
  } catch (error) {
    const message = `create Pod ${name}-${ordinal} in StatefulSet ${name} failed error: ${(error as Error).message}`
    tell(set, 'FailedCreate', message, context, 'Warning')
    return false
  }
}

/** Below the partition, and where an update has not come yet, a pod comes back as it was. */
function neededRevision(set: KubeObject, ordinal: number, update: KubeObject, context: Context): KubeObject {
  const { updateStrategy, ordinals } = set.spec
  const { currentRevision: name, currentReplicas = 0 } = set.status
  const { partition } = updateStrategy?.rollingUpdate ?? {}
  const kept = partition ? partition : (ordinals?.start ?? 0) + currentReplicas
  const isRolling = updateStrategy?.type !== 'OnDelete'
  const current = isRolling && ordinal < kept ? revisionNamed(set, name, context) : undefined
  return current ?? update
}

function podFor(set: KubeObject, ordinal: number, revision: KubeObject): KubeObject {
  const { $patch: _whole, ...template } = revision.data.spec.template as Part
  const { generateName: _unused, ...metadata } = podFrom(template, set).metadata
  const name = `${set.metadata.name}-${ordinal}`
  const volumes = (set.spec.volumeClaimTemplates ?? []).map((claim: Part) => ({
    name: claim.metadata.name,
    persistentVolumeClaim: { claimName: `${claim.metadata.name}-${name}` },
  }))
  const own = ({ name: of }: Part) => !volumes.some((volume: Part) => volume.name === of)
  const all = [...volumes, ...(template.spec.volumes ?? []).filter(own)]
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...metadata,
      name,
      generateName: `${set.metadata.name}-`,
      labels: {
        ...metadata.labels,
        'statefulset.kubernetes.io/pod-name': name,
        [revisionHash]: revision.metadata.name,
        'apps.kubernetes.io/pod-index': String(ordinal),
      },
    },
    spec: {
      ...template.spec,
      hostname: name,
      ...(set.spec.serviceName ? { subdomain: set.spec.serviceName } : {}),
      ...(all.length > 0 ? { volumes: all } : {}),
    },
  }
}

function claimsOf(set: KubeObject, pod: KubeObject): KubeObject[] {
  return (set.spec.volumeClaimTemplates ?? []).map((template: Part) => ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      ...template.metadata,
      name: `${template.metadata.name}-${nameOf(pod)}`,
      namespace: set.metadata.namespace as string,
      labels: { ...template.metadata.labels, ...set.spec.selector.matchLabels },
    },
    spec: template.spec,
  }))
}

function makeClaim(set: KubeObject, claim: KubeObject, pod: KubeObject, context: Context): void {
  if (context.store.get(claims, nameOf(claim), claim.metadata.namespace)) return
  context.write.createAs(claims, claim)
  const where = `Pod ${nameOf(pod)} in StatefulSet ${nameOf(set)}`
  tell(set, 'SuccessfulCreate', `create Claim ${nameOf(claim)} ${where} success`, context)
}

function end(set: KubeObject, pod: KubeObject, context: Context): void {
  deleteObject('pods', pod, context)
  tell(set, 'SuccessfulDelete', `delete Pod ${nameOf(pod)} in StatefulSet ${nameOf(set)} successful`, context)
}

function tell(
  set: KubeObject,
  reason: string,
  message: string,
  context: Context,
  type: 'Normal' | 'Warning' = 'Normal',
): void {
  context.record(set, { type, reason, message, component: 'statefulset-controller' })
}

function statusOf(set: KubeObject, update: KubeObject, all: readonly KubeObject[], now: Date): KubeObject['status'] {
  const { metadata, spec, status = {} } = set
  // The controller has another pod in mind where one is over, but not beyond the replicas that are wanted.
  const pods = all.filter((pod) => !isOver(pod) || !isWanted(set, pod))
  const ready = pods.filter(isReady)
  const ofRevision = (name: string) => pods.filter((pod) => revisionNameOf(pod) === name && !isGoing(pod)).length
  const updateRevision = update.metadata.name
  const updated = ofRevision(updateRevision)
  const isThrough = updated === spec.replicas && ready.length === spec.replicas && pods.length === spec.replicas
  const currentRevision = isThrough ? updateRevision : status.currentRevision || updateRevision
  const counts = {
    readyReplicas: ready.length,
    currentReplicas: ofRevision(currentRevision),
    updatedReplicas: updated,
  }
  return {
    observedGeneration: metadata.generation ?? 1,
    replicas: pods.length,
    ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)),
    currentRevision,
    updateRevision,
    collisionCount: status.collisionCount ?? 0,
    availableReplicas: pods.filter((pod) => isAvailable(pod, spec.minReadySeconds ?? 0, now)).length,
  }
}

/** The controller counts the pod that it ended for an update at once, all others when it sees them again. */
function withOneLess({ currentReplicas = 0, ...status }: Part): KubeObject['status'] {
  return currentReplicas > 1 ? { ...status, currentReplicas: currentReplicas - 1 } : status
}

function ordinalOf({ metadata }: KubeObject): number {
  return Number(/-(\d+)$/.exec(metadata.name)?.[1] ?? -1)
}

function isWanted({ spec }: KubeObject, pod: KubeObject): boolean {
  const ordinal = ordinalOf(pod) - (spec.ordinals?.start ?? 0)
  return ordinal >= 0 && ordinal < spec.replicas
}

function highestFirst(a: KubeObject, b: KubeObject): number {
  return ordinalOf(b) - ordinalOf(a)
}

function revisionNameOf({ metadata }: KubeObject): string | undefined {
  return metadata.labels?.[revisionHash]
}

function isGoing({ metadata }: KubeObject): boolean {
  return metadata.deletionTimestamp !== undefined
}

function isOver({ status }: KubeObject): boolean {
  return status?.phase === 'Failed' || status?.phase === 'Succeeded'
}

function nameOf({ metadata }: KubeObject): string {
  return metadata.name
}
