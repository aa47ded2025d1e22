/** `istioctl analyze`: some of its checks, with its codes and words (istio.io/istio/pkg/config/analysis at 1.21.2). */
import type { KubeObject } from '../objects.ts'

/** The checks that are made here; the real istioctl makes many more. */
export const codes = ['IST0101', 'IST0102', 'IST0103', 'IST0140'] as const

const levels = ['Error', 'Warning', 'Info'] as const

export interface Finding {
  level: (typeof levels)[number]
  code: (typeof codes)[number]
  /** `VirtualService default/reviews` */
  about: string
  text: string
}

/** What there is to look at, in all namespaces. */
export interface Mesh {
  namespaces: readonly KubeObject[]
  pods: readonly KubeObject[]
  services: readonly KubeObject[]
  virtualServices: readonly KubeObject[]
  destinationRules: readonly KubeObject[]
  gateways: readonly KubeObject[]
  serviceEntries: readonly KubeObject[]
}

// biome-ignore lint/suspicious/noExplicitAny: parts of a VirtualService are known by its schema
type Part = any

const systemNamespaces: readonly string[] = [
  'kube-system',
  'kube-public',
  'kube-node-lease',
  'local-path-storage',
  'istio-system',
]

/** The findings in a namespace, or everywhere; the worst first. */
export function analyze(mesh: Mesh, namespace: string | undefined): Finding[] {
  const inScope = ({ metadata, kind }: KubeObject) =>
    namespace === undefined || (kind === 'Namespace' ? metadata.name : metadata.namespace) === namespace
  const findings = [
    ...mesh.virtualServices.filter(inScope).flatMap((service) => lostReferences(service, mesh)),
    ...mesh.gateways.filter(inScope).flatMap((gateway) => lostSelector(gateway, mesh)),
    ...mesh.namespaces.filter(inScope).flatMap(notInjected),
    ...mesh.pods.filter(inScope).flatMap((pod) => withoutProxy(pod, mesh)),
    ...mesh.virtualServices.filter(inScope).flatMap((service) => withoutEffect(service, mesh)),
  ]
  const rank = ({ level, code, about }: Finding) => `${levels.indexOf(level)} ${code} ${about}`
  return findings.sort((a, b) => (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0))
}

function lostReferences(service: KubeObject, mesh: Mesh): Finding[] {
  const lost = (text: string): Finding => ({ level: 'Error', code: 'IST0101', about: nameOf(service), text })
  const namespace = service.metadata.namespace as string
  const gateways: string[] = service.spec.gateways ?? []
  const lostGateways = gateways
    .filter(
      (gateway) => gateway !== 'mesh' && !mesh.gateways.some((other) => fullName(gateway, namespace) === path(other)),
    )
    .map((gateway) => lost(`Referenced gateway not found: "${gateway}"`))
  const lostHosts = unique(destinations(service)).flatMap(({ host, subset }) => [
    ...(hasHost(host, namespace, mesh) ? [] : [lost(`Referenced host not found: "${host}"`)]),
    ...(subset === undefined || hasSubset(host, subset, namespace, mesh)
      ? []
      : [lost(`Referenced host+subset in destinationrule not found: "${host}+${subset}"`)]),
  ])
  return [...lostGateways, ...lostHosts]
}

function lostSelector(gateway: KubeObject, { pods }: Mesh): Finding[] {
  const wanted = Object.entries((gateway.spec.selector ?? {}) as Record<string, string>)
  const isFound = pods.some(({ metadata }) => wanted.every(([key, value]) => metadata.labels?.[key] === value))
  if (isFound || wanted.length === 0) return []
  const text = `Referenced selector not found: "${wanted.map((pair) => pair.join('=')).join(',')}"`
  return [{ level: 'Error', code: 'IST0101', about: nameOf(gateway), text }]
}

