/** The mesh of one cluster: what its proxies know, what runs in its pods, what they logged. */
import { commandOf } from '../controllers/pods/programs.ts'
import type { KubeObject } from '../objects.ts'
import type { Store, StoreEvent } from '../store/store.ts'
import type { Application, FindApplication, Workload } from './application.ts'
import { Authorization, type AuthorizationPolicy } from './authorization.ts'
import { Clusters } from './clusters.ts'
import { ControlPlane } from './control-plane.ts'
import { type Listener, listenerIn } from './listeners.ts'
import { type Line, Logs } from './logs.ts'
import { meshConfigMap, writesAccessLog } from './mesh-config.ts'
import { type NodeTarget, targetsOf } from './node-ports.ts'
import { type PeerAuthentication, PeerAuthentications, type TlsMode } from './peer-authentication.ts'
import { applicationContainers, hasSidecar, isGateway, isRunning } from './pods.ts'
import { follow, type Replica } from './replica.ts'
import type { DestinationRule, Gateway, VirtualService } from './types.ts'
import { Upstreams } from './upstreams.ts'
import { hasRefused, VirtualHosts } from './virtual-hosts.ts'
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

/** Who takes what comes to a port of the node: a gateway's proxy, or a pod by itself. */
export type Entry = { listener: Listener } | NodeTarget

const rules = 'virtualservices.networking.istio.io'

export class Mesh {
  readonly logs = new Logs()
  readonly upstreams = new Upstreams()
  readonly random: () => number
  readonly #applications: FindApplication
  readonly #replica: Replica
  readonly #controlPlane: ControlPlane
  readonly #running = new WeakMap<KubeObject, RunningApplication[]>()
  readonly #entries = new Map<number, Entry[]>()
  #virtualHosts: VirtualHosts | undefined
  /** VirtualServices with rules that Envoy refuses, and all as it was before the last of them came. */
  readonly #refused = new Set<string>()
  #accepted: VirtualHosts | undefined
  #clusters: Clusters | undefined
  #services: Clusters | undefined
  #authorization: Authorization | undefined
  #peerAuthentications: PeerAuthentications | undefined

  constructor({ store, delayMs, applications, random = Math.random }: MeshOptions) {
    this.random = random
    this.#applications = applications
    this.#replica = follow(store, delayMs, (event) => this.#take(event))
    this.#controlPlane = new ControlPlane(this.#replica.store)
    const services = this.#specified(rules) as VirtualService[]
    for (const service of services.filter(hasRefused)) this.#refused.add(keyOf(service))
    // Which of them came first is not known any more.
    if (this.#refused.size > 0) this.#accepted = new VirtualHosts(services.filter((service) => !hasRefused(service)))
  }

  /** VirtualServices, indexed; made anew after a change, when the next request asks. */
  get virtualHosts(): VirtualHosts {
    this.#virtualHosts ??= new VirtualHosts(this.#specified(rules) as VirtualService[], this.#accepted)
    return this.#virtualHosts
  }

  /** Destinations as the proxies know them. */
  get clusters(): Clusters {
    this.#clusters ??= new Clusters(
      this.#controlPlane.told,
      this.#specified('destinationrules.networking.istio.io') as DestinationRule[],
    )
    return this.#clusters
  }

