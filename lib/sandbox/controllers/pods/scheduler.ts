/** The scheduler: gives each new pod to the only node, or says why it cannot. */
import type { KubeObject } from '../../objects.ts'
import { type Condition, setInPlace } from '../conditions.ts'
import { type Change, type Context, type Controller, keyOf, splitKey } from '../controller.ts'
import { unfit } from './fit.ts'
import type { Pod } from './pod.ts'
import { podCondition } from './status.ts'

export function scheduler(): Controller {
  return {
    name: 'scheduler',
    client: 'kube-scheduler',
    keys: ({ type, resource, object }: Change, { store }: Context) => {
      if (resource === 'pods' && type !== 'DELETED')
        return isWaiting(object) && !wasTried(object) ? [keyOf(object)] : []
      // A pod that went, or a node that changed, may have made room for those that wait.
      const makesRoom = (resource === 'pods' && type === 'DELETED') || resource === 'nodes'
      return makesRoom ? store.list('pods').filter(isWaiting).sort(longestWaiting).map(keyOf) : []
    },
    reconcile: (key, context) => {
      const { namespace, name } = splitKey(key)
      const pod = context.store.get('pods', name, namespace) as Pod | undefined
      if (pod && isWaiting(pod)) schedule(pod, context)
      return undefined
    },
  }
}

function isWaiting(pod: KubeObject): boolean {
  return !pod.spec.nodeName && !pod.metadata.deletionTimestamp
}

function wasTried({ status }: KubeObject): boolean {
  return (status?.conditions ?? []).some(({ type }: Condition) => type === 'PodScheduled')
}

/** Who was refused first is tried first. */
function longestWaiting(a: KubeObject, b: KubeObject): number {
  return Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion)
}

function schedule(pod: Pod, context: Context): void {
  const { store, write, now } = context
  const nodes = store.list('nodes')
  const pods = store.list('pods')
  const reasons = nodes.map((node) => unfit(pod, node, pods))
  const index = reasons.indexOf(undefined)
  const node = nodes[index]
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
      component: 'default-scheduler',
    })
    return
  }
  const message = unschedulable(reasons as string[])
  const refused = podCondition('PodScheduled', 'False', now(), { reason: 'Unschedulable', message })
  const before = conditions.find(({ type }) => type === 'PodScheduled')
  if (before?.message !== message)
    write.updateStatus('pods', { ...pod, status: { ...pod.status, conditions: setInPlace(conditions, refused) } })
  context.record(pod, { type: 'Warning', reason: 'FailedScheduling', message, component: 'default-scheduler' })
}

/** The scheduler's summary of why no node will do; pods of one priority never make room for each other. */
function unschedulable(reasons: readonly string[]): string {
  const count = reasons.length
  const summary = [...new Set(reasons)]
    .map((reason) => `${reasons.filter((other) => other === reason).length} ${reason}`)
    .sort()
    .join(', ')
  const canPreempt = reasons.every((reason) => !/unschedulable|affinity/.test(reason))
  const preemption = canPreempt
    ? `${count} No preemption victims found for incoming pod`
    : `${count} Preemption is not helpful for scheduling`
  return `0/${count} nodes are available: ${summary}. preemption: 0/${count} nodes are available: ${preemption}.`
}
