/** Destinations: a Service, narrowed to a subset by its DestinationRule, and the ready pods behind it. */

import type { KubeObject, Labels } from '../objects.ts'
import type { Store } from '../store/store.ts'
import { byAge } from './age.ts'
import { type RuleClient, rulesFor, selectorOf } from './consolidated-rules.ts'
import { rootNamespace } from './control-plane.ts'
import { candidates, fullHost } from './hosts.ts'
import { type Balance, balancer } from './load-balancer.ts'
import { type ServicePort, speaksHttp } from './protocols.ts'
import type { DestinationRule, PortPolicy, TrafficPolicy } from './types.ts'
import { exportRank } from './virtual-hosts.ts'

export interface Endpoint {
  pod: KubeObject
  address: string
  port: number
  /** Whether the sidecar in front of it reads what comes as HTTP. */
  speaksHttp: boolean
  /** Requests under way. */
  active: number
}

/** Envoy's word for a group of endpoints. */
export interface Cluster {
  /** `outbound|9080|v1|reviews.default.svc.cluster.local` */
  name: string
  endpoints: readonly Endpoint[]
  balance: Balance
  policy: PortPolicy
  /** Whether connections go on to where they were going, which is nowhere at a gateway. */
  passesThrough: boolean
}

/** What a route names: a host in full, a port where it says so, a subset or ''. */
export interface Target {
  host: string
  port: number | undefined
  subset: string
}

/** Who is no proxy. */
const nobody: RuleClient = { namespace: '', labels: {} }

const slices = 'endpointslices.discovery.k8s.io'
/** Of a Service: the namespaces whose proxies are told of it. */
const exportAnnotation = 'networking.istio.io/exportTo'

/** Clusters of a store as it is now, by the rules given, made when they are first asked for. */
export class Clusters {
  readonly #store: Store
  readonly #isOfMesh: boolean
  /** Whether clients of one namespace may know different things. */
  #hasSelectors = false
  readonly #rules = new Map<string, DestinationRule[]>()
  readonly #slices = new Map<string, KubeObject[]>()
  readonly #clusters = new Map<string, Cluster | undefined>()
  readonly #endpoints = new Map<string, Endpoint>()

  /** destinationRules: undefined for kube-proxy, which knows nothing of Istio. */
  constructor(store: Store, destinationRules?: readonly DestinationRule[]) {
    this.#store = store
    this.#isOfMesh = destinationRules !== undefined
    for (const rule of destinationRules ?? []) {
      // One that istiod would refuse says nothing.
      if (!rule.spec?.host) continue
      if (selectorOf(rule)) this.#hasSelectors = true
      const { namespace = '' } = rule.metadata
      push(this.#rules, `${namespace}/${fullHost(rule.spec.host, namespace).toLowerCase()}`, rule)
    }
    for (const slice of store.list(slices)) {
      const service = slice.metadata.labels?.['kubernetes.io/service-name']
      if (service) push(this.#slices, `${slice.metadata.namespace}/${service}`, slice)
    }
  }

  /**
   * What a client's proxy knows under a destination; undefined where it knows nothing of that name: no such
   * Service, port or subset. A cluster without endpoints is known, but leads nowhere.
   */
  find({ host, port, subset }: Target, listenerPort: number, client: RuleClient): Cluster | undefined {
    const who = this.#hasSelectors ? `${client.namespace} ${JSON.stringify(client.labels)}` : client.namespace
    const key = `${who} ${port ?? `(${listenerPort})`} ${subset} ${host}`
    if (this.#clusters.has(key)) return this.#clusters.get(key)
    const cluster = this.#make({ host, port, subset }, listenerPort, client)
    this.#clusters.set(key, cluster)
    return cluster
  }

  /** What a gateway takes a destination for: where its Service is another name for a host, that host. */
  named(target: Target): Target {
    const service = this.#service(target.host)
    const host = service && aliasOf(service)
    if (!host) return target
    const { ports = [] } = service.spec
    return { ...target, host, port: target.port ?? (ports.length === 1 ? ports[0].port : undefined) }
  }

  /** What a port of the node leads to, where it is one of a Service. */
  findByNodePort(nodePort: number): Cluster | undefined {
    for (const { metadata, spec } of this.#store.list('services')) {
      const { name, namespace = '' } = metadata
      // biome-ignore lint/suspicious/noExplicitAny: parts of a Service are known by the schema
      const found = (spec.ports ?? []).find((one: any) => one.nodePort === nodePort && one.protocol !== 'UDP')
      if (found) return this.find({ host: fullHost(name, namespace), port: found.port, subset: '' }, found.port, nobody)
    }
    return undefined
  }

  #make({ host, port, subset }: Target, listenerPort: number, client: RuleClient): Cluster | undefined {
    const namespace = host.split('.')[1] ?? ''
    const service = this.#visible(host, client.namespace)
    // There is none of another name's own.
    const servicePort = service && !aliasOf(service) ? portOf(service, port, listenerPort) : undefined
    if (!service || !servicePort) return undefined
    const rules = this.#rulesFor(host, namespace, client)
    const chosen = rules.flatMap(({ spec }) => spec.subsets ?? []).find((one) => one.name === subset)
    if (subset && !chosen) return undefined
    const endpoints = this.#endpointsOf(service, servicePort, chosen?.labels ?? {})
    const policies = [chosen?.trafficPolicy, rules.find(({ spec }) => spec.trafficPolicy)?.spec.trafficPolicy]
    const policy = policyOf(policies, servicePort.port)
    return {
      name: `outbound|${servicePort.port}|${subset}|${host}`,
      endpoints,
      balance: balancer(endpoints, policy.loadBalancer),
      policy,
      passesThrough: policy.loadBalancer?.simple === 'PASSTHROUGH',
    }
  }

  /** Whether the proxies of a namespace know of the Service with a host at all. */
  isVisible(host: string, clientNamespace: string): boolean {
    return this.#visible(host, clientNamespace) !== undefined
  }

  #visible(host: string, clientNamespace: string): KubeObject | undefined {
    const service = this.#service(host)
    if (!service) return undefined
    const { metadata } = service
    const exportTo = metadata.annotations?.[exportAnnotation]?.split(',').map((to) => to.trim())
    const isTold = !this.#isOfMesh || !exportTo || exportRank({ metadata, spec: { exportTo } }, clientNamespace) > 0
    return isTold ? service : undefined
  }

  #service(host: string): KubeObject | undefined {
    const [name = '', namespace = '', ...rest] = host.split('.')
    return rest.join('.') === 'svc.cluster.local' ? this.#store.get('services', name, namespace) : undefined
  }

