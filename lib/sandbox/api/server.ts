/** The HTTPS server of the API: who may ask, how much they may send, and how answers go out. */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { isProtobuf } from '../schema/media-types.ts'
import { protobufToJson } from '../schema/protobuf.ts'
import { yamlText } from '../schema/yaml-text.ts'
import { StatusError } from '../status.ts'
import { attributesOf, authorize, forbidden, impersonations } from './access.ts'
import type { Answer, Ask, Outlet, Server } from './exchange.ts'
import { History } from './history.ts'
import type { Logs } from './logs.ts'
import { OpenApi } from './openapi.ts'
import type { Registry } from './registry.ts'
import { route } from './routes.ts'
import { ISSUER, type Tokens } from './tokens.ts'
import { administrator, anonymous, impersonated, namelessImpersonation, type User } from './user.ts'

export interface ApiOptions {
  registry: Registry
  /** 0 for any that is free. */
  port: number
  /** `ca` signs the certificate of the administrator, who may do everything. */
  tls: { key: string; cert: string; ca: string }
  /** Those of service accounts. */
  tokens: Tokens
  logs: Logs
  /** Told of what is a mistake of the sandbox itself. */
  log: (text: string) => void
}

export interface Api {
  port: number
  close: () => Promise<void>
}

/** kube-apiserver's own limit. */
const MOST_BODY_BYTES = 3 * 1024 * 1024
const MOST_CONNECTIONS = 1000
/** What may wait in memory for a client that does not read. */
const MOST_UNREAD_BYTES = 8 * 1024 * 1024
/** How long a request may take to arrive. */
const REQUEST_TIMEOUT_MS = 60_000

const host = '127.0.0.1'

/** @throws when the port is taken */
export async function startApi({ registry, port, tls, tokens, logs, log }: ApiOptions): Promise<Api> {
  const address = () => `https://${host}:${(listener.address() as AddressInfo).port}`
  const server: Server = { registry, history: new History(registry.store), address, logs, tokens }
  const openApi = new OpenApi(registry.kinds)
  const listener = createServer({
    ...tls,
    // Who shows none, or that of another authority, is told so in an answer.
    requestCert: true,
    rejectUnauthorized: false,
    requestTimeout: REQUEST_TIMEOUT_MS,
    headersTimeout: REQUEST_TIMEOUT_MS,
  })
  listener.maxConnections = MOST_CONNECTIONS
  listener.on('request', (request, response) => {
    answer(request, response, { server, openApi, log }).catch((error: unknown) => {
      log(`could not answer ${request.method} ${request.url}: ${String(error)}`)
      response.destroy()
    })
  })
  // A client that breaks off, or does not speak TLS, is no matter of ours.
  listener.on('tlsClientError', (_error, socket) => socket.destroy())
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject)
    listener.listen(port, host, () => resolve())
  })
  return {
    port: (listener.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        listener.close(() => resolve())
        listener.closeAllConnections()
      }),
  }
}

interface Answering {
  server: Server
  openApi: OpenApi
  log: (text: string) => void
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { server, openApi, log }: Answering,
): Promise<void> {
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  const warnings: string[] = []
  const sending = { warnings, isPretty: isPretty(request), log }
  try {
    checkHost(request)
    // Not by URL, which takes `..` for the folder above: a namespace of that name is none.
    const [path = '/', ...query] = (request.url?.startsWith('/') ? request.url : '/').split('?')
    const ask: Ask = {
      method: request.method ?? 'GET',
      path,
      query: new URLSearchParams(query.join('?')),
      headers: request.headers,
      user: userOf(request, server),
      body: () => bodyOf(request),
      signal: gone.signal,
      warn: (text) => warnings.push(text),
    }
    const nameless = namelessImpersonation(request.headers)
    if (nameless) {
      const message = `Internal Server Error: "${request.url}": requested [${nameless}] without impersonating a user\n`
      send(response, { code: 500, text: message }, sending)
    } else {
      checkAccess(ask, server)
      send(response, await route(ask, server, openApi), sending)
    }
  } catch (error) {
    // A client that went away in the middle of its request hears no answer.
    if (gone.signal.aborted || request.errored) return
    const status = error instanceof StatusError ? error : bug(error, log)
    send(response, { code: status.code, body: status.toStatus() }, sending)
  }
  // What nobody has read of the body makes room for the next request.
  request.resume()
}

function bug(error: unknown, log: (text: string) => void): StatusError {
  log(error instanceof Error ? (error.stack ?? error.message) : String(error))
  const message = `Internal error occurred: ${error instanceof Error ? error.message : String(error)}`
  return new StatusError(500, 'InternalError', message)
}

