/** The scheduler: gives each new pod to the only node, or says why it cannot. */
import type { KubeObject } from '../../objects.ts'
import { type Condition, setInPlace } from '../conditions.ts'
import { type Change, type Context, type Controller, keyOf, splitKey } from '../controller.ts'
import { isLateBound } from '../storage/claims.ts'
import { claimFault, type Unfit, unfit } from './fit.ts'
import type { Pod } from './pod.ts'
import { podCondition } from './status.ts'

export function scheduler(): Controller {
  return {
    name: 'scheduler',
    client: 'kube-scheduler',
    keys: (change: Change, { store }: Context) => {
      const { type, resource, object } = change
      const isNew = resource === 'pods' && type !== 'DELETED' && isWaiting(object) && !wasTried(object)
      if (isNew) return [keyOf(object)]
      const isHelped = whomItHelps(change)
      if (!isHelped) return []
      const helped = store.list('pods').filter((pod) => isWaiting(pod) && isHelped(pod))
      return helped.sort(longestWaiting).map(keyOf)
    },
    reconcile: (key, context) => {
      const { namespace, name } = splitKey(key)
      const pod = context.store.get('pods', name, namespace) as Pod | undefined
      if (pod && isWaiting(pod)) schedule(pod, context)
      return undefined
    },
  }
}

/** Pods may ask for another scheduler, which is not here. */
const NAME = 'default-scheduler'

function isWaiting({ metadata, spec }: KubeObject): boolean {
  const isGated = spec.schedulingGates?.length > 0
  return !spec.nodeName && !metadata.deletionTimestamp && !isGated && (spec.schedulerName ?? NAME) === NAME
}

/** Which of the pods that wait a change may have made room for, or brought what they wait for. */
function whomItHelps({ type, resource, object, previous }: Change): ((waiting: KubeObject) => boolean) | undefined {
  if (resource === 'nodes' || resource === 'persistentvolumeclaims') return () => true
  if (resource !== 'pods') return undefined
  const phase = object.status?.phase
  const hasEnded = phase !== previous?.status?.phase && (phase === 'Succeeded' || phase === 'Failed')
  if (type === 'DELETED' || hasEnded) return () => true
  const hasCome = object.spec.nodeName !== undefined && previous?.spec.nodeName === undefined
  return hasCome ? (waiting) => waiting.spec.affinity?.podAffinity !== undefined : undefined
}

function wasTried({ status }: KubeObject): boolean {
  return (status?.conditions ?? []).some(
    ({ type, reason }: Condition) => type === 'PodScheduled' && reason !== 'SchedulingGated',
  )
}

/** Who was refused first is tried first. */
function longestWaiting(a: KubeObject, b: KubeObject): number {
  return Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion)
}

function schedule(pod: Pod, context: Context): void {
  const { store, write, now } = context
  const nodes = store.list('nodes')
  const pods = store.list('pods')
  const claim = claimFault(pod, (name) => {
    const found = store.get('persistentvolumeclaims', name, pod.metadata.namespace)
    return found && { isReady: found.status?.phase === 'Bound' || isLateBound(found, context) }
  })
  const judged = nodes.map((node) => unfit(pod, node, pods))
  const node = claim ? undefined : nodes[judged.indexOf(undefined)]
  const conditions = pod.status.conditions ?? []
  if (node) {
    const scheduled = podCondition('PodScheduled', 'True', now())
    // A binding is no update: nobody owns what it sets.
    store.update('pods', {
      ...pod,
      spec: { ...pod.spec, nodeName: node.metadata.name },
      status: { ...pod.status, conditions: setInPlace(conditions, scheduled) },
    })
    context.record(pod, {
      type: 'Normal',
      reason: 'Scheduled',
      message: `Successfully assigned ${keyOf(pod)} to ${node.metadata.name}`,
      component: NAME,
    })
    return
  }
  const message = claim ? noNode(nodes.length, claim, false) : unschedulable(judged as Unfit[])
  const refused = podCondition('PodScheduled', 'False', now(), { reason: 'Unschedulable', message })
  const before = conditions.find(({ type }) => type === 'PodScheduled')
  if (before?.message !== message)
    write.updateStatus('pods', { ...pod, status: { ...pod.status, conditions: setInPlace(conditions, refused) } })
  context.record(pod, { type: 'Warning', reason: 'FailedScheduling', message, component: NAME })
}

/** The scheduler's summary of why no node will do. */
function unschedulable(judged: readonly Unfit[]): string {
  const all = judged.flatMap(({ reasons }) => reasons)
  const summary = [...new Set(all)]
    .map((reason) => `${all.filter((other) => other === reason).length} ${reason}`)
    .sort()
    .join(', ')
  const isHelped = judged.every(({ isHelpedByRoom }) => isHelpedByRoom)
  return noNode(judged.length, summary, isHelped)
}

/** Pods of one priority never make room for each other. */
function noNode(count: number, summary: string, isHelpedByRoom: boolean): string {
  const preemption = isHelpedByRoom
    ? `${count} No preemption victims found for incoming pod`
    : `${count} Preemption is not helpful for scheduling`
  return `0/${count} nodes are available: ${summary}. preemption: 0/${count} nodes are available: ${preemption}.`
}
