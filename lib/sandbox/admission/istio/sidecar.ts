import { numError } from '../../go/strconv.ts'
import type { KubeObject } from '../../objects.ts'
import { checkConnectionPool } from './connection-pool.ts'
import {
  checkDestination,
  checkDomain,
  checkIp,
  checkPort,
  checkPortName,
  checkScopedHost,
  checkUnixPath,
  UNIX,
} from './names.ts'
import type { Part } from './part.ts'
import { Problems } from './problems.ts'
import { checkProtocol, hasProtocol } from './protocols.ts'
import { checkLabelSelector } from './selectors.ts'
import { checkServerTls } from './server-tls.ts'

export function checkSidecar({ metadata, spec }: KubeObject): Problems {
  const problems = new Problems()
  if (!checkLabelSelector(spec.workloadSelector, 'sidecar', problems)) return problems
  const { ingress = [], egress = [], outboundTrafficPolicy, inboundConnectionPool } = spec
  if (ingress.length === 0 && egress.length === 0 && !outboundTrafficPolicy && !inboundConnectionPool) {
    problems.add('sidecar: empty configuration provided')
    return problems
  }
  const ports = new Set<number>()
  for (const listener of ingress) checkIngress(listener, ports, problems)
  if (inboundConnectionPool) checkConnectionPool(inboundConnectionPool, problems)
  checkEgress(egress, metadata.namespace ?? '', problems)
  if (outboundTrafficPolicy) checkOutbound(outboundTrafficPolicy, problems)
  return problems
}

function checkIngress(listener: Part, ports: Set<number>, problems: Problems): void {
  const { port, bind = '', defaultEndpoint = '', tls, connectionPool } = listener
  if (!port) {
    problems.add('sidecar: port is required for ingress listeners')
    return
  }
  const { number = 0, name = '', protocol = '', targetPort = 0 } = port
  if (targetPort > 0) problems.add('targetPort has no impact on Sidecars')
  if (name) problems.add(checkPortName(name))
  problems.add(checkProtocol(protocol), checkPort(number))
  if (bind) problems.add(checkIp(bind))
  if (ports.has(number)) problems.add('sidecar: ports on IP bound listeners must be unique')
  ports.add(number)
  if (defaultEndpoint) checkDefaultEndpoint(defaultEndpoint, problems)
  if (tls) checkIngressTls(tls, protocol, problems)
  if (!connectionPool) return
  checkConnectionPool(connectionPool, problems)
  if (connectionPool.http && !hasProtocol(protocol, 'http'))
    problems.warn(
      `sidecar: HTTP connection pool settings are configured for port ${number} (${JSON.stringify(name)}) but its protocol is not HTTP (${protocol}); only TCP settings will apply`,
    )
}

const ownHosts = ['', '127.0.0.1', '0.0.0.0', '::1', '::']

function checkDefaultEndpoint(endpoint: string, problems: Problems): void {
  if (endpoint.startsWith(UNIX)) {
    problems.add(checkUnixPath(endpoint.slice(UNIX.length)))
    return
  }
  const [, bracketed, plain, port = ''] = /^(?:\[([^\]]*)\]|([^:]*)):([^:]*)$/.exec(endpoint) ?? []
  const host = bracketed ?? plain
  if (host === undefined)
    problems.add(
      `address ${endpoint}: ${endpoint.includes(':') ? 'too many colons in address' : 'missing port in address'}`,
    )
  else if (!ownHosts.includes(host))
    problems.add(
      'sidecar: defaultEndpoint must be of form 127.0.0.1:<port>,0.0.0.0:<port>,[::1]:port,[::]:port,unix://filepath or unset',
    )
  if (/^[-+]?\d+$/.test(port)) problems.add(checkPort(Number(port)))
  else problems.add(`sidecar: defaultEndpoint port (${port}) is not a number: ${numError('Atoi', port)}`)
}

