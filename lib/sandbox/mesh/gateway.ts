/** The way in: the node's mapped ports on this machine's loopback, served as whoever is behind them would. */
import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { findApplication } from '../bookinfo/bookinfo.ts'
import type { Store } from '../store/store.ts'
import { deliver, send } from './envoy.ts'
import { textResponse } from './fault.ts'
import { type HttpRequest, type HttpResponse, type RequestHeaders, splitPath, withoutPort } from './http.ts'
import type { Logs } from './logs.ts'
import { Mesh } from './mesh.ts'
import type { NodeTarget } from './node-ports.ts'
import { hasSidecar } from './pods.ts'

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

/** Envoy's own limits where it has any; the rest keeps one client from taking all there is. */
const limits = {
  headerBytes: 60 * 1024,
  headers: 100,
  bodyBytes: 1024 * 1024,
  connections: 1_000,
  headersMs: 10_000,
  requestMs: 60_000,
  idleMs: 60_000,
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
  const handle = (message: IncomingMessage, answer: ServerResponse) => {
    serve(mesh, containerPort, message, answer).catch((error: unknown) => {
      // A client that went away in the middle of its request is no failure.
      if (message.destroyed && !message.complete) return
      log(`gateway: ${message.method} ${message.url}: ${error instanceof Error ? error.stack : String(error)}`)
      write(answer, message, textResponse(500, ''))
    })
  }
  const server = createServer(
    {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      keepAliveTimeout: limits.idleMs,
      connectionsCheckingInterval: 5_000,
      // Envoy answers a request without a host by itself.
      requireHostHeader: false,
    },
    handle,
  )
  // Envoy leaves it to whoever answers what else is expected; Node would refuse.
  server.on('checkExpectation', handle)
  // Nobody is connected further: a name is looked for among the routes, in vain.
  server.on('connect', ({ url = '' }, socket) =>
    url.startsWith('/') ? end(socket, 400, 'Bad Request') : end(socket, 404),
  )
  server.maxConnections = limits.connections
  // Node would leave out those that are too many, and say nothing.
  server.maxHeadersCount = 0
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (mesh.entry(containerPort)) refuse(error, socket)
    else hangUp(socket)
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

/** Docker accepts what comes to a mapped port, and resets the connection when nobody in the node listens. */
function hangUp(socket: Socket): void {
  socket.resetAndDestroy()
}

async function stop(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeAllConnections()
  await closed
}

async function serve(mesh: Mesh, port: number, message: IncomingMessage, answer: ServerResponse): Promise<void> {
  const entry = mesh.entry(port)
  if (!entry) return hangUp(message.socket)
  const isGateway = 'listener' in entry
  const isEnvoy = isGateway || (hasSidecar(entry.endpoint.pod) && entry.endpoint.speaksHttp)
  const refusal = isEnvoy ? refusalOf(message) : undefined
  if (refusal) return write(answer, message, refusal, { close: true })
  const body = await readBody(message)
  if (body === undefined) return write(answer, message, textResponse(413, 'Payload Too Large'), { close: true })
  const { host = '', path } = targetOf(message)
  const request: HttpRequest = {
    method: message.method ?? 'GET',
    path: isEnvoy ? normalPath(path) : path,
    authority: host,
    scheme: 'http',
    headers: isGateway ? forwarded(message) : ownHeaders(message),
    body,
  }
  if (!isGateway) {
    const response = await answerOf(mesh, entry, request)
    return response ? write(answer, message, response, { server: '' }) : hangUp(message.socket)
  }
  const { listener } = entry
  const virtualHost = mesh.virtualHosts.ofGateway(listener.proxy, listener.servers, withoutPort(host).toLowerCase())
  const response = await send(mesh, listener, virtualHost, request)
  write(answer, message, response, { close: upgradeOf(message) === 'websocket' })
}

/** What a pod itself says. To who is no proxy its sidecar names the Service that it takes the request for. */
async function answerOf(
  mesh: Mesh,
  { endpoint, cluster }: NodeTarget,
  request: HttpRequest,
): Promise<HttpResponse | undefined> {
  const response = await deliver(mesh, endpoint, request, '')
  if (response && cluster && hasSidecar(endpoint.pod) && endpoint.speaksHttp) {
    const [, port, , host] = cluster.name.split('|')
    response.headers['x-envoy-decorator-operation'] = `${host}:${port}/*`
  }
  return response
}

/** What Envoy answers by itself, before any rule. */
function refusalOf(message: IncomingMessage): HttpResponse | undefined {
  const { host, path, scheme } = targetOf(message)
  if (message.httpVersion !== '1.1') return textResponse(426, 'Upgrade Required')
  if (message.rawHeaders.length > limits.headers * 2) return textResponse(431, 'Request Header Fields Too Large')
  if (scheme === 'https:') return textResponse(403, 'Forbidden')
  if (scheme !== 'http:' || (path === '*' && message.method !== 'OPTIONS') || (host && !isHost(host)))
    return textResponse(400, 'Bad Request')
  // As Istio sets Envoy up: a host must be said, and no path may hold a zero.
  if (host === undefined || path.includes('%00')) return textResponse(400, '')
  const upgrade = upgradeOf(message)
  return upgrade && !upgrades.has(upgrade) ? textResponse(403, '') : undefined
}

function upgradeOf({ headers }: IncomingMessage): string | undefined {
  return headers.upgrade?.toLowerCase()
}

/** Istio lets through what may become a WebSocket; that HTTP/2 is offered Envoy passes over. */
const upgrades: ReadonlySet<string> = new Set(['websocket', 'h2c'])

/** Undefined where it is too long. A request without a body costs no wait. */
async function readBody(message: IncomingMessage): Promise<string | undefined> {
  const { headers } = message
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) return ''
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of message as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > limits.bodyBytes) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

