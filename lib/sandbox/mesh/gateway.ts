/** The way in: the node's mapped ports on this machine's loopback, served as whoever is behind them would. */
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { findApplication } from '../bookinfo/bookinfo.ts'
import type { KubeObject } from '../objects.ts'
import type { Store } from '../store/store.ts'
import type { Source } from './authorization.ts'
import { deliver, requestId, send } from './envoy.ts'
import { textResponse } from './fault.ts'
import { type HttpRequest, type HttpResponse, type RequestHeaders, splitPath, withoutPort } from './http.ts'
import type { Logs } from './logs.ts'
import { Mesh } from './mesh.ts'
import type { NodeTarget } from './node-ports.ts'
import { hasSidecar } from './pods.ts'
import { isReferer } from './referer.ts'
import { type Answer, httpServer, type Message, refusal } from './server.ts'
import { routeFor } from './virtual-hosts.ts'

interface PortMapping {
  /** On 127.0.0.1; 0 for any free one. */
  hostPort: number
  /** On the node. */
  containerPort: number
}

export interface GatewayOptions {
  store: Store
  ports: readonly PortMapping[]
  /** Milliseconds until a change shows in traffic; measured on a real cluster: 0.10 to 0.16 s. */
  delayMs?: number
  log: (line: string) => void
}

export interface RunningGateway {
  /** The host ports, in the order of the mappings. */
  ports: readonly number[]
  /** What the last requests left in a container's log, oldest first. */
  logsOf(podUid: string, container: string): { time: number; text: string }[]
  /** Calls the listener with each new line, until the returned function is called. */
  followLogs: Logs['follow']
  close(): Promise<void>
}

/** @throws Error where a port cannot be had (code EADDRINUSE) */
export async function startGateway({ store, ports, delayMs = 150, log }: GatewayOptions): Promise<RunningGateway> {
  const mesh = new Mesh({ store, delayMs, applications: findApplication })
  const servers: Server[] = []
  const close = async () => {
    mesh.close()
    await Promise.all(servers.map(stop))
  }
  try {
    for (const mapping of ports) servers.push(await listen(mesh, mapping, log))
  } catch (error) {
    await close()
    throw error
  }
  return {
    ports: servers.map((server) => (server.address() as AddressInfo).port),
    logsOf: (podUid, container) => mesh.logs.read(podUid, container),
    followLogs: (podUid, container, listener) => mesh.logs.follow(podUid, container, listener),
    close,
  }
}

function listen(mesh: Mesh, { hostPort, containerPort }: PortMapping, log: (line: string) => void): Promise<Server> {
  const server = httpServer({
    isOpen: () => mesh.entry(containerPort) !== undefined,
    answer: (message) =>
      answerTo(mesh, containerPort, message).catch((error: unknown) => {
        const what = `${message.method} ${message.target}`
        log(`gateway: ${what}: ${error instanceof Error ? error.stack : String(error)}`)
        return { response: textResponse(500, '') }
      }),
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(hostPort, '127.0.0.1', () => {
      server.off('error', reject)
      server.on('error', (error) => log(`gateway: port ${hostPort}: ${error.message}`))
      resolve(server)
    })
  })
}

async function stop(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeAllConnections()
  await closed
}

async function answerTo(mesh: Mesh, port: number, message: Message): Promise<Answer | undefined> {
  const entry = mesh.entry(port)
  if (!entry) return undefined
  const isGateway = 'listener' in entry
  const isEnvoy = isGateway || (hasSidecar(entry.endpoint.pod) && entry.endpoint.speaksHttp)
  const target = targetOf(message)
  const refused = isEnvoy ? refusalOf(message, target) : undefined
  if (refused) return { response: refused, close: true }
  const { host = '', path } = target
  const request: HttpRequest = {
    method: message.method,
    path: isEnvoy ? normalPath(path) : path,
    authority: host,
    scheme: 'http',
    headers: isGateway ? forwarded(message, entry.listener.pod) : ownHeaders(message),
    body: message.content,
  }
  if (!isGateway) {
    const response = await answerOf(mesh, entry, request)
    return response && { response, server: '', close: message.version !== '1.1' }
  }
  const { listener } = entry
  const virtualHost = mesh.virtualHosts.ofGateway(listener.proxy, listener.servers, withoutPort(host).toLowerCase())
  const upgrade = upgradeOf(message)
  if (upgrade && upgrade !== 'websocket' && routeFor(virtualHost, request))
    return { response: textResponse(403, ''), close: true }
  const response = await send(mesh, listener, virtualHost, request)
  return { response, close: upgrade !== undefined || (response.closes ?? false) }
}

/** What a pod itself says. To who is no proxy its sidecar names the Service that it takes the request for. */
async function answerOf(
  mesh: Mesh,
  { endpoint, cluster }: NodeTarget,
  request: HttpRequest,
): Promise<HttpResponse | undefined> {
  const response = await deliver(mesh, endpoint, request, '', unknown(endpoint.pod))
  if (response && cluster && hasSidecar(endpoint.pod) && endpoint.speaksHttp) {
    const [, port, , host] = cluster.name.split('|')
    response.headers['x-envoy-decorator-operation'] = `${host}:${port}/*`
  }
  return response
}

/** Who is not of the mesh, and comes from the node. */
function unknown({ status }: KubeObject): Source {
  const ip = status?.hostIP ?? ''
  return { principal: '', ip, remoteIp: ip }
}

