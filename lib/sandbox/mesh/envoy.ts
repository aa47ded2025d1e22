/** Carries out what the rules decide: the path of a request through a client's proxy, and into the pod that answers. */
import type { KubeObject } from '../objects.ts'
import { ephemeral } from './access-log.ts'
import type { Source } from './authorization.ts'
import type { Client } from './client.ts'
import type { Cluster, Endpoint, Target } from './clusters.ts'
import { answerPreflight, corsHeaders } from './cors.ts'
import { editRequest, editResponse, redirectLocation } from './edits.ts'
import { drawFault, textResponse } from './fault.ts'
import type { Exchange } from './format.ts'
import { grpcResponse, isGrpc } from './grpc.ts'
import type { HttpRequest, HttpResponse, ResponseHeaders } from './http.ts'
import { withCookie } from './load-balancer.ts'
import type { Mesh } from './mesh.ts'
import { hasSidecar, isGateway } from './pods.ts'
import { logAccess, logInbound, logInboundConnection, remoteOf } from './proxy-log.ts'
import {
  closed,
  connectionFailure,
  type Failure,
  isAnswer,
  noHealthyUpstream,
  outcomeOf,
  overflow,
  type Reply,
  type Result,
  refused,
  replyOf,
  statusOf,
  timedOut,
} from './reply.ts'
import { backOff, isRetriable } from './retry.ts'
import { type Route, selectDestination, type WeightedDestination } from './routes.ts'
import { pause, TIMED_OUT, within } from './time.ts'
import { requestId, traced } from './tracing.ts'
import type { HeaderEdits } from './types.ts'
import type { Upstream } from './upstreams.ts'
import { routeFor, type VirtualHost } from './virtual-hosts.ts'

/** A request of a pod, or of the world through a gateway's pod, by the rules of a virtual host. */
export async function send(
  mesh: Mesh,
  client: Client,
  host: VirtualHost | undefined,
  original: HttpRequest,
): Promise<HttpResponse> {
  const start = performance.now()
  const time = Date.now()
  const request = withRequestId(original)
  const route = routeFor(host, request)
  const denied = isGateway(client.pod)
    ? denialOf(mesh, client.pod, client.proxy.port, request, fromOutside(request))
    : undefined
  const reply: Reply =
    denied ??
    (host?.requireTls
      ? { response: tlsRedirect(request), details: 'direct_response' }
      : route
        ? await follow(mesh, client, route, request)
        : { response: textResponse(404, ''), flags: 'NR', details: 'route_not_found' })
  if (isGrpc(request) && reply.details !== 'via_upstream') reply.response = grpcResponse(reply.response)
  logAccess(mesh, client, route, request, reply, time, performance.now() - start)
  return endsConnection(reply, request) ? { ...reply.response, closes: true } : reply.response
}

/** Said before the request was there as a whole, or that it is a bad one: Envoy wants to hear no more of the client. */
function endsConnection({ response, details, flags = '', attempt = 1 }: Reply, { body }: HttpRequest): boolean {
  if (details === 'via_upstream') return false
  const isEarly = (early.has(details) || details.startsWith('rbac_')) && attempt === 1 && !flags.includes('DI')
  return response.status === 400 || (isEarly && body !== '')
}

const early: ReadonlySet<string> = new Set([
  'route_not_found',
  'direct_response',
  'cluster_not_found',
  'cors_response',
  'fault_filter_abort',
  'no_healthy_upstream',
])

/** Where an AuthorizationPolicy refuses a request to a pod. */
function denialOf(mesh: Mesh, pod: KubeObject, port: number, request: HttpRequest, source: Source): Reply | undefined {
  const details = mesh.authorization.refusal(pod, { request, source, destinationIp: pod.status?.podIP ?? '', port })
  return details === undefined ? undefined : { response: textResponse(403, 'RBAC: access denied'), details }
}

/** A client beyond the gateway: nobody that the mesh knows. */
function fromOutside({ headers }: HttpRequest): Source {
  const ip = headers['x-envoy-external-address'] ?? headers['x-forwarded-for']?.split(',').at(-1) ?? ''
  return { principal: '', ip, remoteIp: ip }
}

