/** A running container of the mesh, and how it reaches others: by its sidecar, or without one by the Service alone. */
import type { Container } from '../controllers/pods/pod.ts'
import type { KubeObject } from '../objects.ts'
import { CallError, type Workload } from './application.ts'
import { deliver, send } from './envoy.ts'
import { fullHost, resolveService } from './hosts.ts'
import { type HttpRequest, type HttpResponse, withoutPort } from './http.ts'
import type { Mesh } from './mesh.ts'
import { hasSidecar } from './pods.ts'
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
      const answer = await within(timeout, isMeshed ? throughSidecar(request) : direct(request))
      if (answer === TIMED_OUT) throw new CallError(`${request.authority}: no answer within ${timeout} ms`)
      return answer
    },
  }

  async function throughSidecar(request: HttpRequest): Promise<HttpResponse> {
    const { host, port } = target(request)
    const proxy: KeyedProxy = {
      key: `mesh ${namespace} ${port} ${labelKey}`,
      namespace,
      labels,
      gateways: ['mesh'],
      port,
    }
    const own = mesh.virtualHosts.ofMesh(proxy, host) ?? defaultHost(host, port)
    return send(mesh, { pod, proxy }, own, request)
  }

  async function direct(request: HttpRequest): Promise<HttpResponse> {
    const { host, port } = target(request)
    const cluster = mesh.clusters.find({ host, port, subset: '' }, port, namespace)
    const choice = cluster?.balance(request, mesh.random)
    const answer = choice && (await deliver(mesh, choice.endpoint, request, ''))
    if (!answer) throw new CallError(`${request.authority}: connection refused`)
    return answer
  }

  /** @throws CallError where the name leads to no Service with that port */
  function target({ authority }: HttpRequest): { host: string; port: number } {
    const port = Number(/:(\d+)$/.exec(authority)?.[1] ?? 80)
    const found = resolveService(withoutPort(authority), namespace)
    const service = found && mesh.service(found.name, found.namespace)
    if (!found || !service) throw new CallError(`${authority}: name or service not known`)
    if (!(service.spec.ports ?? []).some((one: { port: number }) => one.port === port))
      throw new CallError(`${authority}: connection refused`)
    return { host: fullHost(found.name, found.namespace), port }
  }
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
