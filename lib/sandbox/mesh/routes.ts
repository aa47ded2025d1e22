/** HTTPRoute, compiled: the form in which a proxy tries rules on requests. */
import { type FindVirtualService, rulesOf } from './delegates.ts'
import { parseDuration } from './duration.ts'
import { fullHost } from './hosts.ts'
import type { HttpRequest } from './http.ts'
import { compileMatch, isCatchAll, type Predicate, type ProxyIdentity } from './match.ts'
import { isRefused } from './refusals.ts'
import { type RetryPolicy, retryPolicy } from './retry.ts'
import type { HeaderEdits, HTTPMatchRequest, HTTPRoute, HTTPRouteDestination, VirtualService } from './types.ts'

export interface WeightedDestination {
  /** In full. */
  host: string
  subset: string
  /** Undefined where the Service's only port is meant. */
  port: number | undefined
  /** Sum of the weights up to and with this one. */
  upTo: number
  headers: HeaderEdits | undefined
}

interface Mirror {
  destination: WeightedDestination
  percent: number
}

/** One match of one rule. */
export interface Route {
  /** As access logs show it; '' where the rule has none. */
  name: string
  /** The rule it comes from. */
  rule: HTTPRoute
  match: HTTPMatchRequest
  takes: Predicate
  isCatchAll: boolean
  /** Of the listener that it was made for, as istiod sees it; what names no port means this one. 0: any. */
  port: number
  /** By Envoy, and with it the whole configuration that it is part of. */
  isRefused: boolean
  destinations: readonly WeightedDestination[]
  mirrors: readonly Mirror[]
  /** Milliseconds for all tries together; undefined: no limit, as is Istio's default. */
  timeout: number | undefined
  retry: RetryPolicy
}

/** The rules of a VirtualService that a proxy can meet, in order, one route a match. */
export function compileRoutes(service: VirtualService, proxy: ProxyIdentity, find: FindVirtualService): Route[] {
  const routes = rulesOf(service, find).flatMap(({ rule, namespace }) =>
    matchesOf(rule).flatMap((match) => compileRoute(rule, match, proxy, namespace) ?? []),
  )
  // Nothing comes after what takes everything, also where the routes of several VirtualServices are put together.
  const last = routes.findIndex(({ isCatchAll }) => isCatchAll)
  return last < 0 ? routes : routes.slice(0, last + 1)
}

/** Where no VirtualService speaks for a host: all requests to the Service itself. */
export function defaultRoute(host: string, port: number | undefined): Route {
  const rule: HTTPRoute = { route: [{ destination: { host, ...(port ? { port: { number: port } } : {}) } }] }
  return compileRoute(rule, {}, anyProxy, '') as Route
}

const anyProxy: ProxyIdentity = { namespace: '', labels: {}, gateways: [], port: 0 }

/** The first route that takes a request. */
export function selectRoute(routes: readonly Route[], request: HttpRequest): Route | undefined {
  return routes.find(({ takes }) => takes(request))
}

/** point: from 0 up to, not with, 1. */
export function selectDestination(route: Route, point: number): WeightedDestination | undefined {
  const { destinations } = route
  const total = destinations.at(-1)?.upTo ?? 0
  return destinations.find(({ upTo }) => point * total < upTo)
}

function matchesOf({ match }: HTTPRoute): readonly HTTPMatchRequest[] {
  return match?.length ? match : [{}]
}

function compileRoute(
  rule: HTTPRoute,
  match: HTTPMatchRequest,
  proxy: ProxyIdentity,
  namespace: string,
): Route | undefined {
  const takes = compileMatch(match, proxy, namespace)
  if (!takes) return undefined
  return {
    name: `${rule.name ?? ''}${match.name ? `.${match.name}` : ''}`,
    rule,
    match,
    takes,
    isCatchAll: isCatchAll(match),
    port: proxy.port,
    isRefused: isRefused(rule),
    destinations: weighted(rule.route ?? [], namespace),
    mirrors: mirrorsOf(rule, namespace),
    timeout: (rule.timeout && parseDuration(rule.timeout)) || undefined,
    retry: retryPolicy(rule.retries),
  }
}

/** Of several destinations, those of weight 0 get nothing; a single one gets all. */
function weighted(route: readonly HTTPRouteDestination[], namespace: string): WeightedDestination[] {
  let sum = 0
  return route.flatMap(({ destination, weight = 0, headers }) => {
    if (route.length > 1 && weight === 0) return []
    sum += route.length > 1 ? weight : 1
    return [
      {
        host: fullHost(destination.host, namespace),
        subset: destination.subset ?? '',
        port: destination.port?.number,
        upTo: sum,
        headers,
      },
    ]
  })
}

function mirrorsOf(rule: HTTPRoute, namespace: string): Mirror[] {
  const single = rule.mirror && {
    destination: rule.mirror,
    percentage: rule.mirrorPercentage ?? { value: rule.mirrorPercent ?? rule.mirror_percent ?? 100 },
  }
  return [...(single ? [single] : []), ...(rule.mirrors ?? [])].flatMap(({ destination, percentage }) =>
    weighted([{ destination }], namespace).map((target) => ({
      destination: target,
      percent: percentage ? (percentage.value ?? 0) : 100,
    })),
  )
}
