/** The controllers of ReplicaSets and ReplicationControllers: as many pods as wanted, made or ended one after the other. */

import type { KubeObject, Labels } from '../objects.ts'
import { hasLabels, selects } from '../selectors.ts'
import { timestamp } from '../store/store.ts'
import { condition } from './conditions.ts'
import { type Context, type Controller, keyOf, splitKey } from './controller.ts'
import { deleteObject } from './delete.ts'
import type { ReplicaSet } from './deployments/deployment.ts'
import { adopt, ownerKeys, ownerReference } from './owners.ts'
import { isAvailable, untilAvailable } from './pods/availability.ts'
import { isActive, isReady, readySince } from './pods/pod.ts'

interface Replicating {
  name: string
  resource: string
  kind: string
  selectorOf: (object: KubeObject) => ReplicaSet['spec']['selector']
}

export const replicaSetController = replicating({
  name: 'replicaset-controller',
  resource: 'replicasets.apps',
  kind: 'ReplicaSet',
  selectorOf: ({ spec }) => spec.selector,
})

export const replicationController = replicating({
  name: 'replication-controller',
  resource: 'replicationcontrollers',
  kind: 'ReplicationController',
  selectorOf: ({ spec }) => ({ matchLabels: spec.selector }),
})

function replicating({ name: component, resource: owners, kind, selectorOf }: Replicating): Controller {
  return {
    name: component,
    client: 'kube-controller-manager',
    keys: ({ type, resource, object }, { store }) => {
      if (resource === owners) return [keyOf(object)]
      if (resource !== 'pods') return []
      const known = ownerKeys(object, kind)
      if (known.length > 0 || type === 'DELETED') return known
      // A pod of nobody may be adopted.
      const candidates = store.list(owners, object.metadata.namespace)
      return candidates.filter((owner) => selects(selectorOf(owner), object.metadata.labels)).map(keyOf)
    },
    reconcile: (key, context) => {
      const { namespace, name } = splitKey(key)
      const replicaSet = context.store.get(owners, name, namespace) as ReplicaSet | undefined
      if (!replicaSet) return undefined
      const pods = adopt(replicaSet, 'pods', context, selectorOf(replicaSet)).filter(isActive)
      const isEnding = replicaSet.metadata.deletionTimestamp !== undefined
      const failure = isEnding ? undefined : manage(replicaSet, pods, component, context)
      // Of the pods as they were found: those that were made or ended just now bring it here again.
      const status = statusOf(replicaSet, pods, failure, context.now())
      context.write.updateStatus(owners, { ...replicaSet, status })
      return failure ? 'later' : untilAvailable(pods, replicaSet.spec.minReadySeconds ?? 0, context.now())
    },
  }
}

/** Makes or ends pods; returns why one could not be made. */
function manage(
  replicaSet: ReplicaSet,
  pods: readonly KubeObject[],
  component: string,
  context: Context,
): string | undefined {
  const missing = replicaSet.spec.replicas - pods.length
  const tell = (reason: string, message: string, type: 'Normal' | 'Warning' = 'Normal') =>
    context.record(replicaSet, { type, reason, message, component })
  for (const pod of [...pods].sort(leastNeededFirst).slice(0, Math.max(0, -missing))) {
    deleteObject('pods', pod, context)
    tell('SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`)
  }
  for (let count = 0; count < missing; count++) {
    try {
      const pod = context.write.createPod(podFrom(replicaSet.spec.template, replicaSet))
      tell('SuccessfulCreate', `Created pod: ${pod.metadata.name}`)
    } catch (error) {
      const { message } = error as Error
      tell('FailedCreate', `Error creating: ${message}`, 'Warning')
      return message
    }
  }
  return undefined
}

/** A pod from a template, as its owner's; the server makes up its name. */
export function podFrom(template: KubeObject['template'], owner: KubeObject): KubeObject {
  const { labels, annotations, finalizers } = template.metadata ?? {}
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: '',
      generateName: `${owner.metadata.name}-`,
      namespace: owner.metadata.namespace as string,
      ...(labels ? { labels } : {}),
      ...(annotations ? { annotations } : {}),
      ...(finalizers ? { finalizers } : {}),
      ownerReferences: [ownerReference(owner)],
    },
    spec: template.spec,
  }
}

/** Not scheduled before scheduled, pending before running, not ready before ready, younger before older. */
function leastNeededFirst(a: KubeObject, b: KubeObject): number {
  return (
    Number(Boolean(a.spec.nodeName)) - Number(Boolean(b.spec.nodeName)) ||
    Number(a.status?.phase === 'Running') - Number(b.status?.phase === 'Running') ||
    Number(isReady(a)) - Number(isReady(b)) ||
    deletionCost(a) - deletionCost(b) ||
    (readySince(b) ?? 0) - (readySince(a) ?? 0) ||
    Date.parse(b.metadata.creationTimestamp ?? '') - Date.parse(a.metadata.creationTimestamp ?? '')
  )
}

function deletionCost({ metadata }: KubeObject): number {
  return Number(metadata.annotations?.['controller.kubernetes.io/pod-deletion-cost'] ?? 0)
}

function statusOf(
  { metadata, spec, status }: ReplicaSet,
  pods: readonly KubeObject[],
  failure: string | undefined,
  now: Date,
): ReplicaSet['status'] {
  const labels: Labels = spec.template.metadata?.labels ?? {}
  const counts = {
    fullyLabeledReplicas: pods.filter((pod) => hasLabels(pod.metadata.labels, labels)).length,
    readyReplicas: pods.filter(isReady).length,
    availableReplicas: pods.filter((pod) => isAvailable(pod, spec.minReadySeconds ?? 0, now)).length,
  }
  const known = condition(status?.conditions, 'ReplicaFailure')
  const reported =
    known?.message === failure
      ? known
      : {
          type: 'ReplicaFailure',
          status: 'True' as const,
          lastTransitionTime: timestamp(now),
          reason: 'FailedCreate',
          message: failure,
        }
  return {
    replicas: pods.length,
    ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)),
    observedGeneration: metadata.generation ?? 1,
    ...(failure ? { conditions: [reported as NonNullable<typeof known>] } : {}),
  }
}
