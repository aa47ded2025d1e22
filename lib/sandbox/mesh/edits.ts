/** What a route changes in a request or an answer on its way: headers, path, host. */
import { RE2JS } from 're2js'
import { type Exchange, formatValue } from './format.ts'
import {
  type HttpRequest,
  type RequestHeaders,
  type ResponseHeaders,
  splitPath,
  wireText,
  withoutPort,
} from './http.ts'
import type { Route } from './routes.ts'
import type { HeaderEdits, HeaderOperations, HTTPRewrite, HTTPRoute, StringMatch } from './types.ts'

/** The request as it leaves the proxy. */
export function editRequest(exchange: Exchange, route: Route, ofDestination: HeaderEdits | undefined): HttpRequest {
  const { request } = exchange
  const { rule, match } = route
  const stages = stagesOf(route, ofDestination, 'request')
  if (stages.length === 0 && !rule.rewrite) return request
  const headers: RequestHeaders = Object.assign(Object.create(null), request.headers)
  const firstValues: Record<string, string> = Object.create(null)
  for (const operations of stages)
    operate(operations, headers, exchange, (name, value) => {
      const known = headers[name]
      if (known !== undefined) firstValues[name] ??= known
      headers[name] = known === undefined ? value : `${known},${value}`
    })
  const { uri, uriRegexRewrite } = rule.rewrite ?? {}
  if (uri || uriRegexRewrite?.match) headers['x-envoy-original-path'] = request.path
  const authority = newAuthority(rule, ofDestination) || request.authority
  return { ...request, authority, path: rewritePath(request.path, rule.rewrite, match.uri), headers, firstValues }
}

/** Changes the headers of an answer in place. */
export function editResponse(
  headers: ResponseHeaders,
  route: Route,
  ofDestination: HeaderEdits | undefined,
  exchange: Exchange,
): void {
  for (const operations of stagesOf(route, ofDestination, 'response'))
    operate(operations, headers, exchange, (name, value) => {
      const known = headers[name]
      headers[name] = known === undefined ? value : single.has(name) ? `${known},${value}` : [known, value].flat()
    })
}

/** Headers that Envoy keeps one line of: more is added to it behind a comma. */
const single: ReadonlySet<string> = new Set([
  'content-type',
  'content-encoding',
  'cache-control',
  'connection',
  'date',
  'etag',
  'location',
  'server',
  'vary',
  'via',
  'access-control-allow-origin',
  'access-control-allow-credentials',
  'access-control-allow-headers',
  'access-control-allow-methods',
  'access-control-expose-headers',
  'access-control-max-age',
])

/**
 * Operations that are done together. Envoy does those of one of several destinations before the route's, so that the
 * route has the last word; with a single destination istiod writes both into the route, the destination's behind.
 */
function stagesOf(
  { rule }: Route,
  ofDestination: HeaderEdits | undefined,
  direction: keyof HeaderEdits,
): HeaderOperations[][] {
  const [own, destinations] = [rule.headers, ofDestination].map((edits) => edits?.[direction] ?? [])
  const stages = (rule.route?.length ?? 0) > 1 ? [destinations, own] : [[own, destinations]]
  return stages.map((stage) => [stage].flat(2) as HeaderOperations[]).filter((stage) => stage.length > 0)
}

/** First all that goes away, then what is set, then what is added; values are made of the headers as they are after the first. */
function operate(
  operations: readonly HeaderOperations[],
  headers: Record<string, string | string[]>,
  exchange: Exchange,
  add: (name: string, value: string) => void,
): void {
  for (const name of operations.flatMap(({ remove = [] }) => remove)) delete headers[name.toLowerCase()]
  const valuesOf = (field: 'set' | 'add') =>
    operations
      .flatMap((one) => Object.entries(one[field] ?? {}))
      .map(([name, value]) => [name.toLowerCase(), formatValue(value, exchange)] as const)
      // An empty value changes nothing; the host is not a header like others.
      .filter(([name, value]) => value !== '' && name !== 'host' && !name.startsWith(':'))
  const [toSet, toAdd] = [valuesOf('set'), valuesOf('add')]
  for (const [name, value] of toSet) {
    // What is set goes to the end.
    delete headers[name]
    headers[name] = value
  }
  for (const [name, value] of toAdd) add(name, value)
}

