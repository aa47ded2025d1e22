/** A running container of the mesh, and how it reaches others: by its sidecar, or without one by the Service alone. */
import type { Container } from '../controllers/pods/pod.ts'
import type { KubeObject } from '../objects.ts'
import { ephemeral } from './access-log.ts'
import { CallError, type Workload } from './application.ts'
import type { Source } from './authorization.ts'
import { aliasOf } from './clusters.ts'
import { logConnection } from './connections.ts'
import { deliver, send } from './envoy.ts'
import { fullHost, resolveService } from './hosts.ts'
import { type HttpRequest, type HttpResponse, withoutPort } from './http.ts'
import type { Mesh } from './mesh.ts'
import { hasSidecar } from './pods.ts'
import { type ServicePort, speaksHttp } from './protocols.ts'
import { defaultRoute } from './routes.ts'
import { TIMED_OUT, within } from './time.ts'
import type { KeyedProxy, VirtualHost } from './virtual-hosts.ts'

export function startWorkload(mesh: Mesh, pod: KubeObject, container: Container): Workload {
  const { uid = '', namespace = 'default', labels = {} } = pod.metadata
  const variables = new Map<string, string>(
    (container.env ?? []).map(({ name, value = '' }: Variable) => [name, value]),
  )
  const labelKey = JSON.stringify(labels)
  const isMeshed = hasSidecar(pod)
  return {
    pod,
    env: (name) => variables.get(name),
    log: (line) => mesh.logs.append(uid, container.name, line),
    async call(request, timeout) {
      const answer = await within(timeout, isMeshed ? throughSidecar(request) : connect(request, resolve(request)))
      if (answer === TIMED_OUT) throw new CallError(`${request.authority}: no answer within ${timeout} ms`)
      return answer
    },
  }

  /** The sidecar hands on bytes where a port is not HTTP's, or the Service is not told to it: no rules are known there. */
  async function throughSidecar(request: HttpRequest): Promise<HttpResponse> {
    const target = resolve(request)
    const { host, port } = target
    if (!target.speaksHttp || !mesh.clusters.isVisible(host, namespace)) return connect(request, target)
    const proxy: KeyedProxy = {
      key: `mesh ${namespace} ${port} ${labelKey}`,
      namespace,
      labels,
      gateways: ['mesh'],
      port,
    }
    const own = mesh.virtualHosts.ofMesh(proxy, host) ?? defaultHost(host, port)
    const headers = Object.assign(Object.create(null), request.headers, { 'x-forwarded-proto': 'http' })
    return send(mesh, { pod, proxy, destination: target.address }, own, { ...request, headers })
  }

  async function connect(request: HttpRequest, target: Target): Promise<HttpResponse> {
    const { host, port, address } = target
    const isKnown = isMeshed && mesh.clusters.isVisible(host, namespace)
    const cluster = (isKnown ? mesh.clusters : mesh.services).find({ host, port, subset: '' }, port, {
      namespace,
      labels,
    })
    const endpoint = cluster?.balance(request, mesh.random)?.endpoint
    const start = Date.now()
    const answer = endpoint && (await deliver(mesh, endpoint, request, isKnown ? cluster.name : '', self(isKnown)))
    if (isMeshed) {
      const own: string = pod.status?.podIP ?? ''
      logConnection(mesh, pod, {
        start,
        request,
        response: answer,
        flags: answer ? '' : endpoint ? 'UF' : 'UH',
        cluster: isKnown ? (cluster?.name ?? '') : 'PassthroughCluster',
        upstreamHost: endpoint ? `${endpoint.address}:${endpoint.port}` : '',
        upstreamLocal: answer ? `${own}:${ephemeral(start)}` : '',
        local: `${address}:${port}`,
        remote: `${own}:${ephemeral(start + 1)}`,
        serverName: '',
      })
    }
    if (!answer) throw new CallError(`${request.authority}: connection refused`)
    return answer
  }

  function serviceAt(host: string): KubeObject | undefined {
    const found = resolveService(host, namespace)
    return found && mesh.service(found.name, found.namespace)
  }

  /** By the certificate of its sidecar, where that shows it. */
  function self(isShown: boolean): Source {
    const ip: string = pod.status?.podIP ?? ''
    const account = pod.spec.serviceAccountName ?? 'default'
    return { principal: isShown ? `cluster.local/ns/${namespace}/sa/${account}` : '', ip, remoteIp: ip }
  }

  /** @throws CallError where the name leads to no Service with that port */
  function resolve({ authority }: HttpRequest): Target {
    const port = Number(/:(\d+)$/.exec(authority)?.[1] ?? 80)
    const named = serviceAt(withoutPort(authority))
    const alias = named && aliasOf(named)
    const service = alias === undefined ? named : serviceAt(alias)
    if (!service || aliasOf(service)) throw new CallError(`${authority}: name or service not known`)
    const ports: readonly ServicePort[] = service.spec.ports ?? []
    const asked = ports.find((one) => one.port === port)
    if (!asked) throw new CallError(`${authority}: connection refused`)
    const host = fullHost(service.metadata.name, service.metadata.namespace as string)
    return { host, port, address: service.spec.clusterIP, speaksHttp: speaksHttp(asked) }
  }
}

/** A port of a Service. */
interface Target {
  /** In full. */
  host: string
  port: number
  /** The Service's own. */
  address: string
  speaksHttp: boolean
}

interface Variable {
  name: string
  value?: string
}

const defaults = new Map<string, VirtualHost>()

function defaultHost(host: string, port: number): VirtualHost {
  const key = `${host}:${port}`
  const known = defaults.get(key)
  if (known) return known
  const route = { ...defaultRoute(host, port), name: 'default' }
  const made = { domain: host, routes: [route], requireTls: false }
  defaults.set(key, made)
  return made
}
