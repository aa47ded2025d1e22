/** Numbers in Istio's objects, which have a size in istiod that the API server does not know of. */
import type { Part } from './part.ts'
import { valuesAt } from './paths.ts'

const sizes = {
  uint32: [0, 2 ** 32 - 1],
  int32: [-(2 ** 31), 2 ** 31 - 1],
} as const

const portOf = (...destinations: string[]) => destinations.map((path) => `${path}.port.number`)
const policies = ['trafficPolicy', 'subsets.*.trafficPolicy'].flatMap((policy) => [
  policy,
  `${policy}.portLevelSettings.*`,
])
const perPolicy = (...fields: string[]) => policies.flatMap((policy) => fields.map((field) => `${policy}.${field}`))

/** Where such numbers stand: a path of fields, `*` for each of a list. */
const paths: Readonly<Record<string, Readonly<Record<keyof typeof sizes, readonly string[]>>>> = {
  VirtualService: {
    uint32: [
      ...['http', 'tcp', 'tls'].flatMap((kind) => [
        `${kind}.*.match.*.port`,
        ...portOf(`${kind}.*.route.*.destination`),
      ]),
      ...portOf('http.*.mirror', 'http.*.mirrors.*.destination'),
      'http.*.redirect.port',
      'http.*.redirect.redirectCode',
      'http.*.directResponse.status',
      'http.*.mirrorPercent',
    ],
    int32: [
      ...['http', 'tcp', 'tls'].map((kind) => `${kind}.*.route.*.weight`),
      'http.*.retries.attempts',
      'http.*.fault.abort.httpStatus',
      'http.*.fault.delay.percent',
    ],
  },
  DestinationRule: {
    uint32: perPolicy(
      'port.number',
      'tunnel.targetPort',
      'connectionPool.tcp.tcpKeepalive.probes',
      'outlierDetection.consecutiveGatewayErrors',
      'outlierDetection.consecutive5xxErrors',
      'outlierDetection.consecutiveLocalOriginFailures',
    ),
    int32: perPolicy(
      'connectionPool.tcp.maxConnections',
      'connectionPool.http.http1MaxPendingRequests',
      'connectionPool.http.http2MaxRequests',
      'connectionPool.http.maxRequestsPerConnection',
      'connectionPool.http.maxRetries',
      'outlierDetection.maxEjectionPercent',
      'outlierDetection.minHealthPercent',
    ),
  },
  Gateway: { uint32: ['servers.*.port.number', 'servers.*.port.targetPort'], int32: [] },
  ServiceEntry: { uint32: ['ports.*.number', 'ports.*.targetPort', 'endpoints.*.weight'], int32: [] },
  Sidecar: { uint32: ['ingress.*.port.number', 'egress.*.port.number'], int32: [] },
  WorkloadEntry: { uint32: ['weight'], int32: [] },
}

/** Go's words for the first number that its type cannot hold. */
export function checkNumbers(kind: string, spec: Part): string | undefined {
  for (const [type, [least, most]] of Object.entries(sizes)) {
    const found = (paths[kind]?.[type as keyof typeof sizes] ?? []).flatMap((path) => valuesAt(spec, path.split('.')))
    const wrong = found.find((value) => typeof value === 'number' && (value < least || value > most))
    if (wrong !== undefined) return `json: cannot unmarshal number ${wrong} into Go value of type ${type}`
  }
  return undefined
}
