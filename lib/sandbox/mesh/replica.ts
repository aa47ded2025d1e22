/** The cluster's objects as of a moment ago, since who follows them, istiod before all, needs time. */
import { Store, type StoreEvent } from '../store/store.ts'
import { isMeshConfig, meshConfigMap } from './mesh-config.ts'

/** Resources that routing depends on. */
const watched: ReadonlySet<string> = new Set([
  'virtualservices.networking.istio.io',
  'destinationrules.networking.istio.io',
  'gateways.networking.istio.io',
  'authorizationpolicies.security.istio.io',
  'peerauthentications.security.istio.io',
  'services',
  'endpointslices.discovery.k8s.io',
  'pods',
])

export interface Replica {
  store: Store
  close(): void
}

/** Follows a store, delayMs behind; tells of each change as it arrives, by the name of its resource. */
export function follow(source: Store, delayMs: number, onChange: (event: StoreEvent) => void): Replica {
  const store = new Store()
  for (const resource of watched)
    for (const object of source.list(resource)) store.restore({ type: 'ADDED', resource, object, revision: 0 })
  const config = source.get('configmaps', meshConfigMap.name, meshConfigMap.namespace)
  if (config) store.restore({ type: 'ADDED', resource: 'configmaps', object: config, revision: 0 })
  const timers = new Set<NodeJS.Timeout>()
  const arrive = (event: StoreEvent) => {
    store.restore(event)
    onChange(event)
  }
  const stop = source.watch((event) => {
    if (!watched.has(event.resource) && !isMeshConfig(event.resource, event.object)) return
    if (delayMs === 0) return arrive(event)
    // Timers of one length fire in the order they were set, so changes arrive in order.
    const timer = setTimeout(() => {
      timers.delete(timer)
      arrive(event)
    }, delayMs)
    timer.unref()
    timers.add(timer)
  })
  return {
    store,
    close() {
      stop()
      for (const timer of timers) clearTimeout(timer)
    },
  }
}
