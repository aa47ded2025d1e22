import { STATUS_CODES } from 'node:http'
import type {
  CorsPolicy,
  HeaderEdits,
  HTTPFaultInjection,
  HTTPMatchRequest,
  HTTPRedirect,
  HTTPRetry,
  HTTPRewrite,
  HTTPRoute,
  HTTPRouteDestination,
  StringMatch,
} from '../../mesh/types.ts'
import { checkDuration } from './durations.ts'
import { checkExpression } from './expressions.ts'
import { checkGatewayNames } from './gateway-names.ts'
import { checkHeaderValue } from './header-value.ts'
import { checkDestination, checkLabelMap, checkPort, isDnsLabel } from './names.ts'
import { isFilled } from './part.ts'
import type { Problems } from './problems.ts'

/** isDelegate: of a VirtualService without hosts, which others hand over to. */
export function checkHttpRoute(route: HTTPRoute, isDelegate: boolean, problems: Problems): void {
  checkConflicts(route, isDelegate, problems)
  const isDelegation = isDelegate || route.delegate !== undefined
  problems.addErrorsOf((own) => {
    for (const match of route.match ?? []) checkConditions(match, isDelegation, own)
    for (const match of route.match ?? []) checkSources(match, own)
  })
  checkHeaders(route.headers, problems)
  if (route.corsPolicy) checkCors(route.corsPolicy, problems)
  if (route.fault) problems.addErrorsOf((own) => checkFault(route.fault as HTTPFaultInjection, own))
  checkMirrors(route, problems)
  if (route.redirect) problems.add(redirectError(route.redirect))
  if (route.directResponse) checkDirectResponse(route.directResponse, problems)
  if (route.retries) checkRetries(route.retries, problems)
  if (route.rewrite) problems.add(rewriteError(route.rewrite))
  problems.add(authorityError(route))
  checkDestinations(route.route ?? [], problems)
  problems.add(checkDuration(route.timeout))
}

/** What a rule may not have beside a redirect, or beside a response of its own. */
const excluded: Readonly<Record<'redirect' | 'directResponse', readonly [keyof HTTPRoute, string][]>> = {
  redirect: [
    ['route', 'HTTP route cannot contain both route and redirect'],
    ['fault', 'HTTP route cannot contain both fault and redirect'],
    ['rewrite', 'HTTP route rule cannot contain both rewrite and redirect'],
    ['directResponse', 'HTTP route rule cannot contain both direct_response and redirect'],
  ],
  directResponse: [
    ['route', 'HTTP route cannot contain both route and direct_response'],
    ['fault', 'HTTP route cannot contain both fault and direct_response'],
    ['rewrite', 'HTTP route rule cannot contain both rewrite and direct_response'],
  ],
}

function checkConflicts(route: HTTPRoute, isDelegate: boolean, problems: Problems): void {
  if (route.delegate && !isDelegate) {
    if (route.redirect) problems.add(`root HTTP route ${route.name ?? ''} must not specify redirect`)
    if (isFilled(route.route)) problems.add(`root HTTP route ${route.name ?? ''} must not specify route`)
    return
  }
  if (route.delegate) problems.add('delegate HTTP route cannot contain delegate')
  const own = route.redirect ? 'redirect' : route.directResponse ? 'directResponse' : undefined
  for (const [field, error] of own ? excluded[own] : []) if (has(route[field])) problems.add(error)
  if (!own && !has(route.route)) problems.add('HTTP route, redirect or direct_response is required')
  if (route.mirror && has(route.mirrors)) problems.add('HTTP route cannot contain both mirror and mirrors')
}

function has(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null
}

function checkConditions(match: HTTPMatchRequest, isDelegation: boolean, problems: Problems): void {
  for (const [name, rule] of Object.entries(match.headers ?? {})) {
    if (!rule) problems.add(`header match ${name} cannot be null`)
    if (rule?.prefix === '') problems.add(`header prefix match ${name} may not be empty`)
    problems.add(headerNameError(name))
    if (!isDelegation) problems.add(regexError(rule, 'headers'))
  }
  if (isDelegation) {
    for (const [name, rule] of Object.entries(match.withoutHeaders ?? {})) {
      if (!rule) problems.add(`withoutHeaders match ${name} cannot be null`)
      problems.add(headerNameError(name))
    }
    return
  }
  for (const field of ['uri', 'scheme', 'method', 'authority'] as const) problems.add(regexError(match[field], field))
  for (const rule of Object.values(match.queryParams ?? {})) problems.add(regexError(rule, 'queryParams'))
}

