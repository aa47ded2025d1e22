import type { Gateway } from '../../mesh/types.ts'
import { checkIp, checkPort, checkScopedHost, checkUnixPath, isDnsLabel, UNIX } from './names.ts'
import { Problems } from './problems.ts'
import { hasProtocol, isKnownProtocol } from './protocols.ts'
import { checkServerTls, type ServerTls } from './server-tls.ts'

interface Server {
  hosts?: readonly string[]
  port?: Port
  bind?: string
  tls?: ServerTls
}

interface Port {
  number?: number
  name?: string
  protocol?: string
  targetPort?: number
}

export function checkGateway({ metadata, spec }: Gateway): Problems {
  const problems = new Problems()
  const servers = (spec.servers ?? []) as readonly Server[]
  if (!isDnsLabel(metadata.name)) problems.add(`invalid gateway name: "${metadata.name}"`)
  if (servers.length === 0) problems.add('gateway must have at least one server')
  for (const server of servers) checkServer(server, problems)
  const names = new Set<string>()
  for (const { port, tls } of servers) {
    if (!port) continue
    const name = port.name ?? ''
    if (names.has(name)) problems.add(`port names in servers must be unique: duplicate name ${name}`)
    names.add(name)
    if (!hasProtocol(port.protocol, 'http') && tls?.httpsRedirect)
      problems.warn('tls.httpsRedirect should only be used with http servers')
  }
  return problems
}

function checkServer({ hosts = [], port, bind = '', tls }: Server, problems: Problems): void {
  if (hosts.length === 0) problems.add('server config must contain at least one host')
  for (const host of hosts) problems.add(...checkScopedHost(host, 'gateway'))
  const ofPort = portErrors(port, bind)
  problems.add(...ofPort, ...bindErrors(port, bind))
  if (tls) checkServerTls(tls, problems)
  if (ofPort.length === 0) problems.add(protocolConflict(port?.protocol, tls))
}

function portErrors(port: Port | undefined, bind: string): string[] {
  if (!port) return ['port is required']
  const { number = 0, name = '', protocol = '', targetPort = 0 } = port
  const wrongNumber = number > 0 || !bind.startsWith(UNIX) ? checkPort(number) : undefined
  const supported = 'supported protocols are HTTP, HTTP2, GRPC, GRPC-WEB, MONGO, REDIS, MYSQL, TCP'
  return [
    isKnownProtocol(protocol) ? undefined : `invalid protocol ${JSON.stringify(protocol)}, ${supported}`,
    wrongNumber,
    targetPort > 0 ? 'targetPort has no impact on Gateways' : undefined,
    name === '' ? `port name must be set: ${protoText(port)}` : undefined,
  ].filter((error) => error !== undefined)
}

function bindErrors(port: Port | undefined, bind: string): (string | undefined)[] {
  if (!bind.startsWith(UNIX)) return [bind === '' ? undefined : checkIp(bind)]
  const hasNumber = port?.number
  return [
    checkUnixPath(bind.slice(UNIX.length)),
    hasNumber ? `port number must be 0 for unix domain socket: ${protoText(port)}` : undefined,
  ]
}

/** A message as Go's protobuf prints it. */
function protoText({ number, protocol, name, targetPort }: Port): string {
  const texts = {
    number,
    protocol: protocol && JSON.stringify(protocol),
    name: name && JSON.stringify(name),
    targetPort,
  }
  return Object.entries(texts)
    .filter(([, text]) => text)
    .map(([field, text]) => `${field === 'targetPort' ? 'target_port' : field}:${text}`)
    .join(' ')
}

function protocolConflict(protocol: string | undefined, tls: ServerTls | undefined): string | undefined {
  if (hasProtocol(protocol, 'tls')) return tls ? undefined : 'server must have TLS settings for HTTPS/TLS protocols'
  if (!tls) return undefined
  if (!hasProtocol(protocol, 'http')) return 'server cannot have TLS settings for non HTTPS/TLS ports'
  const isPassThrough = ['PASSTHROUGH', 'AUTO_PASSTHROUGH'].includes(tls.mode ?? 'PASSTHROUGH')
  const hasFiles = tls.caCertificates || tls.privateKey || tls.serverCertificate
  return isPassThrough && !hasFiles ? undefined : 'server cannot have TLS settings for plain text HTTP ports'
}