/** Of a connection alone, or said by the path; none of these is a header to a rule. */
const ofConnection: ReadonlySet<string> = new Set(['host', 'connection', 'transfer-encoding'])

/** What only the mesh's own may say: how a proxy should treat the request. */
const ofProxies: ReadonlySet<string> = new Set([
  'x-envoy-internal',
  'x-envoy-external-address',
  'x-envoy-decorator-operation',
  'x-envoy-retry-on',
  'x-envoy-retry-grpc-on',
  'x-envoy-max-retries',
  'x-envoy-upstream-rq-timeout-ms',
  'x-envoy-upstream-rq-per-try-timeout-ms',
  'x-envoy-expected-rq-timeout-ms',
  'x-forwarded-client-cert',
])

/** Values of one name are one value, as Envoy's rules see them. */
function ownHeaders({ rawHeaders }: IncomingMessage): RequestHeaders {
  const own: RequestHeaders = Object.create(null)
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = (rawHeaders[i] as string).toLowerCase()
    if (ofConnection.has(name) || ofProxies.has(name)) continue
    const value = rawHeaders[i + 1] as string
    own[name] = own[name] === undefined ? value : `${own[name]},${value}`
  }
  return own
}

/** What a gateway hands on: it notes whom it has from where. */
function forwarded(message: IncomingMessage): RequestHeaders {
  const own = ownHeaders(message)
  const address = message.socket.remoteAddress ?? ''
  own['x-forwarded-for'] = own['x-forwarded-for'] ? `${own['x-forwarded-for']},${address}` : address
  own['x-envoy-external-address'] = address
  own['x-forwarded-proto'] = 'http'
  return own
}

/** Istio has Envoy resolve dots and backslashes before any rule looks at a path (path normalization BASE). */
function normalPath(path: string): string {
  if (!/\/\.|\\|%/.test(path)) return path
  const { pathname } = splitPath(path)
  const plain = pathname.replace(/%[0-9a-f]{2}/gi, (code) => {
    const letter = String.fromCharCode(Number.parseInt(code.slice(1), 16))
    return /[\w.~-]/.test(letter) ? letter : code
  })
  return new URL(`http://host${plain.replaceAll('\\', '/')}`).pathname + path.slice(pathname.length)
}

/** Whether all letters may stand in a host, as far as Envoy looks. */
function isHost(host: string): boolean {
  return /^[\w.~!$&'()*+,;=:@%[\]-]*$/.test(host)
}

/** What is asked of which host; a client that takes this for a proxy names both in one. */
function targetOf(message: IncomingMessage): { host: string | undefined; path: string; scheme: string } {
  const { url = '/', headersDistinct } = message
  // Of several hosts Envoy makes one, which then is nobody's.
  const own = { host: headersDistinct.host?.join(), scheme: 'http:' }
  // What follows a number sign is for the client alone.
  if (url.startsWith('/') || url === '*') return { ...own, path: url.replace(/#.*/s, '') }
  if (!URL.canParse(url)) return { ...own, path: '/' }
  const { host, pathname, search, protocol } = new URL(url)
  return { host, path: pathname + search, scheme: protocol }
}

/** server: who signs; '' where the answer itself says so. */
function write(
  answer: ServerResponse,
  message: IncomingMessage,
  response: HttpResponse,
  { close = false, server = 'istio-envoy' } = {},
): void {
  if (answer.headersSent || answer.destroyed) return
  const { status, headers, body } = response
  answer.sendDate = false
  for (const name in headers) {
    if (name === 'server') answer.setHeader('date', now())
    answer.setHeader(name, headers[name] as string | string[])
  }
  if (!answer.hasHeader('date')) answer.setHeader('date', now())
  if (server) answer.setHeader('server', server)
  const closes = message.headers.connection
    ?.toLowerCase()
    .split(/\s*,\s*/)
    .includes('close')
  if (close || closes) answer.setHeader('connection', 'close')
  // Envoy says nothing of a connection that stays.
  else answer.removeHeader('connection')
  if (!answer.hasHeader('content-length')) answer.setHeader('content-length', Buffer.byteLength(body))
  answer.writeHead(status, reasonOf(status))
  answer.end(message.method === 'HEAD' ? undefined : body)
}

/** Statuses that Node has a word for, and Envoy none. */
const unnamed: ReadonlySet<number> = new Set([418, 451, 509])

function reasonOf(status: number): string {
  if (status === 599) return 'Last Unassigned Server Error Code'
  return (!unnamed.has(status) && STATUS_CODES[status]) || 'Unknown'
}

let clock = { second: 0, text: '' }

/** As headers have it; made once a second. */
function now(): string {
  const second = Math.floor(Date.now() / 1_000)
  if (clock.second !== second) clock = { second, text: new Date(second * 1_000).toUTCString() }
  return clock.text
}

const refusals: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_INVALID_VERSION: 426,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
}

/** What cannot be read as HTTP gets Envoy's plain word, and the connection ends. */
function refuse({ code = '' }: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const status = refusals[code] ?? 400
  end(socket, status, STATUS_CODES[status])
}

/** An answer where Node has none to write into. */
function end(socket: Duplex, status: number, text = ''): void {
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `content-length: ${text.length}`,
    ...(text ? ['content-type: text/plain'] : []),
    `date: ${now()}`,
    'server: istio-envoy',
    'connection: close',
  ]
  socket.end(`${lines.join('\r\n')}\r\n\r\n${text}`)
}