function notInjected(namespace: KubeObject): Finding[] {
  const { name, labels = {} } = namespace.metadata
  if (systemNamespaces.includes(name) || 'istio-injection' in labels || 'istio.io/rev' in labels) return []
  return [
    {
      level: 'Info',
      code: 'IST0102',
      about: `Namespace ${name}`,
      text: `The namespace is not enabled for Istio injection. Run 'kubectl label namespace ${name} istio-injection=enabled' to enable it, or 'kubectl label namespace ${name} istio-injection=disabled' to explicitly mark it as not needing injection.`,
    },
  ]
}

function withoutProxy(pod: KubeObject, { namespaces }: Mesh): Finding[] {
  const { namespace } = pod.metadata
  const home = namespaces.find(({ metadata }) => metadata.name === namespace)
  const isWanted = home?.metadata.labels?.['istio-injection'] === 'enabled'
  const isRefused = pod.metadata.labels?.['sidecar.istio.io/inject'] === 'false' || pod.spec.hostNetwork
  const hasProxy = pod.spec.containers.some(({ name }: Part) => name === 'istio-proxy')
  if (!isWanted || isRefused || hasProxy) return []
  const text = `The pod ${path(pod)} is missing the Istio proxy. This can often be resolved by restarting or redeploying the workload.`
  return [{ level: 'Warning', code: 'IST0103', about: nameOf(pod), text }]
}

/** Rules of the mesh for a host do not hold for what a gateway sends there: it has rules of its own. */
function withoutEffect(service: KubeObject, { virtualServices }: Mesh): Finding[] {
  const gateways: string[] = service.spec.gateways ?? []
  if (!gateways.some((gateway) => gateway !== 'mesh')) return []
  const namespace = service.metadata.namespace as string
  const hosts = new Set(destinations(service).map(({ host }) => fullHost(host, namespace)))
  const others = virtualServices.filter(
    (other) =>
      other !== service &&
      ((other.spec.hosts ?? []) as string[]).some((host) =>
        hosts.has(fullHost(host, other.metadata.namespace as string)),
      ) &&
      destinations(other).some(({ subset }) => subset !== undefined),
  )
  return others.map((other) => ({
    level: 'Warning',
    code: 'IST0140',
    about: nameOf(service),
    text: `Subset in virtual service ${path(other)} has no effect on ingress gateway ${path(service)} requests`,
  }))
}

interface Destination {
  host: string
  subset?: string
}

function destinations({ spec }: KubeObject): Destination[] {
  const routes: Part[] = [...(spec.http ?? []), ...(spec.tcp ?? []), ...(spec.tls ?? [])]
  return routes.flatMap(({ route = [] }) => route.map(({ destination }: Part) => destination))
}

function unique(all: readonly Destination[]): Destination[] {
  return [
    ...new Map(all.map((destination) => [`${destination.host}+${destination.subset ?? ''}`, destination])).values(),
  ]
}

function hasHost(host: string, namespace: string, { services, serviceEntries }: Mesh): boolean {
  const wanted = fullHost(host, namespace)
  const isService = services.some(({ metadata }) => fullHost(metadata.name, metadata.namespace as string) === wanted)
  return isService || serviceEntries.some(({ spec }) => ((spec.hosts ?? []) as string[]).includes(host))
}

function hasSubset(host: string, subset: string, namespace: string, { destinationRules }: Mesh): boolean {
  const wanted = fullHost(host, namespace)
  return destinationRules.some(
    ({ metadata, spec }) =>
      fullHost(spec.host, metadata.namespace as string) === wanted &&
      ((spec.subsets ?? []) as Part[]).some(({ name }) => name === subset),
  )
}

function fullHost(host: string, namespace: string): string {
  return host.includes('.') || host === '*' ? host : `${host}.${namespace}.svc.cluster.local`
}

function fullName(name: string, namespace: string): string {
  return name.includes('/') ? name : `${namespace}/${name}`
}

function path({ metadata }: KubeObject): string {
  return `${metadata.namespace}/${metadata.name}`
}

function nameOf(object: KubeObject): string {
  return `${object.kind} ${path(object)}`
}