  get authorization(): Authorization {
    this.#authorization ??= new Authorization(
      this.#specified('authorizationpolicies.security.istio.io') as AuthorizationPolicy[],
    )
    return this.#authorization
  }

  /** Which connections the sidecar of a pod takes. */
  tlsModeOf(pod: KubeObject, port: number): TlsMode {
    this.#peerAuthentications ??= new PeerAuthentications(
      this.#specified('peerauthentications.security.istio.io') as PeerAuthentication[],
    )
    return this.#peerAuthentications.modeOf(pod, port)
  }

  /** What a proxy writes of a request, where the mesh's configuration says that it does. */
  logAccess({ metadata }: KubeObject, line: Line): void {
    const config = this.#controlPlane.told.get('configmaps', meshConfigMap.name, meshConfigMap.namespace)
    if (writesAccessLog(config)) this.logs.append(metadata.uid as string, 'istio-proxy', line)
  }

  /** Services as those reach them who have no proxy: kube-proxy needs no istiod, and knows no rules. */
  get services(): Clusters {
    this.#services ??= new Clusters(this.#replica.store)
    return this.#services
  }

  /** Who is reached at a port of the node, one of several at random; undefined where nobody listens. */
  entry(port: number): Entry | undefined {
    let entries = this.#entries.get(port)
    if (!entries) {
      const pods = this.#replica.store.list('pods')
      entries = targetsOf(port, this.services, pods).flatMap((target) => this.#entryAt(target) ?? [])
      this.#entries.set(port, entries)
    }
    return entries[Math.floor(this.random() * entries.length)]
  }

  service(name: string, namespace: string): KubeObject | undefined {
    return this.#replica.store.get('services', name, namespace)
  }

  /** A pod as it is now; undefined where only the proxies do not know yet that it is gone. */
  current({ metadata }: KubeObject): KubeObject | undefined {
    const pod = this.#replica.store.get('pods', metadata.name, metadata.namespace)
    return pod?.metadata.uid === metadata.uid ? pod : undefined
  }

  /** What listens on a port in a pod. */
  application(pod: KubeObject, port: number): RunningApplication | undefined {
    let running = this.#running.get(pod)
    if (!running) {
      running = applicationContainers(pod).flatMap((container) => {
        const application = commandOf(container) ? undefined : this.#applications(container.image)
        if (!application || !isRunning(pod, container.name)) return []
        return [{ application, workload: startWorkload(this, pod, container) }]
      })
      this.#running.set(pod, running)
    }
    return running.find(({ application }) => application.port === port)
  }

  #entryAt(target: NodeTarget): Entry | undefined {
    const { pod, port } = target.endpoint
    if (!isGateway(pod)) return hasSidecar(pod) || this.application(pod, port) ? target : undefined
    const { told } = this.#controlPlane
    // A gateway that came while istiod was away has been told nothing.
    const isTold = told.get('pods', pod.metadata.name, pod.metadata.namespace)?.metadata.uid === pod.metadata.uid
    const gateways = isTold ? (this.#specified('gateways.networking.istio.io') as Gateway[]) : []
    const listener = listenerIn(pod, port, gateways, told.list('services'))
    return listener && { listener }
  }

  close(): void {
    this.#replica.close()
  }

  /** Where istiod is away an object may be there that it would have refused: without a spec it says nothing. */
  #specified(resource: string): KubeObject[] {
    return this.#controlPlane.told.list(resource).filter(({ spec }) => spec)
  }

  /** Before a change is told: what is there now stays with the proxies that refuse the change. */
  #keepAccepted({ type, object }: StoreEvent): void {
    const key = keyOf(object)
    if (type === 'DELETED' || !hasRefused(object as VirtualService)) this.#refused.delete(key)
    else if (!this.#refused.has(key)) {
      this.#accepted = this.virtualHosts
      this.#refused.add(key)
    }
    if (this.#refused.size === 0) this.#accepted = undefined
  }

  #take(event: StoreEvent): void {
    const { type, resource, object } = event
    const isOfRules = resource === rules
    if (isOfRules) this.#keepAccepted(event)
    const isToldAll = this.#controlPlane.take(event)
    if (resource === 'configmaps' && !isToldAll) return
    this.#services = undefined
    if (isToldAll || resource.startsWith('authorizationpolicies.')) this.#authorization = undefined
    if (isToldAll || resource.startsWith('peerauthentications.')) this.#peerAuthentications = undefined
    if (isOfRules) this.#virtualHosts = undefined
    else {
      this.#clusters = undefined
      this.#entries.clear()
      if (isToldAll || resource.startsWith('gateways.')) this.#virtualHosts = undefined
    }
    if (type !== 'DELETED' || resource !== 'pods') return
    this.logs.forget(object.metadata.uid as string)
    this.upstreams.forget(object.metadata.uid as string)
  }
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace}/${metadata.name}`
}
