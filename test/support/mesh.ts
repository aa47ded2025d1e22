/** A cluster by hand: a store filled with what the mesh reads, as controllers would have left it. */
import { readFileSync } from 'node:fs'
import { parseAllDocuments } from 'yaml'
import type { Exchange } from '../../lib/sandbox/mesh/format.ts'
import type { HttpRequest } from '../../lib/sandbox/mesh/http.ts'
import type { KubeObject, Labels } from '../../lib/sandbox/objects.ts'
import { Store } from '../../lib/sandbox/store/store.ts'

const resources: Readonly<Record<string, string>> = {
  VirtualService: 'virtualservices.networking.istio.io',
  DestinationRule: 'destinationrules.networking.istio.io',
  Gateway: 'gateways.networking.istio.io',
  PeerAuthentication: 'peerauthentications.security.istio.io',
  Service: 'services',
  EndpointSlice: 'endpointslices.discovery.k8s.io',
  Pod: 'pods',
}

/** Creates an object, or replaces the one of its name. */
export function apply(store: Store, object: KubeObject): KubeObject {
  const resource = resources[object.kind]
  if (!resource) throw new Error(`no resource for kind ${object.kind}`)
  const { name, namespace = 'default' } = object.metadata
  const current = store.get(resource, name, namespace)
  const next = { ...object, metadata: { ...current?.metadata, ...object.metadata, namespace } }
  return current ? store.update(resource, next) : store.create(resource, next)
}

export function remove(store: Store, kind: string, name: string, namespace = 'default'): void {
  store.remove(resources[kind] as string, name, namespace)
}

interface PodOptions {
  name: string
  namespace?: string
  labels?: Labels
  image?: string
  env?: { name: string; value: string }[]
  sidecar?: boolean
  ready?: boolean
  hostNetwork?: boolean
  hostPort?: number
  /** The proxy serves others: a gateway. */
  router?: boolean
}

let addresses = 10
const proxyImage = 'docker.io/istio/proxyv2:1.21.2'

/** A running pod. */
export function pod({
  name,
  namespace = 'default',
  labels = {},
  image = 'docker.io/library/busybox:1.36',
  env = [],
  sidecar = true,
  ready = true,
  hostNetwork = false,
  hostPort,
  router = false,
}: PodOptions): KubeObject {
  const containers = [
    { name: 'main', image, env, ...(hostPort ? { ports: [{ hostPort, containerPort: 8080 }] } : {}) },
    ...(sidecar ? [{ name: 'istio-proxy', image: proxyImage, args: ['proxy', router ? 'router' : 'sidecar'] }] : []),
  ]
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels },
    spec: { containers, ...(hostNetwork ? { hostNetwork } : {}) },
    status: {
      phase: 'Running',
      podIP: `10.244.0.${addresses++}`,
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
      containerStatuses: containers.map((container) => ({ name: container.name, state: { running: {} } })),
    },
  }
}

/** A Service with one port, and the slice of the pods behind it. */
export function exposed(name: string, pods: readonly KubeObject[], port = 9080, namespace = 'default'): KubeObject[] {
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace },
    spec: { clusterIP: '10.96.0.1', ports: [{ name: 'http', port, targetPort: port }] },
  }
  const slice = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: `${name}-x2x2x`, namespace, labels: { 'kubernetes.io/service-name': name } },
    ports: [{ name: 'http', port }],
    endpoints: pods.map(({ metadata, status }) => ({
      addresses: [status.podIP],
      conditions: { ready: status.conditions[0].status === 'True' },
      targetRef: { kind: 'Pod', name: metadata.name, namespace: metadata.namespace },
    })),
  }
  return [service, slice]
}

const bookinfoImage = (service: string, tag: string) => `docker.io/istio/examples-bookinfo-${service}:${tag}`

/** Bookinfo with one pod of each version, behind the lesson's gateway on the node's port 8080. */
export function bookinfo({ tag = '1.18.0', sidecar = true } = {}): Store {
  const store = new Store()
  const make = (service: string) => {
    const [app = '', version = ''] = service.split('-')
    const name = `${service}-5b5d6494f4-x7k2p`
    return pod({ name, labels: { app, version }, image: bookinfoImage(service, tag), sidecar })
  }
  const reviews = ['reviews-v1', 'reviews-v2', 'reviews-v3'].map(make)
  const groups = { details: ['details-v1'], ratings: ['ratings-v1'], productpage: ['productpage-v1'] }
  for (const [name, services] of Object.entries(groups)) expose(store, name, services.map(make))
  expose(store, 'reviews', reviews)
  apply(store, istiod())
  apply(store, ingressGateway())
  for (const object of manifest('bookinfo-gateway.yaml')) apply(store, object)
  return store
}

export function expose(store: Store, name: string, pods: readonly KubeObject[]): void {
  for (const object of [...pods, ...exposed(name, pods)]) apply(store, object)
}

/** The gateway's pod on the host's network, as section 1 of the lesson leaves it. */
export function ingressGateway(options: Partial<PodOptions> = {}): KubeObject {
  return pod({
    name: 'istio-ingressgateway-6d8c7b9f5-abcde',
    namespace: 'istio-system',
    labels: { app: 'istio-ingressgateway', istio: 'ingressgateway' },
    hostNetwork: true,
    router: true,
    ...options,
  })
}

/** The pod that tells the proxies of changes. */
export function istiod({ ready = true } = {}): KubeObject {
  const labels = { app: 'istiod', istio: 'pilot' }
  return pod({ name: 'istiod-8474dd8856-abcde', namespace: 'istio-system', labels, sidecar: false, ready })
}

/** The objects of one of the lesson's files. */
export function manifest(name: string): KubeObject[] {
  const text = readFileSync(new URL(`../../manifests/${name}`, import.meta.url), 'utf8')
  return parseAllDocuments(text).flatMap((document) => (document.toJS() as KubeObject | null) ?? [])
}

/** A VirtualService of namespace default. */
export function virtualService(name: string, spec: object, metadata: object = {}): KubeObject {
  return {
    apiVersion: 'networking.istio.io/v1beta1',
    kind: 'VirtualService',
    metadata: { name, namespace: 'default', ...metadata },
    spec,
  }
}

export function destinationRule(name: string, spec: object, metadata: object = {}): KubeObject {
  return {
    apiVersion: 'networking.istio.io/v1beta1',
    kind: 'DestinationRule',
    metadata: { name, namespace: 'default', ...metadata },
    spec,
  }
}

/** Of the namespace. */
export function peerAuthentication(spec: object): KubeObject {
  return {
    apiVersion: 'security.istio.io/v1beta1',
    kind: 'PeerAuthentication',
    metadata: { name: 'default', namespace: 'default' },
    spec,
  }
}

/** A request as a gateway hands it on. */
export function request({
  method = 'GET',
  path = '/',
  authority = 'books.example:8080',
  headers = {},
  body = '',
}: Partial<HttpRequest> = {}): HttpRequest {
  return { method, path, authority, scheme: 'http', headers: Object.assign(Object.create(null), headers), body }
}

/** A request on its way through a proxy of pod `proxy`. */
export function exchange(request: HttpRequest, more: Partial<Exchange> = {}): Exchange {
  const [local, remote] = ['10.244.0.5:8080', '10.244.0.9:40000']
  const upstream = { upstream: '', upstreamLocal: '' }
  const start = Date.UTC(2026, 10, 25, 12, 30, 1, 5)
  return { request, hostname: 'proxy', route: 'named', cluster: '', local, remote, ...upstream, start, ...more }
}