function checkIngressTls(tls: Part, protocol: string, problems: Problems): void {
  if (tls.subjectAltNames?.length) problems.add('sidecar: subjectAltNames is not supported in ingress tls')
  if (tls.httpsRedirect) problems.add('sidecar: httpsRedirect is not supported')
  if (tls.credentialName) problems.add('sidecar: credentialName is not currently supported')
  if (['ISTIO_MUTUAL', 'AUTO_PASSTHROUGH'].includes(tls.mode))
    problems.add(`configuration is invalid: cannot set mode to ${tls.mode} in sidecar ingress tls`)
  if (!hasProtocol(protocol, 'tls')) problems.add('server cannot have TLS settings for non HTTPS/TLS ports')
  checkServerTls(tls, problems)
}

function checkEgress(listeners: readonly Part[], namespace: string, problems: Problems): void {
  const seen = new Set<string>()
  let hasCatchAll = false
  listeners.forEach(({ port, bind = '', captureMode = 'DEFAULT', hosts = [] }: Part, index) => {
    if (!port) {
      if (hasCatchAll) {
        problems.add('sidecar: egress can have only one listener with empty port')
        return
      }
      hasCatchAll = index === listeners.length - 1
      if (!hasCatchAll)
        problems.add('sidecar: the egress listener with empty port should be the last listener in the list')
    } else {
      checkEgressPort(port, bind, captureMode, problems)
      const key = port.number ? String(port.number) : bind
      const words = port.number ? 'ports on IP bound listeners' : 'unix domain socket values for listeners'
      if (seen.has(key)) problems.add(`sidecar: ${words} must be unique`)
      seen.add(key)
    }
    checkEgressHosts(hosts, namespace, problems)
  })
}

function checkEgressPort(port: Part, bind: string, captureMode: string, problems: Problems): void {
  const { number = 0, name = '', protocol = '', targetPort = 0 } = port
  if (targetPort > 0) problems.add('targetPort has no impact on Sidecars')
  if (name) problems.add(checkPortName(name))
  problems.add(checkProtocol(protocol))
  if (number !== 0) {
    problems.add(checkPort(number))
    if (bind) problems.add(checkIp(bind))
    return
  }
  problems.add(
    bind.startsWith(UNIX)
      ? checkUnixPath(bind.slice(UNIX.length))
      : 'sidecar: ports with 0 value must have a unix domain socket bind address',
  )
  if (!['DEFAULT', 'NONE'].includes(captureMode))
    problems.add('sidecar: captureMode must be DEFAULT/NONE for unix domain socket listeners')
}

function checkEgressHosts(hosts: readonly string[], namespace: string, problems: Problems): void {
  if (hosts.length === 0) problems.add('sidecar: egress listener must contain at least one host')
  const seen = new Map<string, Set<string>>()
  for (const host of hosts) {
    const slash = host.indexOf('/')
    if (slash >= 0) {
      const [from, service] = [host.slice(0, slash).replace(/^\.$/, namespace), host.slice(slash + 1)]
      const known = seen.get(from) ?? new Set()
      const isRepeated = service === '*' ? known.size > 0 : known.has(service) || known.has('*')
      if (isRepeated) problems.warn(`duplicated egress host: ${host}`)
      seen.set(from, known.add(service))
    }
    problems.add(...checkScopedHost(host, 'sidecar'))
  }
  if (seen.get('*')?.has('*') && seen.size !== 1)
    problems.warn('`*/*` host select all resources, no other hosts can be added')
}

function checkOutbound({ mode = 'REGISTRY_ONLY', egressProxy }: Part, problems: Problems): void {
  if (!egressProxy) return
  if (mode !== 'ALLOW_ANY') {
    problems.add('sidecar: egress_proxy must be set only with ALLOW_ANY outbound_traffic_policy mode')
    return
  }
  problems.add(checkDomain(egressProxy.host ?? ''))
  if (!egressProxy.port) {
    problems.add('sidecar: egress_proxy port must be non-nil')
    return
  }
  problems.add(...checkDestination(egressProxy))
}
