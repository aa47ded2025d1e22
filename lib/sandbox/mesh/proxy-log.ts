/** What a proxy writes into its log of a request, and of a connection whose bytes it hands on. */
import { accessLine, ephemeral } from './access-log.ts'
import type { Client } from './client.ts'
import type { Endpoint } from './clusters.ts'
import { logConnection } from './connections.ts'
import type { HttpRequest, HttpResponse } from './http.ts'
import type { Mesh } from './mesh.ts'
import type { Reply } from './reply.ts'
import type { Route } from './routes.ts'

/** What both logs tell of a request; nothing here holds on to the request itself, which would keep it in memory. */
function common({ method, path, authority, headers, body }: HttpRequest, reply: Reply) {
  const { response, flags = '', details, transportFailure = '' } = reply
  return {
    method,
    path,
    protocol: 'HTTP/1.1',
    status: response.status,
    flags,
    details,
    transportFailure,
    received: body.length,
    sent: Number(response.headers['content-length'] ?? 0),
    forwardedFor: headers['x-forwarded-for'] ?? '',
    userAgent: headers['user-agent'] ?? '',
    requestId: headers['x-request-id'] ?? '',
    authority,
  }
}

/** Of a request that the client's proxy sent, or answered itself. Times are milliseconds. */
export function logAccess(
  mesh: Mesh,
  { pod, proxy, destination }: Client,
  route: Route | undefined,
  request: HttpRequest,
  reply: Reply,
  start: number,
  duration: number,
): void {
  const entry = common(request, reply)
  const { cluster = '', endpoint } = reply
  const upstreamTime = String(reply.response.headers['x-envoy-upstream-service-time'] ?? '')
  const own: string = pod.status?.podIP ?? ''
  const remote = remoteOf(request, own, start)
  const [upstream, upstreamPort, port, name] = [endpoint?.address, endpoint?.port, proxy.port, route?.name ?? '']
  const isConnected = entry.transportFailure === ''
  mesh.logAccess(pod, () =>
    accessLine({
      ...entry,
      start,
      duration,
      upstreamTime,
      upstreamHost: upstream ? `${upstream}:${upstreamPort}` : '',
      cluster,
      upstreamLocal: upstream && isConnected ? `${own}:${ephemeral(start)}` : '',
      local: `${destination ?? own}:${port}`,
      remote,
      serverName: '',
      route: name,
    }),
  )
}

/** Of a connection that a sidecar hands on to its own pod unread. */
export function logInboundConnection(
  mesh: Mesh,
  { pod, address, port }: Endpoint,
  clientCluster: string,
  request: HttpRequest,
  response: HttpResponse | undefined,
  start: number,
): void {
  logConnection(mesh, pod, {
    start,
    request,
    response,
    flags: response ? '' : 'UF',
    cluster: `inbound|${port}||`,
    upstreamHost: `${address}:${port}`,
    upstreamLocal: response ? `127.0.0.6:${ephemeral(start)}` : '',
    local: `${address}:${port}`,
    remote: `${address}:${ephemeral(start + 1)}`,
    serverName: serverName(clientCluster),
  })
}

/** The name with which Istio's proxies begin mutual TLS. */
function serverName(clientCluster: string): string {
  return clientCluster.replaceAll('|', '_.')
}

/** Of a request that a sidecar let in to its own pod, or refused. Times are milliseconds. */
export function logInbound(
  mesh: Mesh,
  { pod, address, port }: Endpoint,
  clientCluster: string,
  request: HttpRequest,
  reply: Reply,
  start: number,
  duration: number,
): void {
  const entry = common(request, reply)
  mesh.logAccess(pod, () =>
    accessLine({
      ...entry,
      start,
      duration,
      upstreamTime: entry.flags ? '' : String(Math.round(duration)),
      upstreamHost: `${address}:${port}`,
      cluster: `inbound|${port}||`,
      upstreamLocal: entry.transportFailure ? '' : `127.0.0.6:${ephemeral(start)}`,
      local: `${address}:${port}`,
      remote: `${entry.forwardedFor || address}:0`,
      serverName: serverName(clientCluster),
      route: 'default',
    }),
  )
}

/** The client's end of the connection: the last address that a proxy has noted. */
export function remoteOf({ headers }: HttpRequest, own: string, start: number): string {
  return `${headers['x-forwarded-for']?.split(',').at(-1) ?? own}:${ephemeral(start + 1)}`
}
