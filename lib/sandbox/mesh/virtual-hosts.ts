/** Which rules speak for a host: VirtualServices, indexed by host, so that their number does not matter to a request. */

import { byAge } from './age.ts'
import { candidates, fullHost, intersect, LONGEST_NAME } from './hosts.ts'
import type { HttpRequest } from './http.ts'
import { gatewayName, type ProxyIdentity } from './match.ts'
import { isRefused } from './refusals.ts'
import { compileRoutes, type Route, selectRoute } from './routes.ts'
import type { Gateway, GatewayServer, VirtualService } from './types.ts'

export interface VirtualHost {
  domain: string
  routes: readonly Route[]
  /** Answers everything with a redirect to https. */
  requireTls: boolean
}

type ByHost = Map<string, VirtualService[]>

/** Compiled rules; those of a proxy are asked for by its key. */
export interface KeyedProxy extends ProxyIdentity {
  key: string
}

/** Rules compiled for an object stay as long as that object is the current one: objects never change in place. */
const compiled = new WeakMap<VirtualService, Map<string, Route[]>>()

/** A rule is compiled for so many proxies at a time, of which most differ in nothing that it asks. */
const MOST_PROXIES = 100

/** More hosts than this at a time are compiled anew when they are asked for. */
const MOST_HOSTS = 10_000

export class VirtualHosts {
  readonly #mesh: ByHost = new Map()
  readonly #gateways = new Map<string, ByHost>()
  readonly #byName = new Map<string, VirtualService>()
  readonly #hosts = new Map<string, VirtualHost | undefined>()
  readonly #earlier: VirtualHosts | undefined
  readonly #refused = new Map<string, boolean>()

  /** earlier: what proxies go on with that refuse something of this; undefined where there is nothing to refuse. */
  constructor(services: readonly VirtualService[], earlier?: VirtualHosts) {
    this.#earlier = earlier
    for (const service of [...services].sort(byAge)) this.#add(service)
  }

  /** For a sidecar's requests to a host in full; undefined where no VirtualService speaks for it. */
  ofMesh(proxy: KeyedProxy, host: string): VirtualHost | undefined {
    return this.#cached(`${proxy.key} ${host}`, () => {
      if (this.#isRefusedBy(proxy, () => [this.#mesh])) return this.#earlier?.ofMesh(proxy, host)
      for (const domain of candidates(host)) {
        for (const service of visible(this.#mesh.get(domain) ?? [], proxy.namespace)) {
          // One that has no rule for this proxy counts as none; of several others the first has the say.
          const routes = this.#routes(service, proxy)
          if (routes.length > 0) return { domain, routes, requireTls: false }
        }
      }
      return undefined
    })
  }