/** What Envoy answers by itself, before any rule. */
function refusalOf({ version }: Message, { host, path, scheme }: Target): HttpResponse | undefined {
  if (version !== '1.1') return refusal(426)
  if (scheme === 'https') return refusal(403)
  if (scheme !== 'http' || (host && !isHost(host))) return refusal(400)
  // As Istio sets Envoy up: a host must be said, and no path may hold a zero.
  if (host === undefined || path.includes('%00')) return textResponse(400, '')
  return path.startsWith('/') ? undefined : textResponse(404, '')
}

/**
 * What the connection is to become; undefined where it stays. That HTTP/2 is offered Envoy passes over; of the rest Istio
 * lets through what may become a WebSocket.
 */
function upgradeOf({ headers }: Message): string | undefined {
  const upgrade = wordsOf(headers, 'upgrade').join()
  return wordsOf(headers, 'connection').includes('upgrade') && upgrade !== 'h2c' ? upgrade || undefined : undefined
}

/** Of the headers of one name, the words between commas. */
function wordsOf(headers: Message['headers'], wanted: string): string[] {
  return headers.flatMap(([name, value]) =>
    name.toLowerCase() === wanted ? value.split(',').map((word) => word.trim().toLowerCase()) : [],
  )
}

/** Of a connection alone, or said by the path; none of these is a header to a rule. */
const ofConnection: ReadonlySet<string> = new Set([
  'host',
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'http2-settings',
])

/** What only the mesh's own may say: how a proxy should treat the request, and what proxies say of it to each other. */
const ofProxies: ReadonlySet<string> = new Set([
  'x-envoy-internal',
  'x-envoy-external-address',
  'x-envoy-decorator-operation',
  'x-envoy-downstream-service-cluster',
  'x-envoy-downstream-service-node',
  'x-envoy-original-path',
  'x-envoy-original-url',
  'x-envoy-retry-on',
  'x-envoy-retry-grpc-on',
  'x-envoy-max-retries',
  'x-envoy-upstream-alt-stat-name',
  'x-envoy-upstream-rq-timeout-ms',
  'x-envoy-upstream-rq-timeout-alt-response',
  'x-envoy-upstream-rq-per-try-timeout-ms',
  'x-envoy-expected-rq-timeout-ms',
  'x-envoy-force-trace',
  'x-envoy-hedge-on-per-try-timeout',
  'x-envoy-ip-tags',
  'x-forwarded-client-cert',
])

/** Values of one name are one value, as Envoy's rules see them. */
function ownHeaders(message: Message): RequestHeaders {
  const own: RequestHeaders = Object.create(null)
  for (const [sent, value] of message.headers) {
    const name = sent.toLowerCase()
    if (ofConnection.has(name) || ofProxies.has(name)) continue
    own[name] = own[name] === undefined ? value : `${own[name]},${value}`
  }
  const { upgrade, te, referer } = own
  if (upgrade !== undefined && !upgradeOf(message)) delete own.upgrade
  // Of what is said of the way back only that trailers are welcome goes on.
  if (te !== undefined) {
    if (wordsOf(message.headers, 'te').includes('trailers')) own.te = 'trailers'
    else delete own.te
  }
  if (referer !== undefined && !isReferer(referer)) delete own.referer
  return own
}

/** What a gateway hands on: it notes whom it has from where. */
function forwarded(message: Message, { status }: KubeObject): RequestHeaders {
  const own = ownHeaders(message)
  // In the node all that comes from this machine comes from docker's end of their network.
  const address = status?.hostIP?.replace(/\d+$/, '1') ?? message.remoteAddress
  own['x-forwarded-for'] = own['x-forwarded-for'] ? `${own['x-forwarded-for']},${address}` : address
  own['x-envoy-external-address'] = address
  own['x-forwarded-proto'] = 'http'
  // A client's own is not believed.
  own['x-request-id'] = requestId()
  return own
}

/**
 * Istio has Envoy resolve dots and backslashes, and write signs that do not belong into a path by their codes, before
 * any rule looks at it (path normalization BASE).
 */
function normalPath(path: string): string {
  if (!/\/\.|[\\%"<>^`{|}]/.test(path)) return path
  const { pathname } = splitPath(path)
  const plain = pathname.replace(/%[0-9a-f]{2}/gi, (code) => {
    const letter = String.fromCharCode(Number.parseInt(code.slice(1), 16))
    return /[\w.~-]/.test(letter) ? letter : code
  })
  const coded = plain.replace(/["<>^`{|}]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
  return new URL(`http://host${coded.replaceAll('\\', '/')}`).pathname + path.slice(pathname.length)
}

/** Whether all letters may stand in a host, as far as Envoy looks. */
function isHost(host: string): boolean {
  return /^[\w.~!$&'()*+,;=:@%[\]-]*$/.test(host)
}

interface Target {
  host: string | undefined
  path: string
  scheme: string
}

/** What is asked of which host; a client that takes this for a proxy names both in one. */
function targetOf({ target, headers }: Message): Target {
  const hosts = headers.flatMap(([name, value]) => (name.toLowerCase() === 'host' ? value : []))
  // Of several hosts Envoy makes one, which then is nobody's.
  const own = { host: hosts.length > 0 ? hosts.join() : undefined, scheme: 'http' }
  // What follows a number sign is for the client alone.
  if (target.startsWith('/') || target === '*') return { ...own, path: target.replace(/#.*/s, '') }
  if (!URL.canParse(target)) return { ...own, path: '/', scheme: '' }
  const { host, pathname, search, protocol } = new URL(target)
  // Envoy puts no slash in front of a query that follows the host.
  const hasPath = !/^[^:]+:\/\/[^/?]*\?/.test(target)
  return { host, path: hasPath ? pathname + search : search, scheme: protocol.slice(0, -1) }
}
