import { isPlainHttp } from '../../mesh/protocols.ts'
import type { Gateway, GatewayServer } from '../../mesh/types.ts'
import { checkPort, checkServerHost, isDnsLabel } from './names.ts'
import { Problems } from './problems.ts'

interface Tls {
  mode?: string
  httpsRedirect?: boolean
  credentialName?: string
  serverCertificate?: string
  privateKey?: string
  caCertificates?: string
}

export function checkGateway({ metadata, spec }: Gateway): Problems {
  const problems = new Problems()
  const servers = spec.servers ?? []
  if (!isDnsLabel(metadata.name)) problems.add(`invalid gateway name: "${metadata.name}"`)
  if (servers.length === 0) problems.add('gateway must have at least one server')
  for (const server of servers) checkServer(server, problems)
  const names = new Set<string>()
  for (const { port, tls } of servers) {
    if (!port) continue
    const name = port.name ?? ''
    if (names.has(name)) problems.add(`port names in servers must be unique: duplicate name ${name}`)
    names.add(name)
    if (!isPlainHttp(port.protocol) && tls?.httpsRedirect)
      problems.warn('tls.httpsRedirect should only be used with http servers')
  }
  return problems
}

const protocols = [
  'tcp',
  'udp',
  'grpc',
  'grpc-web',
  'http',
  'http_proxy',
  'http2',
  'https',
  'tls',
  'mongo',
  'redis',
  'mysql',
]

function isTls(protocol = ''): boolean {
  return ['https', 'tls'].includes(protocol.toLowerCase())
}

function checkServer({ hosts = [], port, tls }: GatewayServer, problems: Problems): void {
  if (hosts.length === 0) problems.add('server config must contain at least one host')
  for (const host of hosts) problems.add(...checkServerHost(host))
  const ofPort = portErrors(port)
  problems.add(...ofPort)
  checkTls(tls, problems)
  if (ofPort.length === 0) problems.add(protocolConflict(port.protocol, tls))
}

function portErrors(port: GatewayServer['port'] | undefined): string[] {
  if (!port) return ['port is required']
  const { number = 0, name = '', protocol = '' } = port
  const isKnown = protocols.includes(protocol.toLowerCase())
  const wrongNumber = checkPort(number)
  return [
    ...(isKnown
      ? []
      : [
          `invalid protocol "${protocol}", supported protocols are HTTP, HTTP2, GRPC, GRPC-WEB, MONGO, REDIS, MYSQL, TCP`,
        ]),
    ...(wrongNumber ? [wrongNumber] : []),
    ...(name === '' ? [`port name must be set: ${protoText(number, protocol)}`] : []),
  ]
}

/** A message as Go's protobuf prints it. */
function protoText(number: number, protocol: string): string {
  return [...(number ? [`number:${number}`] : []), ...(protocol ? [`protocol:"${protocol}"`] : [])].join(' ')
}

function protocolConflict(protocol: string | undefined, tls: Tls | undefined): string | undefined {
  if (isTls(protocol)) return tls ? undefined : 'server must have TLS settings for HTTPS/TLS protocols'
  if (!tls) return undefined
  if (!isPlainHttp(protocol)) return 'server cannot have TLS settings for non HTTPS/TLS ports'
  const isPassThrough = ['PASSTHROUGH', 'AUTO_PASSTHROUGH'].includes(tls.mode ?? 'PASSTHROUGH')
  const hasFiles = tls.caCertificates || tls.privateKey || tls.serverCertificate
  return isPassThrough && !hasFiles ? undefined : 'server cannot have TLS settings for plain text HTTP ports'
}

function checkTls(tls: Tls | undefined, problems: Problems): void {
  if (!tls) return
  const { mode = 'PASSTHROUGH', credentialName = '', serverCertificate, privateKey, caCertificates } = tls
  const present = (value: string | undefined, text: string) => problems.add(value ? text : undefined)
  const absent = (value: string | undefined, text: string) => problems.add(value ? undefined : text)
  if (mode === 'ISTIO_MUTUAL') {
    present(serverCertificate, 'ISTIO_MUTUAL TLS cannot have associated server certificate')
    present(privateKey, 'ISTIO_MUTUAL TLS cannot have associated private key')
    present(caCertificates, 'ISTIO_MUTUAL TLS cannot have associated CA bundle')
    present(credentialName, 'ISTIO_MUTUAL TLS cannot have associated credentialName')
  } else if (mode.endsWith('PASSTHROUGH')) {
    if (serverCertificate || privateKey || caCertificates || credentialName)
      problems.warn(`${mode} mode does not use certificates, they will be ignored`)
  } else if (!credentialName) {
    const word = mode === 'SIMPLE' ? 'SIMPLE' : 'MUTUAL'
    absent(serverCertificate, `${word} TLS requires a server certificate`)
    absent(privateKey, `${word} TLS requires a private key`)
    if (word === 'MUTUAL') absent(caCertificates, 'MUTUAL TLS requires a client CA bundle')
  }
}
