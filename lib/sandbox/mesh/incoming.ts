/** What Envoy makes of a message before any rule looks at it: of whom it asks, by which path, with which headers. */
import type { KubeObject } from '../objects.ts'
import { textResponse } from './fault.ts'
import { type HttpResponse, type RequestHeaders, splitPath } from './http.ts'
import { isReferer } from './referer.ts'
import { type Message, refusal } from './server.ts'
import { requestId } from './tracing.ts'

/** What Envoy answers by itself, before any rule. */
export function refusalOf({ version }: Message, { host, path, scheme }: Target): HttpResponse | undefined {
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
export function upgradeOf({ headers }: Message): string | undefined {
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
export function ownHeaders(message: Message): RequestHeaders {
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
export function forwarded(message: Message, { status }: KubeObject): RequestHeaders {
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
export function normalPath(path: string): string {
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

export interface Target {
  host: string | undefined
  path: string
  scheme: string
}

/** What is asked of which host; a client that takes this for a proxy names both in one. */
export function targetOf({ target, headers }: Message): Target {
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
