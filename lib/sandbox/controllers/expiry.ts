/** What is kept for an hour only: events, and requests for certificates that were granted. */
import type { KubeObject } from '../objects.ts'
import { condition } from './conditions.ts'
import type { Controller } from './controller.ts'

/** kube-apiserver's --event-ttl, and what the controller manager's CSR cleaner gives. */
const KEPT_MS = 3_600_000

/** By resource, the time from which the hour counts; undefined where it does not. */
const begins: Readonly<Record<string, (object: KubeObject) => string | undefined>> = {
  events: (event) => event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp,
  'certificatesigningrequests.certificates.k8s.io': ({ status }) =>
    status?.certificate && condition(status.conditions, 'Approved')?.lastUpdateTime,
}

export const expiryController: Controller = {
  name: 'expiry-controller',
  client: 'kube-controller-manager',
  // One that has changed since is seen when its time would have come.
  keys: ({ type, resource, object: { metadata } }) =>
    type === 'ADDED' && resource in begins ? [[resource, metadata.namespace ?? '', metadata.name].join('/')] : [],
  reconcile: (key, { store, now }) => {
    const [resource = '', namespace = '', name = ''] = key.split('/')
    const object = store.get(resource, name, namespace || undefined)
    const begin = object && begins[resource]?.(object)
    if (!begin) return undefined
    const left = Date.parse(begin) + KEPT_MS - now().getTime()
    if (left > 0) return left
    store.remove(resource, name, namespace || undefined)
    return undefined
  },
}