/** How the sidecar of another pod knows a client: by the name in its certificate, where the two speak TLS. */
function sourceOf(
  mesh: Mesh,
  { pod }: Client,
  { policy }: Cluster,
  endpoint: Endpoint,
  { headers }: HttpRequest,
): Source {
  const ip: string = pod.status?.podIP ?? ''
  const account = pod.spec.serviceAccountName ?? 'default'
  const isPlain = policy.tls?.mode === 'DISABLE' || mesh.tlsModeOf(endpoint.pod, endpoint.port) === 'DISABLE'
  const principal = isPlain ? '' : `cluster.local/ns/${pod.metadata.namespace}/sa/${account}`
  return { principal, ip, remoteIp: headers['x-forwarded-for']?.split(',')[0] ?? ip }
}

function withRequestId(request: HttpRequest): HttpRequest {
  if (request.headers['x-request-id'] !== undefined) return request
  const headers = Object.assign(Object.create(null), request.headers, { 'x-request-id': requestId() })
  return { ...request, headers }
}

function tlsRedirect({ authority, path }: HttpRequest): HttpResponse {
  return { status: 301, headers: { location: `https://${authority}${path}` }, body: '' }
}

/** In the order of Envoy's filters: faults, cross-origin questions, then the route itself. */
async function follow(mesh: Mesh, client: Client, route: Route, request: HttpRequest): Promise<Reply> {
  const { rule } = route
  const { delay, abort } = drawFault(rule.fault, mesh.random)
  if (delay > 0) await pause(delay)
  const flags = delay > 0 ? 'DI' : ''
  const exchange = exchangeOf(client, route, request)
  const answersItself = rule.redirect !== undefined || rule.directResponse !== undefined
  if (abort) {
    const [details, all] = ['fault_filter_abort', flags ? 'DI,FI' : 'FI']
    const destination = selectDestination(route, mesh.random())
    const cluster = destination && clusterOf(mesh, client, route, destination)?.name
    const answered = { ...exchange, response: abort, details, flags: all, cluster: cluster ?? '' }
    // To a fault a rule that answers by itself is none whose headers count.
    const response = answersItself ? abort : editedFirst(abort, route, destination?.headers, answered)
    return { response, flags: all, details, cluster: cluster ?? '' }
  }
  // As istiod translates it, a rule that answers by itself has no policy for other sites.
  const policy = answersItself ? undefined : rule.corsPolicy
  const preflight = policy && answerPreflight(policy, request)
  if (preflight) return { response: preflight, details: 'cors_response' }
  const reply = answerItself(route, exchange, client) ?? (await forward(mesh, client, route, exchange))
  if (policy) Object.assign(reply.response.headers, corsHeaders(policy, request))
  return flags ? { ...reply, flags: [flags, reply.flags].filter(Boolean).join() } : reply
}

/** What is known before anybody has answered. */
function exchangeOf({ pod, proxy }: Client, { name }: Route, request: HttpRequest): Exchange {
  const start = Date.now()
  const own: string = pod.status?.podIP ?? ''
  return {
    request,
    hostname: pod.spec.hostNetwork ? pod.spec.nodeName : pod.metadata.name,
    route: name,
    cluster: '',
    local: `${own}:${proxy.port}`,
    remote: remoteOf(request, own, start),
    upstream: '',
    upstreamLocal: '',
    start,
  }
}

/** Redirects and direct responses need nobody behind the proxy. */
function answerItself(route: Route, exchange: Exchange, { proxy }: Client): Reply | undefined {
  const { redirect, directResponse } = route.rule
  const { request } = exchange
  if (!redirect && !directResponse) return undefined
  const response: HttpResponse = redirect
    ? {
        status: redirect.redirectCode || 301,
        headers: { location: redirectLocation(request, route, route.port || proxy.port) },
        body: '',
      }
    : textResponse(directResponse?.status ?? 200, bodyOf(directResponse?.body ?? {}))
  // Envoy says where what was created, or has moved, is (RFC 7231, 7.1.2).
  if (response.status === 201 || (response.status >= 300 && response.status < 400))
    response.headers = { location: `${request.scheme}://${request.authority}${request.path}`, ...response.headers }
  const answered = { ...exchange, response, details: 'direct_response' }
  if (!redirect) return { response: editedFirst(response, route, undefined, answered), details: 'direct_response' }
  editResponse(response.headers, route, undefined, answered)
  return { response, details: 'direct_response' }
}

function bodyOf({ string = '', bytes }: { string?: string; bytes?: string }): string | Buffer {
  return bytes === undefined ? string : Buffer.from(bytes, 'base64')
}

