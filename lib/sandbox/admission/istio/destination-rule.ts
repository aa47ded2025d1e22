import type { DestinationRule, Subset } from '../../mesh/types.ts'
import { checkDuration } from './durations.ts'
import { checkExportTo, checkLabelMap, checkSubsetName, checkWildcardDomain } from './names.ts'
import { Problems } from './problems.ts'

// biome-ignore lint/suspicious/noExplicitAny: parts that the mesh does not act on are known by the schema
type Part = any

export function checkDestinationRule({ metadata, spec }: DestinationRule): Problems {
  const problems = new Problems()
  problems.add(checkWildcardDomain(spec.host ?? ''))
  checkTrafficPolicy(spec.trafficPolicy, problems)
  for (const subset of spec.subsets ?? []) checkSubset(subset, problems)
  problems.add(...checkExportTo(spec.exportTo, metadata.namespace ?? ''))
  return problems
}

function checkSubset({ name = '', labels, trafficPolicy }: Subset, problems: Problems): void {
  problems.add(checkSubsetName(name))
  for (const error of checkLabelMap(labels)) problems.addListed(error)
  checkTrafficPolicy(trafficPolicy, problems)
}

const fields = [
  'outlierDetection',
  'connectionPool',
  'loadBalancer',
  'tls',
  'portLevelSettings',
  'tunnel',
  'proxyProtocol',
]

function checkTrafficPolicy(policy: Part, problems: Problems): void {
  if (!policy) return
  if (!fields.some((field) => policy[field])) {
    problems.add('traffic policy must have at least one field')
    return
  }
  checkSettings(policy, problems)
  for (const settings of policy.portLevelSettings ?? []) {
    if (!settings.port) problems.add('portTrafficPolicy must have valid port')
    if (fields.slice(0, 4).some((field) => settings[field])) checkSettings(settings, problems)
    else problems.add('port traffic policy must have at least one field')
  }
}

function checkSettings({ outlierDetection, connectionPool, loadBalancer, tls }: Part, problems: Problems): void {
  if (outlierDetection) checkOutlierDetection(outlierDetection, problems)
  if (connectionPool) checkConnectionPool(connectionPool, problems)
  if (loadBalancer) checkLoadBalancer(loadBalancer, problems)
  if (tls) checkTls(tls, problems)
}

function checkOutlierDetection(outlier: Part, problems: Problems): void {
  problems.add(checkDuration(outlier.baseEjectionTime))
  if (outlier.consecutiveErrors)
    problems.warn(
      'outlier detection consecutive errors is deprecated, use consecutiveGatewayErrors or consecutive5xxErrors instead',
    )
  if (!outlier.splitExternalLocalOriginErrors && outlier.consecutiveLocalOriginFailures > 0)
    problems.add(
      'outlier detection consecutive local origin failures is specified, but split external local origin errors is set to false',
    )
  problems.add(checkDuration(outlier.interval))
  for (const percent of [outlier.maxEjectionPercent ?? 0, outlier.minHealthPercent ?? 0])
    if (percent < 0 || percent > 100) problems.add(`percentage ${percent} is not in range 0..100`)
}

/** Numbers that may not be negative, and the words for them. */
const limits: readonly [group: 'http' | 'tcp', field: string, words: string][] = [
  ['http', 'http1MaxPendingRequests', 'http1 max pending requests'],
  ['http', 'http2MaxRequests', 'http2 max requests'],
  ['http', 'maxRequestsPerConnection', 'max requests per connection'],
  ['http', 'maxRetries', 'max retries'],
  ['http', 'maxConcurrentStreams', 'max concurrent streams'],
  ['tcp', 'maxConnections', 'max connections'],
]

function checkConnectionPool(pool: Part, problems: Problems): void {
  if (!pool.http && !pool.tcp) {
    problems.add('connection pool must have at least one field')
    return
  }
  for (const [group, field, words] of limits)
    if (pool[group]?.[field] < 0) problems.add(`${words} must be non-negative`)
  if (pool.http?.h2UpgradePolicy === 'UPGRADE' && pool.http.useClientProtocol)
    problems.add('use client protocol must not be true when H2UpgradePolicy is UPGRADE')
  for (const duration of [pool.http?.idleTimeout, pool.tcp?.connectTimeout, pool.tcp?.maxConnectionDuration])
    problems.add(checkDuration(duration))
}

function checkLoadBalancer({ consistentHash, localityLbSetting }: Part, problems: Problems): void {
  if (consistentHash?.httpCookie && !consistentHash.httpCookie.name) problems.add('name required for HttpCookie')
  if (consistentHash?.minimumRingSize) {
    problems.warn(
      "consistent hash MinimumRingSize is deprecated, use ConsistentHashLB's RingHash configuration instead",
    )
    if (consistentHash.ringHash || consistentHash.maglev)
      problems.add('only one of MinimumRingSize or Maglev/Ringhash can be specified')
  }
  if (localityLbSetting?.distribute?.length && localityLbSetting.failover?.length)
    problems.add("can not simultaneously specify 'distribute' and 'failover'")
}

function checkTls(
  { mode, credentialName, clientCertificate, caCertificates, privateKey }: Part,
  problems: Problems,
): void {
  if ((mode === 'SIMPLE' || mode === 'MUTUAL') && credentialName) {
    if (clientCertificate || caCertificates || privateKey)
      problems.add('cannot specify client certificates or CA certificate If credentialName is set')
    return
  }
  if (mode !== 'MUTUAL') return
  if (!clientCertificate) problems.add('client certificate required for mutual tls')
  if (!privateKey) problems.add('private key required for mutual tls')
}
