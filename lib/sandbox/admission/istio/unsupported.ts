/** Fields that the sandbox keeps, but its mesh does not act on: said in a warning, which kubectl prints. */
import { isPlainHttp } from '../../mesh/protocols.ts'
import type { KubeObject } from '../../objects.ts'
import type { Part } from './part.ts'
import { valuesAt } from './paths.ts'

const ofPolicy = [
  'tunnel',
  'proxyProtocol',
  ...['', 'portLevelSettings.*.'].flatMap((place) => [
    `${place}connectionPool.http.maxRetries`,
    `${place}connectionPool.tcp.maxConnectionDuration`,
    `${place}outlierDetection.consecutiveLocalOriginFailures`,
    `${place}loadBalancer.localityLbSetting`,
    `${place}loadBalancer.warmupDurationSecs`,
  ]),
]

/** Paths below spec; `*` stands for each of a list. */
const stored: Readonly<Record<string, readonly string[]>> = {
  VirtualService: ['tcp', 'tls'],
  AuthorizationPolicy: [
    'provider',
    'targetRef',
    'rules.*.from.*.source.requestPrincipals',
    'rules.*.from.*.source.notRequestPrincipals',
  ],
  DestinationRule: [
    ...ofPolicy.map((field) => `trafficPolicy.${field}`),
    ...ofPolicy.map((field) => `subsets.*.trafficPolicy.${field}`),
  ],
}

export function unsupportedFields({ kind, spec }: KubeObject): string[] {
  const paths = (stored[kind] ?? []).filter((path) => valuesAt(spec, path.split('.')).length > 0)
  const warnings = paths.map(
    (path) => `spec.${path.replaceAll('.*', '[*]')} is stored only, it has no effect on traffic`,
  )
  return [...warnings, ...(kind === 'Gateway' ? closedServers(spec) : [])].map((warning) => `sandbox: ${warning}`)
}

function closedServers({ servers = [] }: Part): string[] {
  return servers
    .filter(({ port }: Part) => !isPlainHttp(port.protocol))
    .map(
      ({ port }: Part) => `nothing listens for the server on port ${port.number}, as its protocol is ${port.protocol}`,
    )
}