async function forward(mesh: Mesh, client: Client, route: Route, exchange: Exchange): Promise<Reply> {
  const destination = selectDestination(route, mesh.random())
  if (!destination) return { response: textResponse(503, ''), flags: 'NC', details: 'cluster_not_found' }
  const request = traced(editRequest(exchange, route, destination.headers))
  mirror(mesh, client, route, request)
  const reply = await reach(mesh, client, route, destination, request)
  const { response, details, flags = '', cluster = '', endpoint, attempt = 1 } = reply
  const upstream = endpoint ? `${endpoint.address}:${endpoint.port}` : ''
  // What the answer says of the request is what became of it on its way.
  const upstreamLocal = endpoint ? exchange.local.replace(/\d+$/, String(ephemeral(exchange.start))) : ''
  const answered = { ...exchange, request, response, details, flags, cluster, upstream, upstreamLocal, attempt }
  if (endpoint && details === 'via_upstream') {
    editResponse(response.headers, route, destination.headers, answered)
    return reply
  }
  return { ...reply, response: editedFirst(response, route, destination.headers, answered) }
}

/** What Envoy says of an answer of its own only where the route has not. */
const unlessAdded = ['content-type', 'location']

/** An answer of Envoy's own begins with what the route adds. Variables find nothing of the answer yet. */
function editedFirst(
  response: HttpResponse,
  route: Route,
  ofDestination: HeaderEdits | undefined,
  exchange: Exchange,
): HttpResponse {
  const headers: ResponseHeaders = {}
  const unanswered = { status: 0, headers: {}, body: '' }
  editResponse(headers, route, ofDestination, { ...exchange, response: unanswered })
  // How long it is Envoy knows best.
  delete headers['content-length']
  const added = Object.entries(headers).filter(([name]) => unlessAdded.includes(name))
  return { ...response, headers: { ...headers, ...response.headers, ...Object.fromEntries(added) } }
}

/** Other names of a Service are known to gateways; a sidecar is told of the Service alone. */
function clusterOf(mesh: Mesh, { pod, proxy }: Client, { port }: Route, destination: Target): Cluster | undefined {
  const target = isGateway(pod) ? mesh.clusters.named(destination) : destination
  return mesh.clusters.find(target, port || proxy.port, proxy)
}

async function reach(
  mesh: Mesh,
  client: Client,
  route: Route,
  destination: WeightedDestination,
  request: HttpRequest,
): Promise<Reply> {
  const { pod, proxy } = client
  const cluster = clusterOf(mesh, client, route, destination)
  if (!cluster) return { response: textResponse(503, ''), flags: 'NC', details: 'cluster_not_found' }
  if (cluster.passesThrough && !proxy.gateways.includes('mesh')) return noHealthyUpstream(cluster)
  const upstream = mesh.upstreams.of(pod.metadata.uid as string, cluster)
  const course: Course = { endpoint: undefined, isOver: false }
  const reply = await within(route.timeout, tryAll(mesh, client, cluster, upstream, route, request, course))
  if (reply !== TIMED_OUT) return reply
  course.isOver = true
  if (course.endpoint) upstream.outliers?.note(course.endpoint, 504, cluster.endpoints)
  return { ...timedOut('response_timeout'), cluster: cluster.name }
}

/** What becomes of a request while others wait for its answer. */
interface Course {
  /** That is being asked. */
  endpoint: Endpoint | undefined
  /** Nobody waits for it any longer. */
  isOver: boolean
}

const free = () => undefined

/** Tries endpoints until one answers in a way that is not worth another try, or the tries are used up. */
async function tryAll(
  mesh: Mesh,
  client: Client,
  cluster: Cluster,
  { pool, outliers }: Upstream,
  { retry }: Route,
  request: HttpRequest,
  course: Course,
): Promise<Reply> {
  const tried = new Set<Endpoint>()
  for (let attempt = 1; ; attempt++) {
    const choice = cluster.balance(request, mesh.random, tried, outliers?.among(cluster.endpoints))
    if (!choice) return noHealthyUpstream(cluster)
    const { endpoint, cookie } = choice
    const leave = pool ? await pool.enter(mesh.random()) : free
    if (!leave) return overflow(cluster)
    course.endpoint = endpoint
    const result = await tryOnce(mesh, client, cluster, endpoint, request, retry.perTryTimeout).finally(leave)
    if (!course.isOver) outliers?.note(endpoint, statusOf(result), cluster.endpoints)
    const isLast = attempt > retry.attempts || course.isOver
    if (isLast || !isRetriable(outcomeOf(result), retry)) {
      const reply = replyOf(result, attempt, isLast && attempt > 1)
      return { ...reply, response: withCookie(reply.response, cookie), cluster: cluster.name, endpoint, attempt }
    }
    tried.add(endpoint)
    await pause(backOff(attempt, mesh.random()))
  }
}

