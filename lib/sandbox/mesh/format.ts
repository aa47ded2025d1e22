/** Envoy's variables in the values of headers: `%REQ(user-agent)%`, `%START_TIME%`. */
import { type HttpRequest, type HttpResponse, wireText } from './http.ts'

/** What a proxy knows of an exchange when it writes a header. */
export interface Exchange {
  request: HttpRequest
  /** Undefined while the request is on its way. */
  response?: HttpResponse
  details?: string
  flags?: string
  /** Name of the proxy's pod. */
  hostname: string
  route: string
  cluster: string
  /** `ADDRESS:PORT` of both ends at the proxy, and of the pod behind it. */
  local: string
  remote: string
  upstream: string
  /** The proxy's end of the connection to that pod. */
  upstreamLocal: string
  start: number
  /** How often it was sent, once it is on its way. */
  attempt?: number
}

/** The header in which Istio's proxies count the tries of a request. */
const ATTEMPTS = 'x-envoy-attempt-count'

type Part = string | ((exchange: Exchange) => string | undefined)

const values: Readonly<Record<string, (exchange: Exchange, argument: string) => string | number | undefined>> = {
  REQ: ({ request, attempt }, names) =>
    firstOf(names, (name) => (name === ATTEMPTS && attempt ? String(attempt) : requestHeader(request, name))),
  RESP: ({ response }, names) => firstOf(names, (name) => response && String(response.headers[name] ?? '')),
  PROTOCOL: () => 'HTTP/1.1',
  HOSTNAME: ({ hostname }) => hostname,
  ENVIRONMENT: ({ hostname }, name) => (name === 'HOSTNAME' ? hostname : undefined),
  ROUTE_NAME: ({ route }) => route,
  START_TIME: ({ start }, format) => formatTime(start, format),
  RESPONSE_CODE: ({ response }) => response?.status ?? 0,
  RESPONSE_CODE_DETAILS: ({ details }) => details,
  RESPONSE_FLAGS: ({ flags }) => flags || '-',
  // What Envoy answers by itself, it answers before the body.
  BYTES_RECEIVED: ({ request, details = 'via_upstream' }) =>
    details === 'via_upstream' ? Buffer.byteLength(request.body) : 0,
  BYTES_SENT: () => 0,
  UPSTREAM_CLUSTER: ({ cluster }) => cluster,
  UPSTREAM_HOST: ({ upstream }) => upstream,
  UPSTREAM_REQUEST_ATTEMPT_COUNT: ({ attempt = 0 }) => attempt,
  UPSTREAM_LOCAL_ADDRESS: ({ upstreamLocal }) => upstreamLocal,
  UPSTREAM_LOCAL_ADDRESS_WITHOUT_PORT: ({ upstreamLocal }) => address(upstreamLocal),
  UPSTREAM_LOCAL_PORT: ({ upstreamLocal }) => port(upstreamLocal),
  UPSTREAM_REMOTE_ADDRESS: ({ upstream }) => upstream,
  UPSTREAM_REMOTE_ADDRESS_WITHOUT_PORT: ({ upstream }) => address(upstream),
  UPSTREAM_REMOTE_PORT: ({ upstream }) => port(upstream),
  DOWNSTREAM_REMOTE_ADDRESS: ({ remote }) => remote,
  DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT: ({ remote }) => address(remote),
  DOWNSTREAM_REMOTE_PORT: ({ remote }) => port(remote),
  DOWNSTREAM_DIRECT_REMOTE_ADDRESS: ({ remote }) => remote,
  DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT: ({ remote }) => address(remote),
  DOWNSTREAM_DIRECT_REMOTE_PORT: ({ remote }) => port(remote),
  DOWNSTREAM_LOCAL_ADDRESS: ({ local }) => local,
  DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT: ({ local }) => address(local),
  DOWNSTREAM_LOCAL_PORT: ({ local }) => port(local),
}

function address(pair: string): string {
  return pair.slice(0, pair.lastIndexOf(':'))
}

function port(pair: string): string {
  return pair.slice(pair.lastIndexOf(':') + 1)
}

/** `NAME` or `NAME?OTHER`, of which the second counts where the first is missing. */
function firstOf(names: string, find: (name: string) => string | undefined): string | undefined {
  return names
    .split('?')
    .map((name) => find(name.trim().toLowerCase()))
    .find((value) => value !== undefined && value !== '')
}

function requestHeader(request: HttpRequest, name: string): string | undefined {
  const { headers, firstValues, method, path, authority, scheme } = request
  const pseudo: Readonly<Record<string, string>> = {
    ':method': method,
    ':path': path,
    ':authority': authority,
    host: authority,
    ':scheme': scheme,
  }
  return pseudo[name] ?? firstValues?.[name] ?? headers[name]
}

/** By strftime's letters; as ISO 8601 where none are given. */
function formatTime(time: number, format: string): string {
  const iso = new Date(time).toISOString()
  if (format === '') return iso
  const [, Y = '', m = '', d = '', H = '', M = '', S = ''] = /^(\d+)-(\d+)-(\d+)T(\d+):(\d+):(\d+)/.exec(iso) ?? []
  const letters: Readonly<Record<string, string>> = { Y, m, d, H, M, S, s: String(Math.floor(time / 1_000)) }
  return format.replace(/%(\w)/g, (all, letter: string) => letters[letter] ?? all)
}

