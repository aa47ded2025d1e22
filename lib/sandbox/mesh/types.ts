/** Istio's networking kinds as far as the mesh acts on them (networking.istio.io v1alpha3 and v1beta1, Istio 1.21). */
import type { KubeObject, Labels } from '../objects.ts'

/** A field of none of these names matches whatever is there. */
export interface StringMatch {
  exact?: string
  prefix?: string
  regex?: string
}

export interface HTTPMatchRequest {
  name?: string
  uri?: StringMatch
  ignoreUriCase?: boolean
  scheme?: StringMatch
  method?: StringMatch
  authority?: StringMatch
  headers?: Readonly<Record<string, StringMatch>>
  withoutHeaders?: Readonly<Record<string, StringMatch>>
  queryParams?: Readonly<Record<string, StringMatch>>
  port?: number
  sourceLabels?: Labels
  sourceNamespace?: string
  gateways?: readonly string[]
}

export interface Destination {
  host: string
  subset?: string
  port?: { number?: number }
}

export interface HeaderOperations {
  set?: Readonly<Record<string, string>>
  add?: Readonly<Record<string, string>>
  remove?: readonly string[]
}

export interface HeaderEdits {
  request?: HeaderOperations
  response?: HeaderOperations
}

export interface HTTPRouteDestination {
  destination: Destination
  weight?: number
  headers?: HeaderEdits
}

export interface HTTPRedirect {
  uri?: string
  authority?: string
  port?: number
  derivePort?: 'FROM_PROTOCOL_DEFAULT' | 'FROM_REQUEST_PORT'
  scheme?: string
  redirectCode?: number
}

export interface HTTPRewrite {
  uri?: string
  authority?: string
  uriRegexRewrite?: { match?: string; rewrite?: string }
}

interface Percent {
  value?: number
}

export interface HTTPFaultInjection {
  delay?: { fixedDelay?: string; exponentialDelay?: string; percentage?: Percent; percent?: number }
  abort?: { httpStatus?: number; grpcStatus?: string; http2Error?: string; percentage?: Percent }
}

export interface HTTPRetry {
  attempts?: number
  perTryTimeout?: string
  retryOn?: string
}

export interface CorsPolicy {
  allowOrigin?: readonly string[]
  allowOrigins?: readonly StringMatch[]
  allowMethods?: readonly string[]
  allowHeaders?: readonly string[]
  exposeHeaders?: readonly string[]
  maxAge?: string
  allowCredentials?: boolean
}

export interface HTTPRoute {
  name?: string
  match?: readonly HTTPMatchRequest[]
  route?: readonly HTTPRouteDestination[]
  redirect?: HTTPRedirect
  directResponse?: { status: number; body?: { string?: string; bytes?: string } }
  delegate?: { name?: string; namespace?: string }
  rewrite?: HTTPRewrite
  timeout?: string
  retries?: HTTPRetry
  fault?: HTTPFaultInjection
  mirror?: Destination
  mirrorPercent?: number
  /** The same by its old name. */
  mirror_percent?: number
  mirrorPercentage?: Percent
  mirrors?: readonly { destination: Destination; percentage?: Percent }[]
  corsPolicy?: CorsPolicy
  headers?: HeaderEdits
}

export interface VirtualService extends KubeObject {
  spec: {
    hosts?: readonly string[]
    gateways?: readonly string[]
    http?: readonly HTTPRoute[]
    exportTo?: readonly string[]
  }
}

export interface ConsistentHash {
  httpHeaderName?: string
  httpCookie?: { name: string; path?: string; ttl?: string }
  useSourceIp?: boolean
  httpQueryParameterName?: string
}

interface LoadBalancerSettings {
  simple?: 'UNSPECIFIED' | 'RANDOM' | 'PASSTHROUGH' | 'ROUND_ROBIN' | 'LEAST_REQUEST' | 'LEAST_CONN'
  consistentHash?: ConsistentHash
}

export interface ConnectionPool {
  tcp?: { maxConnections?: number }
  http?: { http1MaxPendingRequests?: number; http2MaxRequests?: number; maxRequestsPerConnection?: number }
}

export interface OutlierDetection {
  consecutive5xxErrors?: number
  consecutiveGatewayErrors?: number
  interval?: string
  baseEjectionTime?: string
  maxEjectionPercent?: number
  minHealthPercent?: number
}

/** What may be said of one port, or of all. */
export interface PortPolicy {
  loadBalancer?: LoadBalancerSettings
  connectionPool?: ConnectionPool
  outlierDetection?: OutlierDetection
  tls?: { mode?: 'DISABLE' | 'SIMPLE' | 'MUTUAL' | 'ISTIO_MUTUAL' }
}

export interface TrafficPolicy extends PortPolicy {
  portLevelSettings?: readonly ({ port?: { number?: number } } & PortPolicy)[]
}

export interface Subset {
  name: string
  labels?: Labels
  trafficPolicy?: TrafficPolicy
}

export interface DestinationRule extends KubeObject {
  spec: {
    host: string
    subsets?: readonly Subset[]
    trafficPolicy?: TrafficPolicy
    workloadSelector?: { matchLabels?: Labels }
    exportTo?: readonly string[]
  }
}

export interface GatewayServer {
  port: { number: number; name?: string; protocol?: string }
  hosts?: readonly string[]
  tls?: { mode?: string; httpsRedirect?: boolean; credentialName?: string }
}

export interface Gateway extends KubeObject {
  spec: { selector?: Labels; servers?: readonly GatewayServer[] }
}
