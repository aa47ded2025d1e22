/** The HTTPS server of the API: who may ask, how much they may send, and how answers go out. */
import { randomUUID, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { stringify } from 'yaml'
import { StatusError } from '../status.ts'
import type { Answer, Ask, Server } from './exchange.ts'
import { History } from './history.ts'
import type { Logs } from './logs.ts'
import { OpenApi } from './openapi.ts'
import { resourcePath } from './path.ts'
import type { Registry } from './registry.ts'
import { isPublic, route } from './routes.ts'

export interface ApiOptions {
  registry: Registry
  /** 0 for any that is free. */
  port: number
  tls: { key: string; cert: string }
  /** Who bears it may do everything. */
  token: string
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
/** How long a request may take to arrive. */
const REQUEST_TIMEOUT_MS = 60_000

const host = '127.0.0.1'

/** @throws when the port is taken */
export async function startApi({ registry, port, tls, token, logs, log }: ApiOptions): Promise<Api> {
  const address = () => `https://${host}:${(listener.address() as AddressInfo).port}`
  const server: Server = { registry, history: new History(registry.store), address, logs }
  const openApi = new OpenApi(registry.kinds)
  const listener = createServer({ ...tls, requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: REQUEST_TIMEOUT_MS })
  listener.maxConnections = MOST_CONNECTIONS
  listener.on('request', (request, response) => {
    answer(request, response, { server, openApi, token, log }).catch((error: unknown) => {
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
  token: string
  log: (text: string) => void
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { server, openApi, token, log }: Answering,
): Promise<void> {
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  const warnings: string[] = []
  try {
    checkHost(request)
    const url = new URL(`https://sandbox${request.url?.startsWith('/') ? request.url : '/'}`)
    const ask: Ask = {
      method: request.method ?? 'GET',
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: () => bodyOf(request),
      signal: gone.signal,
      warn: (text) => warnings.push(text),
    }
    checkAccess(ask, token)
    send(response, await route(ask, server, openApi), warnings)
  } catch (error) {
    // A client that went away in the middle of its request hears no answer.
    if (gone.signal.aborted || request.errored) return
    const status = error instanceof StatusError ? error : bug(error, log)
    send(response, { code: status.code, body: status.toStatus() }, warnings)
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

/** @throws Unauthorized, Forbidden */
function checkAccess(ask: Ask, token: string): void {
  const { authorization } = ask.headers
  const given = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1]
  if (given === undefined && isPublic(ask.path)) return
  if (given === undefined) throw forbidden(ask)
  if (!isSame(given, token)) throw new StatusError(401, 'Unauthorized', 'Unauthorized')
  if (ask.headers['impersonate-user'] !== undefined)
    throw new StatusError(501, 'NotImplemented', 'this is a sandbox: nobody can be impersonated')
}

function isSame(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)]
  return a.length === b.length && timingSafeEqual(a, b)
}

const verbs: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' }

function forbidden({ method, path, query }: Ask): StatusError {
  const found = resourcePath(path)
  if (!found)
    return new StatusError(
      403,
      'Forbidden',
      `forbidden: User "system:anonymous" cannot ${method.toLowerCase()} path "${path}"`,
      {},
    )
  const { group, plural, namespace, name, subresource } = found
  const reading = name !== undefined ? 'get' : query.get('watch') ? 'watch' : 'list'
  const verb = verbs[method] ?? reading
  const resource = subresource ? `${plural}/${subresource}` : plural
  const where = namespace ? ` in the namespace "${namespace}"` : ' at the cluster scope'
  const what = `${group ? `${plural}.${group}` : plural}${name ? ` "${name}"` : ''}`
  return new StatusError(
    403,
    'Forbidden',
    `${what} is forbidden: User "system:anonymous" cannot ${verb} resource "${resource}" in API group "${group}"${where}`,
    { ...(name ? { name } : {}), ...(group ? { group } : {}), kind: plural },
  )
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
  return Buffer.concat(chunks).toString('utf8')
}

function send(response: ServerResponse, answered: Answer, warnings: readonly string[]): void {
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
    answered.stream(
      (chunk) => response.write(chunk),
      () => response.end(),
    )
    return
  }
  const { type, content } =
    'text' in answered
      ? { type: answered.type ?? 'text/plain; charset=utf-8', content: answered.text }
      : rendered(answered)
  response.setHeader('Content-Type', type)
  response.end(content)
}

function rendered({ body, form }: { body: object; form?: string }): { type: string; content: string } {
  if (form === 'yaml') return { type: 'application/yaml', content: stringify(body) }
  const type =
    form === 'discovery'
      ? 'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList'
      : 'application/json'
  return { type, content: `${JSON.stringify(body)}\n` }
}

/** A header takes no control characters, and Node no letters beyond Latin-1. */
function headerText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be in a header
  return text.replace(/[\u0000-\u001f\u007f]/g, ' ').replace(/[^\u0000-\u00ff]/g, '?')
}