/** Of a rewrite, or of a header of that name: the route's before the destination's, what is set before what is added. */
function newAuthority({ rewrite, headers }: HTTPRoute, ofDestination: HeaderEdits | undefined): string {
  return rewrite?.authority || authorityOf(headers) || authorityOf(ofDestination)
}

function authorityOf(edits: HeaderEdits | undefined): string {
  const { set = {}, add = {} } = edits?.request ?? {}
  const find = (values: Readonly<Record<string, string>>) =>
    Object.entries(values).find(([name]) => ['host', ':authority'].includes(name.toLowerCase()))?.[1]
  return find(set) ?? find(add) ?? ''
}

/**
 * A matched prefix gives way to the new text, which without a condition is the first slash; so does the whole path where
 * it matched otherwise. The query stays.
 */
function rewritePath(path: string, rewrite: HTTPRewrite | undefined, uri: StringMatch | undefined): string {
  if (!rewrite) return path
  const { pathname, query } = splitPath(path)
  const suffix = path.length > pathname.length ? `?${query}` : ''
  if (rewrite.uriRegexRewrite?.match) return rewriteByPattern(pathname, rewrite.uriRegexRewrite) + suffix
  const isWhole = uri?.exact !== undefined || uri?.regex !== undefined
  return rewrite.uri ? replacePrefix(pathname, isWhole ? undefined : (uri?.prefix ?? '/'), rewrite.uri) + suffix : path
}

function replacePrefix(pathname: string, prefix: string | undefined, by: string): string {
  return wireText(by) + (prefix === undefined ? '' : pathname.slice(prefix.length))
}

/** `\1` in the new text is the first group and `\0` all that matched, as in RE2; all matches are replaced. */
function rewriteByPattern(
  pathname: string,
  { match = '', rewrite = '' }: { match?: string; rewrite?: string },
): string {
  const matcher = RE2JS.compile(match).matcher(pathname)
  return matcher.replaceAll((...groups: unknown[]) =>
    rewrite.replace(/\\([0-9])/g, (_, number: string) => String(groups[Number(number)] ?? '')),
  )
}

/** Where a redirect leads to. listenerPort: of the proxy, for a rule that derives the port from the request. */
export function redirectLocation(request: HttpRequest, route: Route, listenerPort: number): string {
  const redirect = route.rule.redirect ?? {}
  const scheme = redirect.scheme || request.scheme
  const { pathname, query } = splitPath(request.path)
  const uri = wireText(redirect.uri ?? '') || pathname
  const path = uri.startsWith('/') ? uri : `/${uri}`
  const search = request.path.length > pathname.length && !path.includes('?') ? `?${query}` : ''
  return `${scheme}://${redirectAuthority(request, route, scheme, listenerPort)}${path}${search}`
}

const defaultPorts: Readonly<Record<string, number>> = { http: 80, https: 443 }

function redirectAuthority(request: HttpRequest, { rule }: Route, scheme: string, listenerPort: number): string {
  const { authority, port, derivePort } = rule.redirect ?? {}
  const asked = port || (derivePort === 'FROM_REQUEST_PORT' ? listenerPort : undefined)
  // A port that goes without saying is not said; one within the rule's own authority stays all the same.
  if (asked && asked !== defaultPorts[scheme]) return `${authority || withoutPort(request.authority)}:${asked}`
  if (authority) return authority
  // Another scheme does not take along the port that was the old one's own.
  const isOldDefault = request.authority.endsWith(`:${defaultPorts[request.scheme]}`) && scheme !== request.scheme
  return isOldDefault ? withoutPort(request.authority) : request.authority
}
