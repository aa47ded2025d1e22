/** The mesh of one cluster: what its proxies know, what runs in its pods, what they logged. */
import type { KubeObject } from '../objects.ts'
import type { Store, StoreEvent } from '../store/store.ts'
import type { Application, FindApplication, Workload } from './application.ts'
import { Clusters } from './clusters.ts'
import { type Listener, listenerOn } from './listeners.ts'
import { Logs } from './logs.ts'
import { applicationContainers, isRunning } from './pods.ts'
import { follow, type Replica } from './replica.ts'
import type { Gateway, VirtualService } from './types.ts'
import { VirtualHosts } from './virtual-hosts.ts'
import { startWorkload } from './workload.ts'

export interface MeshOptions {
  store: Store
  /** Milliseconds until a change of an object shows in traffic. */
  delayMs: number
  applications: FindApplication
  /** From 0 up to, not with, 1. */
  random?: () => number
}

export interface RunningApplication {
  application: Application
  workload: Workload
}

export class Mesh {
  readonly logs = new Logs()
  readonly random: () => number
  readonly #applications: FindApplication
  readonly #replica: Replica
  readonly #running = new WeakMap<KubeObject, RunningApplication[]>()
  readonly #listeners = new Map<number, Listener | undefined>()
  #virtualHosts: VirtualHosts | undefined
  #clusters: Clusters | undefined

  constructor({ store, delayMs, applications, random = Math.random }: MeshOptions) {
    this.random = random
    this.#applications = applications
    this.#replica = follow(store, delayMs, (event) => this.#forget(event))
  }

  /** VirtualServices, indexed; made anew after a change, when the next request asks. */
  get virtualHosts(): VirtualHosts {
    this.#virtualHosts ??= new VirtualHosts(this.#specified('virtualservices.networking.istio.io') as VirtualService[])
    return this.#virtualHosts
  }

  get clusters(): Clusters {
    this.#clusters ??= new Clusters(this.#replica.store)
    return this.#clusters
  }

  /** What a gateway opens on a port of the node; undefined where nothing listens there. */
  listener(port: number): Listener | undefined {
    if (!this.#listeners.has(port)) {
      const { store } = this.#replica
      const gateways = this.#specified('gateways.networking.istio.io') as Gateway[]
      this.#listeners.set(port, listenerOn(port, gateways, store.list('pods'), store.list('services')))
    }
    return this.#listeners.get(port)
  }

  service(name: string, namespace: string): KubeObject | undefined {
    return this.#replica.store.get('services', name, namespace)
  }

  /** What listens on a port in a pod. */
  application(pod: KubeObject, port: number): RunningApplication | undefined {
    let running = this.#running.get(pod)
    if (!running) {
      running = applicationContainers(pod).flatMap((container) => {
        const application = container.command ? undefined : this.#applications(container.image)
        if (!application || !isRunning(pod, container.name)) return []
        return [{ application, workload: startWorkload(this, pod, container) }]
      })
      this.#running.set(pod, running)
    }
    return running.find(({ application }) => application.port === port)
  }

  close(): void {
    this.#replica.close()
  }

  /** Where istiod is away an object may be there that it would have refused: without a spec it says nothing. */
  #specified(resource: string): KubeObject[] {
    return this.#replica.store.list(resource).filter(({ spec }) => spec)
  }

  #forget({ type, resource, object }: StoreEvent): void {
    if (resource.startsWith('virtualservices.')) this.#virtualHosts = undefined
    else {
      this.#clusters = undefined
      this.#listeners.clear()
      if (resource.startsWith('gateways.')) this.#virtualHosts = undefined
    }
    if (type === 'DELETED' && resource === 'pods') this.logs.forget(object.metadata.uid as string)
  }
}
