import type { DestinationRule, Subset } from '../../mesh/types.ts'
import { checkConnectionPool } from './connection-pool.ts'
import { checkDuration } from './durations.ts'
import { checkLocality } from './locality.ts'
import {
  checkDomain,
  checkExportTo,
  checkIp,
  checkLabelMap,
  checkPort,
  checkSubsetName,
  checkWildcardDomain,
} from './names.ts'
import { isFilled, type Part } from './part.ts'
import { Problems } from './problems.ts'
import { checkWorkloadSelector } from './selectors.ts'

export function checkDestinationRule({ metadata, spec }: DestinationRule): Problems {
  const problems = new Problems()
  problems.add(checkWildcardDomain(spec.host ?? ''))
  checkTrafficPolicy(spec.trafficPolicy, problems)
  for (const subset of spec.subsets ?? []) problems.addErrorsOf((own) => checkSubset(subset, own))
  const { workloadSelector } = spec
  const kind = workloadSelector ? 'DestinationRule with selector' : undefined
  problems.add(...checkExportTo(spec.exportTo, metadata.namespace ?? '', kind))
  checkWorkloadSelector(workloadSelector, problems)
  return problems
}

function checkSubset({ name = '', labels, trafficPolicy }: Subset, problems: Problems): void {
  problems.add(checkSubsetName(name))
  problems.addListed(...checkLabelMap(labels))
  checkTrafficPolicy(trafficPolicy, problems)
}

const ofPort = ['outlierDetection', 'connectionPool', 'loadBalancer', 'tls']
const ofHost = [...ofPort, 'tunnel', 'proxyProtocol']

function checkTrafficPolicy(policy: Part, problems: Problems): void {
  if (!policy) return
  if (!ofHost.some((field) => policy[field]) && !isFilled(policy.portLevelSettings)) {
    problems.add('traffic policy must have at least one field')
    return
  }
  const { tunnel, proxyProtocol, portLevelSettings = [] } = policy
  if (tunnel && proxyProtocol) {
    problems.add('tunnel and proxyProtocol must not be set together')
    return
  }
  checkSettings(policy, problems)
  for (const settings of portLevelSettings)
    problems.addErrorsOf((own) => {
      if (!settings.port) own.add('portTrafficPolicy must have valid port')
      if (ofPort.some((field) => settings[field])) checkSettings(settings, own)
      else own.add('port traffic policy must have at least one field')
    })
  if (tunnel) checkTunnel(tunnel, problems)
}

function checkSettings({ outlierDetection, connectionPool, loadBalancer, tls }: Part, problems: Problems): void {
  if (outlierDetection) checkOutlierDetection(outlierDetection, problems)
  if (connectionPool) checkConnectionPool(connectionPool, problems)
  if (loadBalancer) checkLoadBalancer(loadBalancer, outlierDetection !== undefined, problems)
  if (tls) checkTls(tls, problems)
}

function checkTunnel({ protocol = '', targetHost = '', targetPort = 0 }: Part, problems: Problems): void {
  if (!['', 'CONNECT', 'POST'].includes(protocol)) problems.add('tunnel protocol must be "CONNECT" or "POST"')
  const [ofDomain, ofIp, ofTarget] = [checkDomain(targetHost), checkIp(targetHost), checkPort(targetPort)]
  if (ofDomain !== undefined && ofIp !== undefined)
    problems.add(`tunnel target host must be valid FQDN or IP address: ${ofDomain}; ${ofIp}`)
  if (ofTarget !== undefined) problems.add(`tunnel target port is invalid: ${ofTarget}`)
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

function checkLoadBalancer(
  { consistentHash, localityLbSetting }: Part,
  hasOutlierDetection: boolean,
  problems: Problems,
): void {
  if (consistentHash?.httpCookie && !consistentHash.httpCookie.name) problems.add('name required for HttpCookie')
  if (Number(consistentHash?.minimumRingSize ?? 0) !== 0) {
    problems.warn(
      "consistent hash MinimumRingSize is deprecated, use ConsistentHashLB's RingHash configuration instead",
    )
    if (consistentHash.ringHash || consistentHash.maglev)
      problems.add('only one of MinimumRingSize or Maglev/Ringhash can be specified')
  }
  if (localityLbSetting) checkLocality(localityLbSetting, hasOutlierDetection, problems)
}

function checkTls(tls: Part, problems: Problems): void {
  const { mode, credentialName, clientCertificate, caCertificates, privateKey, subjectAltNames } = tls
  const hasNames = isFilled(subjectAltNames)
  if (tls.insecureSkipVerify && mode === 'SIMPLE' && (caCertificates || credentialName || hasNames))
    problems.add(
      'cannot specify CaCertificates or CredentialName or SubjectAltNames when InsecureSkipVerify is set true',
    )
  if (tls.insecureSkipVerify && mode === 'MUTUAL' && (caCertificates || hasNames))
    problems.add('cannot specify CaCertificates or SubjectAltNames when InsecureSkipVerify is set true')
  if ((mode === 'SIMPLE' || mode === 'MUTUAL') && credentialName) {
    if (clientCertificate || caCertificates || privateKey)
      problems.add('cannot specify client certificates or CA certificate If credentialName is set')
    return
  }
  if (mode !== 'MUTUAL') return
  if (!clientCertificate) problems.add('client certificate required for mutual tls')
  if (!privateKey) problems.add('private key required for mutual tls')
}