/** A page in a browser must not reach the API under a name that somebody made point here. */
function checkHost({ headers }: IncomingMessage): void {
  const name = (headers.host ?? '').replace(/:\d+$/, '')
  if ([host, 'localhost', '[::1]', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc'].includes(name)) return
  throw new StatusError(403, 'Forbidden', `this is a sandbox: it is not reached by the name "${name}"`)
}

/**
 * Who is asking, or whom they act as.
 * @throws Unauthorized, Forbidden
 */
function userOf(request: IncomingMessage, server: Server): User {
  const user = signedIn(request, server)
  const other = impersonated(request.headers)
  if (other && user !== administrator) checkImpersonation(user, other, server)
  return other ?? user
}

/** A certificate comes before a token, as in kube-apiserver. @throws Unauthorized */
function signedIn({ socket, headers }: IncomingMessage, { tokens, registry }: Server): User {
  const certificate = (socket as TLSSocket).getPeerX509Certificate()
  // The authority signs one certificate for a client, the administrator's. A session that is taken up again counts as
  // authorized also where none was ever shown.
  if (certificate && (socket as TLSSocket).authorized) return administrator
  const token = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1]
  if (token === undefined && !certificate) return anonymous
  const bearer = token === undefined ? undefined : tokens.bearer(token, registry.store, registry.now())
  if (!bearer?.audiences.includes(ISSUER)) throw new StatusError(401, 'Unauthorized', 'Unauthorized')
  return bearer.user
}

/** @throws Forbidden */
function checkImpersonation(user: User, other: User, { registry: { store } }: Server): void {
  for (const asked of impersonations(other)) {
    const decision = authorize(store, user, asked)
    if (!decision.allowed) throw forbidden(user, asked, decision)
  }
}

/** The administrator may do everything, whatever became of the roles. @throws Forbidden */
function checkAccess(ask: Ask, { registry: { store } }: Server): void {
  if (ask.user === administrator) return
  const asked = attributesOf(ask)
  const decision = authorize(store, ask.user, asked)
  if (!decision.allowed) throw forbidden(ask.user, asked, decision)
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  // Not destroyed when too much has come: the rest is thrown away, so that the client hears why.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > MOST_BODY_BYTES)
      throw new StatusError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${MOST_BODY_BYTES}`)
    chunks.push(chunk)
  }
  const body = Buffer.concat(chunks)
  return isProtobuf(request.headers['content-type']) ? protobufToJson(body) : body.toString('utf8')
}

interface Sending {
  warnings: readonly string[]
  isPretty: boolean
  log: (text: string) => void
}

function send(response: ServerResponse, answered: Answer, { warnings, isPretty, log }: Sending): void {
  if (response.headersSent || response.destroyed) return
  response.setHeader('Audit-Id', randomUUID())
  response.setHeader('Cache-Control', 'no-cache, private')
  if (warnings.length > 0)
    response.setHeader(
      'Warning',
      warnings.map((text) => `299 - ${JSON.stringify(headerText(text))}`),
    )
  response.statusCode = answered.code
  if ('stream' in answered) {
    response.setHeader('Content-Type', answered.type ?? 'application/json')
    response.flushHeaders()
    const outlet: Outlet = {
      write: (chunk) => {
        response.write(chunk)
        return response.writableLength <= MOST_UNREAD_BYTES
      },
      end: () => response.end(),
      fail: (error) => {
        response.destroy()
        bug(error, log)
      },
    }
    try {
      answered.stream(outlet)
    } catch (error) {
      outlet.fail(error)
    }
    return
  }
  const { type, content } =
    'text' in answered
      ? { type: answered.type ?? 'text/plain; charset=utf-8', content: answered.text }
      : rendered(answered, isPretty)
  response.setHeader('Content-Type', type)
  response.end(content)
}

function rendered(
  { body, form }: { body: object; form?: string },
  isPretty: boolean,
): { type: string; content: string } {
  if (form === 'yaml') return { type: 'application/yaml', content: yamlText(body) }
  const type =
    form === 'discovery'
      ? 'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList'
      : 'application/json'
  return { type, content: isPretty ? JSON.stringify(body, null, 2) : `${JSON.stringify(body)}\n` }
}

/** Whoever asks by hand gets an answer that is good to read (isPrettyPrint of apiserver's responsewriters). */
function isPretty({ url = '/', headers }: IncomingMessage): boolean {
  const asked = new URLSearchParams(url.split('?')[1]).get('pretty')
  return asked
    ? ['1', 't', 'true'].includes(asked.toLowerCase())
    : /^(curl|Wget|Mozilla\/5\.0)/.test(headers['user-agent'] ?? '')
}

/** A header takes no control characters, and Node no letters beyond Latin-1. */
function headerText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be in a header
  return text.replace(/[\u0000-\u001f\u007f]/g, ' ').replace(/[^\u0000-\u00ff]/g, '?')
}