function checkSources(
  { port, sourceLabels, gateways = [], sourceNamespace }: HTTPMatchRequest,
  problems: Problems,
): void {
  if (port) problems.add(checkPort(port))
  problems.addListed(...checkLabelMap(sourceLabels))
  checkGatewayNames(gateways, problems)
  if (sourceNamespace && !isDnsLabel(sourceNamespace))
    problems.add(`sourceNamespace match ${sourceNamespace} is invalid`)
}

function regexError(rule: StringMatch | undefined | null, where: string): string | undefined {
  if (rule?.regex === undefined) return undefined
  // A lone star is not an expression but Istio's word for "is there"; its webhook refuses it all the same.
  return rule.regex === '' ? `"${where}": regex string match should not be empty` : checkExpression(rule.regex, where)
}

function headerNameError(name: string): string | undefined {
  return name === '' ? 'header name cannot be empty' : undefined
}

function checkHeaders(headers: HeaderEdits | undefined, problems: Problems): void {
  const { request = {}, response = {} } = headers ?? {}
  for (const [name, value] of [...Object.entries(request.add ?? {}), ...Object.entries(request.set ?? {})])
    problems.add(requestHeaderError(name), checkHeaderValue(value))
  for (const name of request.remove ?? []) problems.add(editedHeaderError(name))
  for (const [name, value] of [...Object.entries(response.add ?? {}), ...Object.entries(response.set ?? {})])
    problems.add(editedHeaderError(name), checkHeaderValue(value))
  for (const name of response.remove ?? []) problems.add(editedHeaderError(name))
}

function isAuthority(name: string): boolean {
  return [':authority', 'host'].includes(name.toLowerCase())
}

function requestHeaderError(name: string): string | undefined {
  return isAuthority(name) ? undefined : editedHeaderError(name)
}

function editedHeaderError(name: string): string | undefined {
  if (name.toLowerCase() === 'host') return `invalid header "${name}": cannot set Host header`
  return name.startsWith(':') ? `invalid header "${name}": header cannot have ":" prefix` : headerNameError(name)
}

function authorityError({ rewrite, headers }: HTTPRoute): string | undefined {
  let current = rewrite?.authority ?? ''
  const edits = [...Object.entries(headers?.request?.set ?? {}), ...Object.entries(headers?.request?.add ?? {})]
  for (const [name, value] of edits) {
    if (!isAuthority(name)) continue
    if (current) return `authority header cannot be set multiple times: have "${current}", attempting to set "${value}"`
    current = value
  }
  return undefined
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE']

function checkCors(policy: CorsPolicy, problems: Problems): void {
  for (const origin of policy.allowOrigins ?? []) {
    const text = origin.exact ?? origin.prefix ?? origin.regex ?? ''
    if (text === '') problems.add("'' is not a valid match type for CORS allow origins")
    else problems.add(regexError(origin, 'corsPolicy.allowOrigins'))
  }
  for (const method of policy.allowMethods ?? [])
    if (!methods.includes(method)) problems.add(`"${method}" is not a supported HTTP method`)
  for (const name of [...(policy.allowHeaders ?? []), ...(policy.exposeHeaders ?? [])])
    problems.add(headerNameError(name))
  problems.add(checkDuration(policy.maxAge))
  if (/\.\d*[1-9]\d*s|ms$/.test(policy.maxAge ?? ''))
    problems.addListed('max_age duration is accurate only to seconds precision')
}

function checkFault({ abort, delay }: HTTPFaultInjection, problems: Problems): void {
  if (!abort && !delay) problems.addListed('HTTP fault injection must have an abort and/or a delay')
  if (abort) {
    problems.add(percentageError(abort.percentage?.value))
    if (abort.grpcStatus !== undefined) problems.add(grpcStatusError(abort.grpcStatus))
    else if (abort.http2Error !== undefined) problems.add('HTTP/2 abort fault injection not supported yet')
    else if (abort.httpStatus !== undefined) problems.add(statusError(abort.httpStatus))
  }
  if (!delay) return
  problems.add(percentageError(delay.percentage?.value), checkDuration(delay.fixedDelay ?? delay.exponentialDelay))
  if (delay.fixedDelay === undefined && delay.exponentialDelay !== undefined)
    problems.addListed('exponentialDelay not supported yet')
}

/** As Go prints numbers that are whole. */
function percentageError(value: number | undefined): string | undefined {
  if (value === undefined || value === 0 || (value >= 0.0001 && value <= 100)) return undefined
  return `percentage ${value} is neither 0.0, nor in range [0.0001, 100.0]`
}

function statusError(status: number): string | undefined {
  return status >= 200 && status <= 600 ? undefined : `HTTP status ${status} is not in range 200-599`
}

const grpcStatuses = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
]

function grpcStatusError(status: string): string | undefined {
  if (grpcStatuses.includes(status)) return undefined
  return `gRPC status "${status}" is not supported. See https://github.com/grpc/grpc/blob/master/doc/statuscodes.md for a list of supported codes, for example 'NOT_FOUND'`
}

