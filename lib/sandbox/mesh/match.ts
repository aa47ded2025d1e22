/** HTTPMatchRequest: which requests a rule takes. A rule is compiled once and asked often. */
import { RE2JS } from 're2js'
import type { Labels } from '../objects.ts'
import { type HttpRequest, splitPath, wireText } from './http.ts'
import type { HTTPMatchRequest, StringMatch } from './types.ts'

/** The proxy that decides: a sidecar, or a gateway. */
export interface ProxyIdentity {
  namespace: string
  labels: Labels
  /** `mesh` for a sidecar; `NAMESPACE/NAME` of each Gateway on the port for a gateway. */
  gateways: readonly string[]
  /** Where the request came in: the Service's port at a sidecar, the pod's at a gateway, whose rules see the server's. */
  port: number
}

export type Predicate = (request: HttpRequest) => boolean
type Test = (value: string) => boolean

/**
 * Undefined where this proxy cannot meet the match at all: other gateways, labels, namespace or port.
 * Names of gateways in the match replace the labels and namespace, as in istiod (sourceMatchHTTP).
 */
export function compileMatch(match: HTTPMatchRequest, proxy: ProxyIdentity, namespace: string): Predicate | undefined {
  if (!concerns(match, proxy, namespace)) return undefined
  const tests = [
    ...uriTests(match),
    ...attributeTests(match),
    ...Object.entries(match.headers ?? {}).map(([name, rule]) => headerTest(name, rule)),
    ...Object.entries(match.withoutHeaders ?? {}).map(([name, rule]) => withoutHeaderTest(name, rule)),
    ...queryTests(match),
  ]
  const [only] = tests
  if (!only) return () => true
  return tests.length === 1 ? only : (request) => tests.every((test) => test(request))
}

/** Whether a match takes every request, as far as istiod can tell (isCatchAllRoute). */
export function isCatchAll(match: HTTPMatchRequest): boolean {
  const { uri, headers, withoutHeaders, queryParams, method, scheme, authority } = match
  const anyUri = !uri || uri.prefix === '/' || uri.regex === '.*'
  const isEmpty = (rules: object | undefined) => Object.keys(rules ?? {}).length === 0
  return anyUri && [headers, withoutHeaders, queryParams].every(isEmpty) && !method && !scheme && !authority
}

function concerns(match: HTTPMatchRequest, proxy: ProxyIdentity, namespace: string): boolean {
  if (match.port && match.port !== proxy.port) return false
  if (match.gateways?.length)
    return match.gateways.some((name) => proxy.gateways.includes(gatewayName(name, namespace)))
  const hasLabels = Object.entries(match.sourceLabels ?? {}).every(([key, value]) => proxy.labels[key] === value)
  return hasLabels && (!match.sourceNamespace || match.sourceNamespace === proxy.namespace)
}

/**
 * `bookinfo-gateway` in namespace default is `default/bookinfo-gateway`; so are `./bookinfo-gateway` and the old forms
 * `bookinfo-gateway.default` and `bookinfo-gateway.default.svc.cluster.local`. `mesh` is every sidecar.
 */
export function gatewayName(name: string, namespace: string): string {
  if (name === 'mesh') return name
  if (name.includes('/')) return name.replace(/^\.\//, `${namespace}/`)
  const [own, other = namespace] = name.split('.')
  return `${other}/${own}`
}

function uriTests({ uri, ignoreUriCase }: HTTPMatchRequest): Predicate[] {
  if (!uri) return []
  const fold = (text: string) => (ignoreUriCase && uri.regex === undefined ? text.toLowerCase() : text)
  const test = compileString(mapRule(uri, fold))
  return [({ path }) => test(fold(splitPath(path).pathname))]
}

function mapRule(rule: StringMatch, change: (text: string) => string): StringMatch {
  return Object.fromEntries(Object.entries(rule).map(([kind, text]) => [kind, change(text as string)]))
}

function attributeTests({ scheme, method, authority }: HTTPMatchRequest): Predicate[] {
  const tests: Predicate[] = []
  if (scheme) tests.push(on(scheme, (request) => request.scheme))
  if (method) tests.push(on(method, (request) => request.method))
  if (authority) tests.push(on(authority, (request) => request.authority))
  return tests
}

function on(rule: StringMatch, value: (request: HttpRequest) => string): Predicate {
  const test = compileString(rule)
  return (request) => test(value(request))
}

/** Istio's name for what a token says of its holder, which no token says here. */
export function isClaim(header: string): boolean {
  return /^@request\.auth\.claims(\..+|\[.+\])$/i.test(header)
}

function headerTest(name: string, rule: StringMatch): Predicate {
  const value = headerValue(name)
  if (isPresence(rule)) return (request) => value(request) !== undefined
  const test = compileString(rule)
  return (request) => {
    const text = value(request)
    return text !== undefined && test(text)
  }
}

/** A rule about the value takes no request without the header at all: so it is in Istio 1.21 (istio#50988). */
function withoutHeaderTest(name: string, rule: StringMatch): Predicate {
  const value = headerValue(name)
  if (isPresence(rule)) return (request) => value(request) === undefined
  const test = compileString(rule)
  return (request) => {
    const text = value(request)
    return text !== undefined && !test(text)
  }
}

function headerValue(name: string): (request: HttpRequest) => string | undefined {
  const pseudo: Readonly<Record<string, (request: HttpRequest) => string>> = {
    ':authority': ({ authority }) => authority,
    ':method': ({ method }) => method,
    ':path': ({ path }) => path,
    ':scheme': ({ scheme }) => scheme,
    host: ({ authority }) => authority,
  }
  const lower = name.toLowerCase()
  return pseudo[lower] ?? (({ headers }) => headers[lower])
}

function queryTests({ queryParams }: HTTPMatchRequest): Predicate[] {
  return Object.entries(queryParams ?? {}).map(([name, rule]) => {
    const test = isPresence(rule) ? () => true : compileString(rule)
    return ({ path }) => {
      const value = queryValue(splitPath(path).query, name)
      return value !== undefined && test(value)
    }
  })
}

/** As it was sent: Envoy compares without decoding. */
function queryValue(query: string, name: string): string | undefined {
  const pair = query.split('&').find((one) => one === name || one.startsWith(`${name}=`))
  return pair?.slice(name.length + 1)
}

/** `{}`, and the regex `*` which is none: istiod turns both into "is there". */
function isPresence(rule: StringMatch): boolean {
  return (rule.exact ?? rule.prefix ?? rule.regex) === undefined || rule.regex === '*'
}

const equals = (exact: string) => (value: string) => value === exact
const startsWith = (prefix: string) => (value: string) => value.startsWith(prefix)

/** A regular expression must match the whole value. */
export function compileString({ exact, prefix, regex }: StringMatch): Test {
  if (exact !== undefined) return equals(wireText(exact))
  if (prefix !== undefined) return startsWith(wireText(prefix))
  if (regex === undefined) return () => true
  try {
    const pattern = RE2JS.compile(regex)
    return (value) => pattern.matches(value)
  } catch {
    // Envoy refuses a route with an expression it cannot read: nothing gets through it.
    return () => false
  }
}
