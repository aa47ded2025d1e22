/** The taint eviction controller: a node's NoExecute taints end the pods that do not bear them. */
import type { KubeObject } from '../objects.ts'
import { type Context, type Controller, keyOf, splitKey } from './controller.ts'
import { deleteObject } from './delete.ts'
import { isTolerated, type Taint, type Toleration } from './pods/taints.ts'

export function taintEvictionController(): Controller {
  // Since when a pod that bears the taints for a time has borne them, in milliseconds since 1970.
  const since = new Map<string, number>()

  return {
    name: 'taint-eviction-controller',
    client: 'kube-controller-manager',
    keys: ({ resource, object }, { store }) => {
      if (resource === 'pods') return [keyOf(object)]
      if (resource !== 'nodes') return []
      return store
        .list('pods')
        .filter(({ spec }) => spec.nodeName === object.metadata.name)
        .map(keyOf)
    },
    reconcile: (key, context) => {
      const { namespace, name } = splitKey(key)
      const pod = context.store.get('pods', name, namespace)
      const left = pod && !pod.metadata.deletionTimestamp ? secondsLeft(pod, context) : Number.POSITIVE_INFINITY
      if (!pod || left === Number.POSITIVE_INFINITY) {
        since.delete(key)
        return undefined
      }
      const now = context.now().getTime()
      const start = since.get(key) ?? now
      since.set(key, start)
      const wait = start + left * 1000 - now
      if (wait > 0) return wait
      since.delete(key)
      evict(pod, context)
      return undefined
    },
  }
}

/** For how long a pod bears the taints of its node: the least that it says of any of them. */
function secondsLeft({ spec }: KubeObject, { store }: Context): number {
  const node = spec.nodeName ? store.get('nodes', spec.nodeName) : undefined
  const taints: Taint[] = (node?.spec?.taints ?? []).filter(({ effect }: Taint) => effect === 'NoExecute')
  const tolerations: Toleration[] = spec.tolerations ?? []
  const borne = taints.map((taint) => {
    const times = tolerations
      .filter((toleration) => isTolerated(toleration, taint))
      .map(({ tolerationSeconds = Number.POSITIVE_INFINITY }) => tolerationSeconds)
    return times.length > 0 ? Math.min(...times) : 0
  })
  return Math.min(Number.POSITIVE_INFINITY, ...borne)
}

function evict(pod: KubeObject, context: Context): void {
  context.record(pod, {
    type: 'Normal',
    reason: 'TaintManagerEviction',
    message: `Marking for deletion Pod ${keyOf(pod)}`,
    component: 'taint-eviction-controller',
  })
  deleteObject('pods', pod, context)
}
