/** The way in: the node's mapped ports on this machine's loopback, served as whoever is behind them would. */
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { findApplication } from '../bookinfo/bookinfo.ts'
import type { KubeObject } from '../objects.ts'
import type { Store } from '../store/store.ts'
import type { Source } from './authorization.ts'
import { deliver, send } from './envoy.ts'
import { textResponse } from './fault.ts'
import { type HttpRequest, type HttpResponse, withoutPort } from './http.ts'
import { forwarded, normalPath, ownHeaders, refusalOf, targetOf, upgradeOf } from './incoming.ts'
import type { Logs } from './logs.ts'
import { Mesh } from './mesh.ts'
import type { NodeTarget } from './node-ports.ts'
import { hasSidecar } from './pods.ts'
import { type Answer, httpServer, type Message } from './server.ts'
import { routeFor } from './virtual-hosts.ts'

interface PortMapping {
  /** On 127.0.0.1; 0 for any free one. */
  hostPort: number
  /** On the node. */
  containerPort: number
}

export interface GatewayOptions {
  store: Store
  ports: readonly PortMapping[]
  /** Milliseconds until a change shows in traffic; measured on a real cluster: 0.10 to 0.16 s. */
  delayMs?: number
  log: (line: string) => void
}

export interface RunningGateway {
  /** The host ports, in the order of the mappings. */
  ports: readonly number[]
  /** What the last requests left in a container's log, oldest first. */
  logsOf(podUid: string, container: string): { time: number; text: string }[]
  /** Calls the listener with each new line, until the returned function is called. */
  followLogs: Logs['follow']
  close(): Promise<void>
}

/** @throws Error where a port cannot be had (code EADDRINUSE) */
export async function startGateway({ store, ports, delayMs = 150, log }: GatewayOptions): Promise<RunningGateway> {
  const mesh = new Mesh({ store, delayMs, applications: findApplication })
  const servers: Server[] = []
  const close = async () => {
    mesh.close()
    await Promise.all(servers.map(stop))
  }
  try {
    for (const mapping of ports) servers.push(await listen(mesh, mapping, log))
  } catch (error) {
    await close()
    throw error
  }
  return {
    ports: servers.map((server) => (server.address() as AddressInfo).port),
    logsOf: (podUid, container) => mesh.logs.read(podUid, container),
    followLogs: (podUid, container, listener) => mesh.logs.follow(podUid, container, listener),
    close,
  }
}

function listen(mesh: Mesh, { hostPort, containerPort }: PortMapping, log: (line: string) => void): Promise<Server> {
  const server = httpServer({
    isOpen: () => mesh.entry(containerPort) !== undefined,
    answer: (message) =>
      answerTo(mesh, containerPort, message).catch((error: unknown) => {
        const what = `${message.method} ${message.target}`
        log(`gateway: ${what}: ${error instanceof Error ? error.stack : String(error)}`)
        return { response: textResponse(500, '') }
      }),
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(hostPort, '127.0.0.1', () => {
      server.off('error', reject)
      server.on('error', (error) => log(`gateway: port ${hostPort}: ${error.message}`))
      resolve(server)
    })
  })
}

async function stop(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeAllConnections()
  await closed
}

async function answerTo(mesh: Mesh, port: number, message: Message): Promise<Answer | undefined> {
  const entry = mesh.entry(port)
  if (!entry) return undefined
  const isGateway = 'listener' in entry
  const isEnvoy = isGateway || (hasSidecar(entry.endpoint.pod) && entry.endpoint.speaksHttp)
  const target = targetOf(message)
  const refused = isEnvoy ? refusalOf(message, target) : undefined
  if (refused) return { response: refused, close: true }
  const { host = '', path } = target
  const request: HttpRequest = {
    method: message.method,
    path: isEnvoy ? normalPath(path) : path,
    authority: host,
    scheme: 'http',
    headers: isGateway ? forwarded(message, entry.listener.pod) : ownHeaders(message),
    body: message.content,
  }
  if (!isGateway) {
    const response = await answerOf(mesh, entry, request)
    return response && { response, server: '', close: message.version !== '1.1' }
  }
  const { listener } = entry
  const virtualHost = mesh.virtualHosts.ofGateway(listener.proxy, listener.servers, withoutPort(host).toLowerCase())
  const upgrade = upgradeOf(message)
  if (upgrade && upgrade !== 'websocket' && routeFor(virtualHost, request))
    return { response: textResponse(403, ''), close: true }
  const response = await send(mesh, listener, virtualHost, request)
  return { response, close: upgrade !== undefined || (response.closes ?? false) }
}

/** What a pod itself says. To who is no proxy its sidecar names the Service that it takes the request for. */
async function answerOf(
  mesh: Mesh,
  { endpoint, cluster }: NodeTarget,
  request: HttpRequest,
): Promise<HttpResponse | undefined> {
  const response = await deliver(mesh, endpoint, request, '', unknown(endpoint.pod))
  if (response && cluster && hasSidecar(endpoint.pod) && endpoint.speaksHttp) {
    const [, port, , host] = cluster.name.split('|')
    response.headers['x-envoy-decorator-operation'] = `${host}:${port}/*`
  }
  return response
}

/** Who is not of the mesh, and comes from the node. */
function unknown({ status }: KubeObject): Source {
  const ip = status?.hostIP ?? ''
  return { principal: '', ip, remoteIp: ip }
}