  /**
   * The rules for a host: of the client's namespace, else of the Service's, else of the root's; merged in order. What
   * stands in the root's namespace is meant for all, so that a gateway there finds only its private rules first.
   */
  #rulesFor(host: string, serviceNamespace: string, client: RuleClient): DestinationRule[] {
    const { namespace: clientNamespace } = client
    const rank = (rule: DestinationRule) => exportRank(selectorOf(rule) ? privately(rule) : rule, clientNamespace)
    const isVisible = (rule: DestinationRule) => rank(rule) > 0
    const isPrivate = (rule: DestinationRule) => rank(rule) === 1
    const places = [
      [clientNamespace, clientNamespace === rootNamespace ? isPrivate : isVisible],
      [serviceNamespace, isVisible],
      [rootNamespace, isVisible],
    ] as const
    for (const [namespace, isMeant] of places)
      for (const domain of candidates(host)) {
        const rules = (this.#rules.get(`${namespace}/${domain}`) ?? []).filter(isMeant)
        if (rules.length > 0) return rulesFor(rules.sort(byAge), client)
      }
    return []
  }

  #endpointsOf({ metadata }: KubeObject, servicePort: ServicePort, labels: Labels): Endpoint[] {
    const found = this.#slices.get(`${metadata.namespace}/${metadata.name}`) ?? []
    const isHttp = speaksHttp(servicePort)
    return found.flatMap((slice) => {
      // biome-ignore lint/suspicious/noExplicitAny: parts of a slice are known by the schema
      const ports: any[] = slice.ports ?? []
      const port = ports.find(({ name }) => (name ?? '') === (servicePort.name ?? ''))?.port
      if (port === undefined) return []
      // biome-ignore lint/suspicious/noExplicitAny: see above
      return (slice.endpoints ?? []).flatMap(({ addresses, conditions, targetRef }: any) => {
        const pod = targetRef && this.#store.get('pods', targetRef.name, targetRef.namespace)
        if (conditions?.ready === false || !pod) return []
        const isWanted = Object.entries(labels).every(([key, value]) => pod.metadata.labels?.[key] === value)
        return isWanted ? [this.#endpoint(pod, addresses[0], port, isHttp)] : []
      })
    })
  }

  #endpoint(pod: KubeObject, address: string, port: number, isHttp: boolean): Endpoint {
    const key = `${address}:${port} ${isHttp}`
    const known = this.#endpoints.get(key)
    if (known) return known
    const endpoint = { pod, address, port, speaksHttp: isHttp, active: 0 }
    this.#endpoints.set(key, endpoint)
    return endpoint
  }
}

/** What is for some workloads is for those of its own namespace. */
function privately(rule: DestinationRule): DestinationRule {
  return { ...rule, spec: { ...rule.spec, exportTo: ['.'] } }
}

/** The host for which a Service is another name. */
export function aliasOf({ spec }: KubeObject): string | undefined {
  return spec.type === 'ExternalName' ? spec.externalName.toLowerCase() : undefined
}

/** The port asked for; where none was, the Service's only one, else that of the listener. */
function portOf({ spec }: KubeObject, port: number | undefined, listenerPort: number): ServicePort | undefined {
  const ports: readonly ServicePort[] = spec.ports ?? []
  if (port === undefined && ports.length === 1) return ports[0]
  return ports.find((one) => one.port === (port ?? listenerPort))
}

const fields = ['loadBalancer', 'connectionPool', 'outlierDetection', 'tls'] as const

/**
 * The subset's own word first, then the host's, field by field. Settings of a port stand for all of a policy there, also
 * where they say nothing.
 */
function policyOf(policies: readonly (TrafficPolicy | undefined)[], port: number): PortPolicy {
  let found: PortPolicy = {}
  for (const policy of policies.toReversed()) {
    const ofPort = policy?.portLevelSettings?.find((settings) => settings.port?.number === port)
    if (ofPort) found = ofPort
    else for (const field of fields) if (policy?.[field]) found = { ...found, [field]: policy[field] }
  }
  return found
}

function push<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const known = map.get(key)
  if (known) known.push(value)
  else map.set(key, [value])
}
