/** corsPolicy: which other sites' pages may ask. */
import { parseDuration } from './duration.ts'
import type { HttpRequest, HttpResponse, ResponseHeaders } from './http.ts'
import { compileString } from './match.ts'
import type { CorsPolicy } from './types.ts'

/** The answer to a browser's question before its request; undefined where it is none, or of a site not listed. */
export function answerPreflight(policy: CorsPolicy, request: HttpRequest): HttpResponse | undefined {
  const isPreflight = request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined
  if (!isPreflight || !isAllowed(policy, request)) return undefined
  const seconds = policy.maxAge && parseDuration(policy.maxAge)
  const headers: ResponseHeaders = {
    ...originHeaders(policy, request),
    ...list('access-control-allow-methods', policy.allowMethods),
    ...list('access-control-allow-headers', asked(policy.allowHeaders, request)),
    ...list('access-control-expose-headers', policy.exposeHeaders),
    ...(seconds ? { 'access-control-max-age': String(Math.floor(seconds / 1_000)) } : {}),
  }
  return { status: 200, headers, body: '' }
}

/** What is added to the answer of a request that a listed site's page made. */
export function corsHeaders(policy: CorsPolicy, request: HttpRequest): ResponseHeaders {
  if (!isAllowed(policy, request)) return {}
  return { ...originHeaders(policy, request), ...list('access-control-expose-headers', policy.exposeHeaders) }
}

function originHeaders(policy: CorsPolicy, { headers }: HttpRequest): ResponseHeaders {
  return {
    'access-control-allow-origin': headers.origin as string,
    ...(policy.allowCredentials ? { 'access-control-allow-credentials': 'true' } : {}),
  }
}

function isAllowed({ allowOrigin = [], allowOrigins = [] }: CorsPolicy, { headers }: HttpRequest): boolean {
  const { origin } = headers
  if (origin === undefined) return false
  const rules = allowOrigins.length > 0 ? allowOrigins : allowOrigin.map((exact) => ({ exact }))
  return rules.some((rule) => rule.exact === '*' || compileString(rule)(origin))
}

/** Where all headers are allowed, those that were asked for are named. */
function asked(names: readonly string[] | undefined, { headers }: HttpRequest): readonly string[] | undefined {
  return names?.join() === '*' ? [headers['access-control-request-headers'] ?? ''] : names
}

function list(name: string, values: readonly string[] | undefined): ResponseHeaders {
  return values?.length ? { [name]: values.join(',') } : {}
}
