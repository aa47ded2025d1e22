/** HTTP/1.1 on a port of this machine: read by Node's server, answered in Envoy's words and order of headers. */
import { createServer, type IncomingMessage, METHODS, type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { now } from './clock.ts'
import { textResponse } from './fault.ts'
import type { HttpResponse } from './http.ts'

export interface Message {
  method: string
  /** As it was sent: a path, a whole address, a host and port, `*`. */
  target: string
  version: string
  /** Names as they were sent. */
  headers: readonly (readonly [string, string])[]
  content: string
  remoteAddress: string
}

export interface Answer {
  response: HttpResponse
  /** Ends the connection, whatever the client wants. */
  close?: boolean
  /** Who signs; '' where the answer itself says so. */
  server?: string
}

export interface Handler {
  /** Whether anybody listens behind the port. */
  isOpen(): boolean
  /** Undefined: hang up. */
  answer(message: Message): Promise<Answer | undefined>
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

export function httpServer(handler: Handler): Server {
  const serve = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    // A client that went away in the middle of its request is no failure.
    respond(handler, incoming, outgoing).catch(() => hangUp(incoming.socket))
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
    serve,
  )
  // Envoy leaves it to whoever answers what else is expected; Node would refuse.
  server.on('checkExpectation', serve)
  // Nobody is connected further: a name is looked for among the routes, in vain.
  server.on('connect', ({ url = '' }, socket) =>
    url.startsWith('/') ? end(socket, 400, STATUS_CODES[400]) : end(socket, 404),
  )
  server.maxConnections = limits.connections
  // Node would leave out those that are too many, and say nothing.
  server.maxHeadersCount = 0
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) =>
    handler.isOpen() ? refuse(error, socket) : hangUp(socket),
  )
  return server
}

/** Docker accepts what comes to a mapped port, and resets the connection when nobody in the node listens. */
function hangUp(socket: Socket): void {
  socket.resetAndDestroy()
}

async function respond(handler: Handler, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  if (!handler.isOpen()) return hangUp(incoming.socket)
  const status = refusalOf(incoming)
  if (status) return write(outgoing, incoming, { response: refusal(status), close: true })
  const content = await readBody(incoming)
  if (content === undefined) return write(outgoing, incoming, { response: refusal(413), close: true })
  const { method = '', url = '', httpVersion, socket } = incoming
  const answer = await handler.answer({
    method,
    target: url,
    version: httpVersion,
    headers: pairs(incoming.rawHeaders),
    content,
    remoteAddress: socket.remoteAddress ?? '',
  })
  if (!answer) return hangUp(socket)
  write(outgoing, incoming, answer)
}

/** The status for what Node can read and Envoy's codec does not take. */
function refusalOf({ rawHeaders, headers, method, url }: IncomingMessage): number | undefined {
  if (rawHeaders.length > limits.headers * 2) return 431
  if (!METHODS_OF_ENVOY.has(method ?? '') || (url === '*' && method !== 'OPTIONS')) return 400
  const coding = headers['transfer-encoding']
  return coding !== undefined && coding.toLowerCase() !== 'chunked' ? 501 : undefined
}

/** Its codec knows those of Node but for the newest. */
const METHODS_OF_ENVOY: ReadonlySet<string> = new Set(METHODS.filter((method) => method !== 'QUERY'))

function pairs(raw: readonly string[]): (readonly [string, string])[] {
  return Array.from({ length: raw.length / 2 }, (_, i) => [raw[2 * i] as string, raw[2 * i + 1] as string] as const)
}

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

const token = /^[!#$%&'*+\-.^`|~\w]+$/

/** Of a connection: the codec alone says these. */
const ofConnection: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'transfer-encoding', 'proxy-connection'])

function write(outgoing: ServerResponse, { method, headers: asked }: IncomingMessage, answer: Answer): void {
  if (outgoing.headersSent || outgoing.destroyed) return
  const { response, close = false, server = 'istio-envoy' } = answer
  const { status, headers, body } = response
  outgoing.sendDate = false
  const add = (name: string, value: string | string[]) => void outgoing.setHeader(name, value)
  const date = () => {
    if (!outgoing.hasHeader('date')) add('date', now())
  }
  for (const [name, value] of Object.entries(headers)) {
    // A rule may name what Node does not send as a name.
    if (ofConnection.has(name) || !token.test(name)) continue
    // An answer that a proxy has signed gets its date before that.
    if (name === 'server' && headers.date === undefined) date()
    add(name, name === 'server' && server ? server : inOneLine(value))
  }
  date()
  if (server && !outgoing.hasHeader('server')) add('server', server)
  const words = [asked.connection, asked['proxy-connection']]
    .flat()
    .join()
    .toLowerCase()
    .split(/\s*,\s*/)
  if (close || words.includes('close')) add('connection', 'close')
  // Envoy says nothing of a connection that stays.
  else outgoing.removeHeader('connection')
  if (!outgoing.hasHeader('content-length')) {
    // Envoy does not know how long an answer to HEAD would be, or one whose length a rule took away.
    if (method === 'HEAD' || body.length > 0) add('transfer-encoding', 'chunked')
    else if (!bodiless.has(status)) add('content-length', '0')
  }
  if (outgoing.getHeader('connection') === 'close' && outgoing.socket) closing.add(outgoing.socket)
  outgoing.writeHead(status, reasonOf(status))
  if (bodiless.has(status) && method !== 'HEAD' && body.length > 0) {
    // Envoy sends on what a rule says, even where there should be none; Node would keep it.
    outgoing.socket?.cork()
    outgoing.flushHeaders()
    outgoing.socket?.write(body)
    outgoing.socket?.uncork()
    outgoing.end()
  } else outgoing.end(method === 'HEAD' ? undefined : body)
}

/** Statuses whose answers have no body. */
const bodiless: ReadonlySet<number> = new Set([204, 304])

/** Connections on which the last answer has been given: what else comes there is nobody's concern. */
const closing = new WeakSet<Duplex>()

/** Nothing that would break out of its line. */
function inOneLine(value: string | string[]): string | string[] {
  return typeof value === 'string' ? value.replace(/[\r\n\0]/g, '') : value.map((one) => inOneLine(one) as string)
}

/** Statuses that Node has a word for, and Envoy none. */
const unnamed: ReadonlySet<number> = new Set([418, 451, 509])

function reasonOf(status: number): string {
  if (status === 599) return 'Last Unassigned Server Error Code'
  return (!unnamed.has(status) && STATUS_CODES[status]) || 'Unknown'
}

/** Of Envoy's making, for what it cannot read. */
export function refusal(status: number): HttpResponse {
  return textResponse(status, STATUS_CODES[status] ?? '')
}

const refusals: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_INVALID_VERSION: 426,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
}

/** What cannot be read as HTTP gets Envoy's plain word, and the connection ends. */
function refuse({ code = '' }: NodeJS.ErrnoException, socket: Socket): void {
  if (closing.has(socket)) return
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