  /** For a gateway's requests with a host, on a port that these servers open; undefined: nobody serves the host. */
  ofGateway(proxy: KeyedProxy, servers: readonly OwnedServer[], host: string): VirtualHost | undefined {
    // A name too long to be one shares its rules with all such.
    const name = host.length > LONGEST_NAME ? '*' : host
    return this.#cached(`${proxy.key} ${name}`, () => {
      if (this.#isRefusedBy(proxy, () => proxy.gateways.flatMap((gateway) => this.#gateways.get(gateway) ?? [])))
        return this.#earlier?.ofGateway(proxy, servers, host)
      const domains = candidates(name)
      const offers = servers.flatMap((server) =>
        this.#offers(server, asFirstOf(server.gateway, servers, proxy), domains),
      )
      const domain = domains.find((one) => offers.some((offer) => offer.domain === one))
      if (!domain) return undefined
      const chosen = offers.filter((offer) => offer.domain === domain)
      const routes = chosen.flatMap((offer) => offer.routes)
      // What takes everything comes last when several VirtualServices share a host (istiod's SortVHostRoutes).
      const ordered = [...routes.filter((route) => !route.isCatchAll), ...routes.filter((route) => route.isCatchAll)]
      return { domain, routes: ordered, requireTls: chosen.some(({ requireTls }) => requireTls) }
    })
  }

  /** Whether there is a rule that Envoy cannot take among those that this proxy is sent. */
  #isRefusedBy(proxy: KeyedProxy, sent: () => readonly ByHost[]): boolean {
    if (!this.#earlier) return false
    const known = this.#refused.get(proxy.key)
    if (known !== undefined) return known
    const services = new Set(sent().flatMap((byHost) => [...byHost.values()].flat()))
    const isRefused = visible([...services], proxy.namespace).some((service) =>
      this.#routes(service, proxy).some((route) => route.isRefused),
    )
    this.#refused.set(proxy.key, isRefused)
    return isRefused
  }

  /** What a server and the VirtualServices bound to its Gateway have in common, as far as it matches these domains. */
  #offers({ gateway, server }: OwnedServer, proxy: KeyedProxy, domains: readonly string[]): Offer[] {
    const requireTls = server.tls?.httpsRedirect ?? false
    const { namespace = '', name } = gateway.metadata
    const byHost = this.#gateways.get(`${namespace}/${name}`) ?? new Map<string, VirtualService[]>()
    const bound = domains.flatMap((host) => (byHost.get(host) ?? []).map((service) => ({ host, service })))
    const services = visible([...new Set(bound.map(({ service }) => service))].sort(byAge), proxy.namespace)
    return (server.hosts ?? []).flatMap((pattern): Offer[] => {
      const slash = pattern.indexOf('/')
      const from = slash < 0 ? '*' : pattern.slice(0, slash).replace(/^\.$/, namespace)
      const serverHost = pattern.slice(slash + 1).toLowerCase()
      if (!domains.includes(serverHost)) return []
      const offers = services
        .filter(({ metadata }) => from === '*' || metadata.namespace === from)
        .flatMap((service) => {
          const routes = this.#routes(service, proxy)
          if (routes.length === 0) return []
          const hosts = bound.filter((one) => one.service === service)
          return hosts.map(({ host }) => ({ domain: intersect(serverHost, host) as string, routes, requireTls }))
        })
      return requireTls ? [...offers, { domain: serverHost, routes: [], requireTls }] : offers
    })
  }

  #routes(service: VirtualService, proxy: KeyedProxy): Route[] {
    const find = (name: string, namespace: string) => this.#byName.get(`${namespace}/${name}`)
    // A rule that hands over to another VirtualService changes with that one.
    if (service.spec.http?.some(({ delegate }) => delegate)) return compileRoutes(service, proxy, find)
    let byProxy = compiled.get(service)
    if (!byProxy) {
      byProxy = new Map()
      compiled.set(service, byProxy)
    }
    const known = byProxy.get(proxy.key)
    if (known) return known
    // Proxies come and go with their pods' labels while a rule stays.
    if (byProxy.size >= MOST_PROXIES) byProxy.clear()
    const routes = compileRoutes(service, proxy, find)
    byProxy.set(proxy.key, routes)
    return routes
  }

  #cached(key: string, make: () => VirtualHost | undefined): VirtualHost | undefined {
    if (this.#hosts.has(key)) return this.#hosts.get(key)
    // Anybody may ask for any host: what was kept must not grow with what is asked.
    if (this.#hosts.size >= MOST_HOSTS) this.#hosts.clear()
    const host = make()
    this.#hosts.set(key, host)
    return host
  }

  #add(service: VirtualService): void {
    const { name, namespace = '' } = service.metadata
    this.#byName.set(`${namespace}/${name}`, service)
    const gateways = service.spec.gateways?.length ? service.spec.gateways : ['mesh']
    for (const gateway of gateways) {
      const full = gatewayName(gateway, namespace)
      const byHost = full === 'mesh' ? this.#mesh : entry(this.#gateways, full, () => new Map())
      for (const host of service.spec.hosts ?? [])
        entry(byHost, fullHost(host, namespace).toLowerCase(), () => []).push(service)
    }
  }
}

/** Whether a VirtualService has a rule that Envoy does not take. */
export function hasRefused({ spec }: VirtualService): boolean {
  return (spec?.http ?? []).some(isRefused)
}

/** A server of a Gateway that a gateway's pod has opened. */
export interface OwnedServer {
  gateway: Gateway
  server: GatewayServer
}

/**
 * The proxy as the rules of one of its gateways see it: those that name gateways mean this one, whatever others share
 * the port, and it is known by the port of its first server (istiod's buildGatewayHTTPRouteConfig).
 */
function asFirstOf({ metadata }: Gateway, servers: readonly OwnedServer[], proxy: KeyedProxy): KeyedProxy {
  const { namespace = '', name } = metadata
  const first = servers.find(
    ({ gateway }) => gateway.metadata.namespace === namespace && gateway.metadata.name === name,
  )
  const port = first?.server.port.number ?? proxy.port
  return { ...proxy, key: `${proxy.key} ${namespace}/${name} ${port}`, gateways: [`${namespace}/${name}`], port }
}

interface Offer {
  domain: string
  routes: readonly Route[]
  requireTls: boolean
}

/** The route of a virtual host that takes a request. */
export function routeFor(host: VirtualHost | undefined, request: HttpRequest): Route | undefined {
  return host && selectRoute(host.routes, request)
}

function entry<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}

/** Those that a namespace may use; those exported to nobody else come first, then those exported to it by name. */
function visible(services: readonly VirtualService[], namespace: string): VirtualService[] {
  const rank = (service: VirtualService) => exportRank(service, namespace)
  return services.filter((service) => rank(service) > 0).sort((a, b) => rank(a) - rank(b))
}

/** 0: not visible; 1: own, private; 2: exported to the namespace by name; 3: to all. */
export function exportRank(
  { metadata, spec }: { metadata: { namespace?: string }; spec: { exportTo?: readonly string[] } },
  namespace: string,
): number {
  const exportTo = spec.exportTo?.length ? spec.exportTo : ['*']
  if (exportTo.includes('*')) return 3
  if (exportTo.includes(namespace) && namespace !== metadata.namespace) return 2
  const isOwn = metadata.namespace === namespace
  return isOwn && (exportTo.includes('.') || exportTo.includes(namespace)) ? 1 : 0
}
