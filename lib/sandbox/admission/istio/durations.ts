/** Durations in Istio's objects, which are texts to the API server and numbers to istiod. */
import { parseDuration } from '../../mesh/duration.ts'
import type { Part } from './part.ts'
import { valuesAt } from './paths.ts'

const ofPool = [
  'tcp.connectTimeout',
  'tcp.maxConnectionDuration',
  'tcp.tcpKeepalive.time',
  'tcp.tcpKeepalive.interval',
  'http.idleTimeout',
]

/** Where durations stand: a path of fields, `*` for each of a list. */
const paths: Readonly<Record<string, readonly string[]>> = {
  VirtualService: [
    'http.*.timeout',
    'http.*.retries.perTryTimeout',
    'http.*.fault.delay.fixedDelay',
    'http.*.fault.delay.exponentialDelay',
    'http.*.corsPolicy.maxAge',
  ],
  DestinationRule: ['trafficPolicy', 'subsets.*.trafficPolicy']
    .flatMap((policy) => [policy, `${policy}.portLevelSettings.*`])
    .flatMap((policy) => [
      ...ofPool.map((field) => `${policy}.connectionPool.${field}`),
      `${policy}.outlierDetection.interval`,
      `${policy}.outlierDetection.baseEjectionTime`,
      `${policy}.loadBalancer.consistentHash.httpCookie.ttl`,
      `${policy}.loadBalancer.warmupDurationSecs`,
    ]),
  Sidecar: ['inboundConnectionPool', 'ingress.*.connectionPool'].flatMap((pool) =>
    ofPool.map((field) => `${pool}.${field}`),
  ),
}

/** Go's words for the first text that is no duration; undefined where all are. */
export function checkDurations(kind: string, spec: Part): string | undefined {
  const texts = (paths[kind] ?? []).flatMap((path) => valuesAt(spec, path.split('.')))
  const wrong = texts.find((text) => typeof text === 'string' && parseDuration(text) === undefined)
  return wrong === undefined ? undefined : `bad Duration: time: ${goReason(wrong)}`
}

function goReason(text: string): string {
  // A text this long is no number with a unit, whatever it is.
  if (text.length > 100) return `invalid duration "${text}"`
  const unit = /^[-+]?(?:[\d.]+(?:ns|us|µs|ms|s|m|h))*[\d.]*\d[\d.]*([^\d.]*)/.exec(text)?.[1]
  if (unit === '') return `missing unit in duration "${text}"`
  return unit === undefined ? `invalid duration "${text}"` : `unknown unit "${unit}" in duration "${text}"`
}

/** For durations that rules act on. */
export function checkDuration(text: string | undefined): string | undefined {
  const milliseconds = text === undefined ? undefined : parseDuration(text)
  if (milliseconds === undefined) return undefined
  if (milliseconds < 1) return 'duration must be greater than 1ms'
  return Number.isInteger(milliseconds) ? undefined : 'only durations to ms precision are supported'
}