/** A sidecar takes no TLS but the mesh's own; what is behind none speaks no TLS at all. */
const notOfTheMesh: Failure = {
  reason: 'TLS_error:|33554536:system library:OPENSSL_internal:Connection reset by peer:TLS_error_end',
}
const notTls: Failure = {
  reason: 'TLS_error:|268435703:SSL routines:OPENSSL_internal:WRONG_VERSION_NUMBER:TLS_error_end',
}

/**
 * What a DestinationRule's TLS makes of a connection to a pod; undefined where the two understand each other, as they do
 * where no rule says how.
 */
function handshake(mesh: Mesh, { policy }: Cluster, { pod, port }: Endpoint): Failure | undefined {
  const mode = policy.tls?.mode
  if (mode === undefined) return undefined
  const taken = hasSidecar(pod) ? mesh.tlsModeOf(pod, port) : 'DISABLE'
  if (mode === 'DISABLE') return taken === 'STRICT' ? closed : undefined
  if (taken === 'DISABLE') return notTls
  return mode === 'ISTIO_MUTUAL' ? undefined : notOfTheMesh
}

async function tryOnce(
  mesh: Mesh,
  client: Client,
  cluster: Cluster,
  endpoint: Endpoint,
  request: HttpRequest,
  limit: number | undefined,
): Promise<Result> {
  const start = performance.now()
  endpoint.active++
  try {
    const failure = handshake(mesh, cluster, endpoint)
    if (failure) return failure
    const response =
      (await within(
        limit,
        deliver(mesh, endpoint, request, cluster.name, sourceOf(mesh, client, cluster, endpoint, request)),
      )) ?? refused
    if (response !== TIMED_OUT && isAnswer(response))
      response.headers['x-envoy-upstream-service-time'] = String(Math.round(performance.now() - start))
    return response
  } finally {
    endpoint.active--
  }
}

/**
 * Into the pod, through its sidecar where it has one; undefined where the connection is refused, or closed at once.
 * clientCluster: the name under which the client's proxy knows the destination; '' where the client has none. source:
 * who asks.
 */
export async function deliver(
  mesh: Mesh,
  endpoint: Endpoint,
  request: HttpRequest,
  clientCluster: string,
  source: Source,
): Promise<HttpResponse | undefined> {
  const pod = mesh.current(endpoint.pod)
  if (!pod) return undefined
  const running = mesh.application(pod, endpoint.port)
  const ask = () => running?.application.answer(request, running.workload)
  if (!hasSidecar(pod)) return ask()
  if (source.principal === '' && mesh.tlsModeOf(pod, endpoint.port) === 'STRICT') return undefined
  const [start, time] = [performance.now(), Date.now()]
  if (!endpoint.speaksHttp) {
    const response = await ask()
    logInboundConnection(mesh, endpoint, clientCluster, request, response, time)
    return response
  }
  // What a rewrite left behind: the pod's sidecar cannot read it as a request.
  if (!request.path.startsWith('/')) return textResponse(400, 'Bad Request')
  const denied = denialOf(mesh, pod, endpoint.port, request, source)
  const reply: Reply =
    denied ??
    (running
      ? { response: await running.application.answer(request, running.workload), details: 'via_upstream' }
      : connectionFailure(refused, false))
  const duration = performance.now() - start
  if (running && !denied) reply.response.headers['x-envoy-upstream-service-time'] = String(Math.round(duration))
  reply.response.headers.server = 'istio-envoy'
  logInbound(mesh, endpoint, clientCluster, request, reply, time, duration)
  return reply.response
}

/** A copy for each mirror; nobody waits for its answer. */
function mirror(mesh: Mesh, client: Client, route: Route, request: HttpRequest): void {
  for (const { destination, percent } of route.mirrors) {
    if (mesh.random() * 100 >= percent) continue
    const copy = { ...request, authority: request.authority.replace(/(:\d+)?$/, '-shadow$1') }
    const cluster = clusterOf(mesh, client, route, destination)
    const choice = cluster?.balance(copy, mesh.random)
    // What becomes of a copy is nobody's concern, not even that it failed.
    if (cluster && choice) tryOnce(mesh, client, cluster, choice.endpoint, copy, undefined).catch(() => undefined)
  }
}