function checkMirrors(route: HTTPRoute, problems: Problems): void {
  const { mirror, mirrors = [], mirrorPercent = route.mirror_percent, mirrorPercentage } = route
  if (mirrorPercent !== undefined) {
    if (mirrorPercent > 100) problems.add(`mirror_percent must have a max value of 100 (it has ${mirrorPercent})`)
    problems.warn('using deprecated setting "mirrorPercent", use "mirrorPercentage" instead')
  }
  problems.add(mirrorError('mirror_percentage', mirrorPercentage?.value))
  if (mirror) problems.add(...checkDestination(mirror))
  for (const { destination, percentage } of mirrors) {
    if (!destination) {
      problems.add('destination is required for mirrors')
      continue
    }
    problems.add(...checkDestination(destination))
    problems.add(mirrorError('mirror percentage', percentage?.value))
  }
}

function mirrorError(what: string, value = 0): string | undefined {
  if (value > 100) return `${what} must have a max value of 100 (it has ${value.toFixed(6)})`
  return value < 0 ? `${what} must have a min value of 0 (it has ${value.toFixed(6)})` : undefined
}

function redirectError(redirect: HTTPRedirect): string | undefined {
  const { uri, authority, port, derivePort, scheme, redirectCode = 0 } = redirect
  if (!uri && !authority && port === undefined && derivePort === undefined && !scheme)
    return 'redirect must specify URI, authority, scheme, or port'
  if (redirectCode !== 0 && (redirectCode < 300 || redirectCode > 399))
    return `${redirectCode} is not a valid redirect code, must be 3xx`
  if (scheme && scheme !== 'http' && scheme !== 'https') return 'invalid redirect scheme, must be "http" or "https"'
  return port ? checkPort(port) : undefined
}

function checkDirectResponse({ status, body }: NonNullable<HTTPRoute['directResponse']>, problems: Problems): void {
  const size =
    body?.string !== undefined ? Buffer.byteLength(body.string) : Buffer.from(body?.bytes ?? '', 'base64').length
  const words = 'large direct_responses may impact control plane performance'
  if (size > 1024 * 1024) problems.add(`${words}, must be less than 1MB`)
  else if (size > 100 * 1024) problems.warn(words)
  problems.add(statusError(status ?? 0))
}

const retryConditions = [
  '5xx',
  'gateway-error',
  'reset',
  'connect-failure',
  'retriable-4xx',
  'refused-stream',
  'retriable-status-codes',
  'retriable-headers',
  'envoy-ratelimited',
  'cancelled',
  'deadline-exceeded',
  'internal',
  'resource-exhausted',
  'unavailable',
]

function checkRetries(retries: HTTPRetry, problems: Problems): void {
  const { attempts = 0, perTryTimeout, retryOn = '' } = retries
  if (attempts < 0) problems.addListed('attempts cannot be negative')
  const hasMore = perTryTimeout !== undefined || retryOn !== '' || 'retryRemoteLocalities' in retries
  if (attempts === 0 && hasMore) problems.add('http retry policy configured when attempts are set to 0 (disabled)')
  problems.add(checkDuration(perTryTimeout))
  for (const condition of retryOn === '' ? [] : retryOn.split(','))
    if (!STATUS_CODES[condition] && !retryConditions.includes(condition))
      problems.add(`"${condition}" is not a valid retryOn policy`)
}

function rewriteError({ uri, authority, uriRegexRewrite }: HTTPRewrite): string | undefined {
  if (uri && uriRegexRewrite) return 'rewrite may only contain one of URI or UriRegexRewrite'
  if (!uri && !uriRegexRewrite && !authority)
    return 'rewrite must specify at least one of URI, UriRegexRewrite, or authority. Only one of URI or UriRegexRewrite may be specified'
  if (!uriRegexRewrite) return undefined
  const { match, rewrite } = uriRegexRewrite
  const error =
    match && rewrite
      ? checkExpression(match, 'HTTPRewrite.UriRegexRewrite.Match')
      : 'UriRegexRewrite requires both Rewrite and Match fields to be specified'
  return error && `UriRegexRewrite has errors\n${error}`
}

function checkDestinations(route: readonly HTTPRouteDestination[], problems: Problems): void {
  for (const { destination, headers, weight = 0 } of route) {
    if (!destination) problems.addListed('destination is required')
    checkHeaders(headers, problems)
    if (destination) problems.add(...checkDestination(destination))
    if (weight < 0) problems.add(`weight ${weight} < 0`)
  }
  const total = route.reduce((sum, { weight = 0 }) => sum + weight, 0)
  if (route.length > 1 && total === 0) problems.add('total destination weight = 0')
}
