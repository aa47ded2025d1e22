/** What a proxy tells of a connection that it takes for plain TCP: bytes and addresses, nothing of what was asked. */
import type { KubeObject } from '../objects.ts'
import { accessLine } from './access-log.ts'
import { type HttpRequest, type HttpResponse, messageLength } from './http.ts'
import type { Mesh } from './mesh.ts'

/** Here each request is a connection of its own. */
interface Connection {
  /** Milliseconds since 1970. */
  start: number
  request: HttpRequest
  /** Undefined where nobody was reached. */
  response: HttpResponse | undefined
  /** Envoy's word for what went wrong. */
  flags: string
  cluster: string
  /** Addresses with their ports; '' where there is none. */
  upstreamHost: string
  upstreamLocal: string
  local: string
  remote: string
  serverName: string
}

/** Adds a line to the log of the proxy in a pod. */
export function logConnection(
  mesh: Mesh,
  pod: KubeObject,
  { request, response, start, ...connection }: Connection,
): void {
  const [received, sent] = [response ? messageLength(request) : 0, response ? messageLength(response) : 0]
  const duration = Date.now() - start
  const nothing = { details: '', transportFailure: '', upstreamTime: '', route: '' }
  const unasked = { method: '-', path: '-', protocol: '-', status: 0, authority: '' }
  const unheard = { forwardedFor: '', userAgent: '', requestId: '' }
  mesh.logAccess(pod, () =>
    accessLine({ ...nothing, ...unasked, ...unheard, ...connection, start, duration, received, sent }),
  )
}
