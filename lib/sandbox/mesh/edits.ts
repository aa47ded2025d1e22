/** What a route changes in a request or an answer on its way: headers, path, host. */
import { RE2JS } from 're2js'
import { type HttpRequest, type RequestHeaders, type ResponseHeaders, splitPath } from './http.ts'
import type { Route } from './routes.ts'
import type { HeaderEdits, HTTPRewrite } from './types.ts'

/** The request as it leaves the proxy. */
export function editRequest(request: HttpRequest, route: Route, ofDestination: HeaderEdits | undefined): HttpRequest {
  const { rule, match } = route
  const edits = inOrder(route, ofDestination).flatMap((edit) => edit.request ?? [])
  if (edits.length === 0 && !rule.rewrite) return request
  let authority = rule.rewrite?.authority || request.authority
  const headers: RequestHeaders = Object.assign(Object.create(null), request.headers)
  for (const { set = {}, add = {}, remove = [] } of edits) {
    for (const name of remove) delete headers[name.toLowerCase()]
    for (const [name, value] of Object.entries(set)) {
      const key = name.toLowerCase()
      if (key === 'host' || key === ':authority') authority = value
      else headers[key] = value
    }
    for (const [name, value] of Object.entries(add)) {
      const key = name.toLowerCase()
      headers[key] = headers[key] === undefined ? value : `${headers[key]},${value}`
    }
  }
  return { ...request, authority, path: rewritePath(request.path, rule.rewrite, match.uri?.prefix), headers }
}

/** Changes the headers of an answer in place. */
export function editResponse(headers: ResponseHeaders, route: Route, ofDestination: HeaderEdits | undefined): void {
  for (const edits of inOrder(route, ofDestination).flatMap((edit) => edit.response ?? [])) {
    for (const name of edits.remove ?? []) delete headers[name.toLowerCase()]
    for (const [name, value] of Object.entries(edits.set ?? {})) {
      const key = name.toLowerCase()
      delete headers[key]
      headers[key] = value
    }
    for (const [name, value] of Object.entries(edits.add ?? {})) {
      const key = name.toLowerCase()
      headers[key] = headers[key] === undefined ? value : [headers[key], value].flat()
    }
  }
}

/**
 * Envoy applies those of one of several destinations before the route's, so that the route has the last word; with a
 * single destination istiod writes both into the route, the destination's behind.
 */
function inOrder({ rule }: Route, ofDestination: HeaderEdits | undefined): HeaderEdits[] {
  const both = [ofDestination, rule.headers].flatMap((edits) => edits ?? [])
  return (rule.route?.length ?? 0) > 1 ? both : both.reverse()
}

/** A matched prefix gives way to the new text; so does the whole path where it matched otherwise. The query stays. */
function rewritePath(path: string, rewrite: HTTPRewrite | undefined, prefix: string | undefined): string {
  if (!rewrite) return path
  const { pathname, query } = splitPath(path)
  const suffix = path.length > pathname.length ? `?${query}` : ''
  if (rewrite.uriRegexRewrite?.match) return rewriteByPattern(pathname, rewrite.uriRegexRewrite) + suffix
  return rewrite.uri ? replacePrefix(pathname, prefix, rewrite.uri) + suffix : path
}

function replacePrefix(pathname: string, prefix: string | undefined, by: string): string {
  return prefix === undefined ? by : by + pathname.slice(prefix.length)
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
  const path = redirect.uri || pathname
  const search = request.path.length > pathname.length && !path.includes('?') ? `?${query}` : ''
  return `${scheme}://${redirectAuthority(request, route, scheme, listenerPort)}${path}${search}`
}

const defaultPorts: Readonly<Record<string, number>> = { http: 80, https: 443 }

function redirectAuthority(request: HttpRequest, { rule }: Route, scheme: string, listenerPort: number): string {
  const { authority, port, derivePort } = rule.redirect ?? {}
  const host = (authority || request.authority).replace(/:\d+$/, '')
  const asked = port || (derivePort === 'FROM_REQUEST_PORT' ? listenerPort : undefined)
  if (asked && asked !== defaultPorts[scheme]) return `${host}:${asked}`
  if (authority) return authority
  // Another scheme does not take along the port that was the old one's own.
  const isOldDefault = request.authority.endsWith(`:${defaultPorts[request.scheme]}`) && scheme !== request.scheme
  return isOldDefault ? host : request.authority
}