/** Envoy's other variables: the sandbox has nothing to say there. */
const silent: ReadonlySet<string> = new Set([
  ...['BYTES_RETRANSMITTED', 'PACKETS_RETRANSMITTED', 'CONNECTION_ID', 'CONNECTION_TERMINATION_DETAILS', 'DURATION'],
  ...['DOWNSTREAM_HANDSHAKE_DURATION', 'DOWNSTREAM_HEADER_BYTES_RECEIVED', 'DOWNSTREAM_HEADER_BYTES_SENT'],
  ...['DOWNSTREAM_LOCAL_SUBJECT', 'DOWNSTREAM_LOCAL_URI_SAN', 'DOWNSTREAM_PEER_CERT', 'DOWNSTREAM_PEER_CERT_V_END'],
  ...['DOWNSTREAM_PEER_CERT_V_START', 'DOWNSTREAM_PEER_FINGERPRINT_1', 'DOWNSTREAM_PEER_FINGERPRINT_256'],
  ...['DOWNSTREAM_PEER_ISSUER', 'DOWNSTREAM_PEER_SERIAL', 'DOWNSTREAM_PEER_SUBJECT', 'DOWNSTREAM_PEER_URI_SAN'],
  ...['DOWNSTREAM_TLS_CIPHER', 'DOWNSTREAM_TLS_SESSION_ID', 'DOWNSTREAM_TLS_VERSION'],
  ...['DOWNSTREAM_TRANSPORT_FAILURE_REASON', 'DOWNSTREAM_WIRE_BYTES_RECEIVED', 'DOWNSTREAM_WIRE_BYTES_SENT'],
  ...['FILTER_CHAIN_NAME', 'REQUESTED_SERVER_NAME', 'REQUEST_DURATION', 'REQUEST_TX_DURATION', 'RESPONSE_DURATION'],
  ...['RESPONSE_TX_DURATION', 'ROUNDTRIP_DURATION', 'STREAM_ID', 'TLS_JA3_FINGERPRINT', 'UNIQUE_ID'],
  ...['UPSTREAM_CONNECTION_ID', 'UPSTREAM_HEADER_BYTES_RECEIVED', 'UPSTREAM_HEADER_BYTES_SENT'],
  'UPSTREAM_PEER_CERT',
  ...['UPSTREAM_PEER_CERT_V_END', 'UPSTREAM_PEER_CERT_V_START', 'UPSTREAM_PEER_ISSUER', 'UPSTREAM_PEER_SUBJECT'],
  ...['UPSTREAM_PROTOCOL', 'UPSTREAM_TLS_CIPHER', 'UPSTREAM_TLS_SESSION_ID', 'UPSTREAM_TLS_VERSION'],
  ...['UPSTREAM_TRANSPORT_FAILURE_REASON', 'UPSTREAM_WIRE_BYTES_RECEIVED', 'UPSTREAM_WIRE_BYTES_SENT'],
  ...['VIRTUAL_CLUSTER_NAME', 'ACCESS_LOG_TYPE', 'GRPC_STATUS', 'GRPC_STATUS_NUMBER', 'LOCAL_REPLY_BODY'],
  ...['REQUEST_HEADERS_BYTES', 'RESPONSE_HEADERS_BYTES', 'RESPONSE_TRAILERS_BYTES', 'REQ_WITHOUT_QUERY', 'TRAILER'],
  ...['CLUSTER_METADATA', 'DYNAMIC_METADATA', 'FILTER_STATE', 'PER_REQUEST_STATE'],
  ...['UPSTREAM_FILTER_STATE', 'UPSTREAM_METADATA'],
])

/** Whether Envoy knows all variables of a value: it refuses a configuration with others. */
export function isReadable(value: string): boolean {
  return [...value.matchAll(variable)].every(([, name]) => name === undefined || name in values || silent.has(name))
}

/** Texts are read once: the same few stand in the rules for as long as those live. */
const compiled = new Map<string, readonly Part[]>()
const MOST_TEXTS = 1_000

/** The value with its variables filled in; those that say nothing leave nothing. */
export function formatValue(value: string, exchange: Exchange): string {
  if (!value.includes('%')) return wireText(value)
  let parts = compiled.get(value)
  if (!parts) {
    if (compiled.size >= MOST_TEXTS) compiled.clear()
    parts = compile(value)
    compiled.set(value, parts)
  }
  return parts.map((part) => (typeof part === 'string' ? part : (part(exchange) ?? ''))).join('')
}

/** `%%`, or `%NAME%`, `%NAME(ARGUMENT)%`, `%NAME(ARGUMENT):LENGTH%`. */
const variable = /%%|%([A-Z_0-9]+)(?:\(((?:[^)\\]|\\.)*)\))?(?::(\d+))?%/g

function compile(value: string): Part[] {
  const parts: Part[] = []
  let end = 0
  for (const { 0: text, 1: name, 2: argument = '', 3: length = '', index } of value.matchAll(variable)) {
    parts.push(wireText(value.slice(end, index)))
    end = index + text.length
    const find = name === undefined ? undefined : values[name]
    if (name === undefined) parts.push('%')
    else if (find)
      parts.push((exchange) =>
        find(exchange, argument)
          ?.toString()
          .slice(0, length ? Number(length) : undefined),
      )
  }
  return [...parts, wireText(value.slice(end))]
}
