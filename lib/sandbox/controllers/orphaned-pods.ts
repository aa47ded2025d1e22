/** The collector of pods that are on a node which is not there: nobody else ends them. */
import { type Controller, keyOf, splitKey } from './controller.ts'

/** kube-controller-manager waits for a node that may only be late. */
const QUARANTINE_MS = 40_000

export const orphanedPods: Controller = {
  name: 'pod-garbage-collector',
  client: 'kube-controller-manager',
  keys: ({ type, resource, object }, { store }) => {
    if (resource === 'pods') return type === 'DELETED' || !object.spec.nodeName ? [] : [keyOf(object)]
    if (resource !== 'nodes' || type !== 'DELETED') return []
    const { name } = object.metadata
    return store
      .list('pods')
      .filter(({ spec }) => spec.nodeName === name)
      .map(keyOf)
  },
  reconcile: (key, { store, now }) => {
    const { namespace, name } = splitKey(key)
    const pod = store.get('pods', name, namespace)
    if (!pod?.spec.nodeName || store.get('nodes', pod.spec.nodeName)) return undefined
    const left = Date.parse(pod.metadata.creationTimestamp ?? '') + QUARANTINE_MS - now().getTime()
    if (left > 0) return left
    if (!pod.metadata.finalizers?.length) store.remove('pods', name, namespace)
    return undefined
  },
}
