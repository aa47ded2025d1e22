/** What Bookinfo's services have in common: JSON, paths, and headers that travel on. */
import { CallError, type Workload } from '../mesh/application.ts'
import { now } from '../mesh/clock.ts'
import type { HttpRequest, HttpResponse, RequestHeaders, ResponseHeaders } from '../mesh/http.ts'
import { splitPath } from '../mesh/http.ts'
import { escapeHtml } from './page-parts.ts'

export function json(status: number, value: unknown): HttpResponse {
  return jsonText(status, `${JSON.stringify(value)}\n`)
}

export function jsonText(status: number, body: string): HttpResponse {
  return withLength(status, { 'content-type': 'application/json' }, body)
}

export function withLength(status: number, headers: ResponseHeaders, body: string | Buffer): HttpResponse {
  const length = String(Buffer.byteLength(body))
  return { status, headers: { ...headers, date: now(), 'content-length': length }, body }
}

export function plain(status: number, text: string, extra: ResponseHeaders = {}): HttpResponse {
  const headers = { ...extra, 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' }
  return withLength(status, headers, `${text}\n`)
}

export type Answer<Context> = (
  request: HttpRequest,
  context: Context,
  /** What the path's groups hold. */
  ...parts: string[]
) => HttpResponse | Promise<HttpResponse>

export interface Endpoint<Context> {
  method: 'GET' | 'POST'
  path: RegExp
  answer: Answer<Context>
}

/** Answers by the first endpoint of the path and method; HEAD asks as GET does. */
export function routed<Context>(endpoints: readonly Endpoint<Context>[]): Answer<Context> {
  return (request, context) => {
    const { pathname, query } = splitPath(request.path)
    // What a rewrite leaves behind that cut off one slash too few.
    if (pathname.includes('//')) return redirect(307, pathname.replace(/\/+/g, '/') + (query ? `?${query}` : ''))
    const method = request.method === 'HEAD' ? 'GET' : request.method
    const allowed: Endpoint<Context>['method'][] = []
    for (const endpoint of endpoints) {
      const match = endpoint.path.exec(pathname)
      if (!match) continue
      if (endpoint.method === method) return endpoint.answer(request, context, ...match.slice(1).map(decode))
      allowed.push(endpoint.method)
    }
    if (allowed.length === 0) return plain(404, '404 page not found')
    return plain(405, 'Method Not Allowed', { allow: allowed.includes('GET') ? 'GET, HEAD' : 'POST' })
  }
}

/** What is no code stays as it is. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** For a browser that shows it, with a link in words. */
export function redirect(status: 302 | 307, location: string, extra: ResponseHeaders = {}): HttpResponse {
  const words = status === 302 ? 'Found' : 'Temporary Redirect'
  const headers = { 'content-type': 'text/html; charset=utf-8', location, ...extra }
  return withLength(status, headers, `<a href="${escapeHtml(location)}">${words}</a>.\n\n`)
}

/** Each service says so when asked. */
export function health<Context>(service: string): Endpoint<Context> {
  const answer = () => json(200, { status: `${service} is healthy` })
  return { method: 'GET', path: /^\/health$/, answer }
}

/** Tracing's headers, and those that routing rules may look at. */
const travelling = [
  'x-request-id',
  'x-b3-traceid',
  'x-b3-spanid',
  'x-b3-parentspanid',
  'x-b3-sampled',
  'x-b3-flags',
  'b3',
  'traceparent',
  'tracestate',
  'x-ot-span-context',
  'x-cloud-trace-context',
  'grpc-trace-bin',
  'sw8',
  'x-datadog-trace-id',
  'x-datadog-parent-id',
  'x-datadog-sampling-priority',
  'user-agent',
  'cookie',
  'authorization',
  'jwt',
]

/** The headers of a request to the next service. */
export function passOn(headers: RequestHeaders, extra: Readonly<Record<string, string | undefined>>): RequestHeaders {
  const passed: RequestHeaders = Object.create(null)
  for (const name of travelling) {
    const value = headers[name]
    if (value !== undefined) passed[name] = value
  }
  // Blanks at the ends of a value get lost on the way.
  for (const name in extra) if (extra[name] !== undefined) passed[name] = extra[name].trim()
  return passed
}

/** `details:9080`, or what NAME_HOSTNAME and SERVICES_DOMAIN of the environment make of it. */
export function authorityOf(service: string, env: (name: string) => string | undefined): string {
  const host = env(`${service.toUpperCase()}_HOSTNAME`) || service
  const domain = env('SERVICES_DOMAIN')
  return `${host}${domain ? `.${domain}` : ''}:${env(`${service.toUpperCase()}_SERVICE_PORT`) || 9080}`
}

export function get(authority: string, path: string, headers: RequestHeaders): HttpRequest {
  return { method: 'GET', path, authority, scheme: 'http', headers, body: '' }
}

/** As many as Python's requests follows (its DEFAULT_REDIRECT_LIMIT). */
const MOST_REDIRECTS = 30

/**
 * Asks another service, and goes where it is sent. limit: milliseconds for each place.
 * @throws CallError where no answer comes, or only ever another place to go to
 */
export async function fetchFrom(workload: Workload, request: HttpRequest, limit: number): Promise<HttpResponse> {
  let asked = request
  for (let redirects = 0; ; redirects++) {
    const response = await workload.call(asked, limit)
    const { location } = response.headers
    if (!moved.has(response.status) || typeof location !== 'string') return response
    if (redirects === MOST_REDIRECTS) throw new CallError(`more than ${MOST_REDIRECTS} redirects`)
    const { host, pathname, search } = new URL(location, `http://${asked.authority}${asked.path}`)
    asked = { ...asked, authority: host, path: pathname + search }
  }
}

const moved: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/** `24/Nov/2026 00:12:29`, as Python's web servers log it. */
export function logTime(date: Date): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(date.toUTCString()) ?? []
  return `${day}/${month}/${year} ${time}`
}
