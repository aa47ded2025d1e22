/** Where VirtualServices send requests: hosts, their ports, their subsets. */
import { fullHost } from '../../mesh/hosts.ts'
import type { KubeObject } from '../../objects.ts'
import { about, type Finding, type Mesh, type Part, path } from './finding.ts'

interface Destination {
  host: string
  subset?: string
  port?: { number?: number }
}

interface Host {
  /** The numbers of its ports. */
  ports: number[]
}

export function analyzeDestinations(service: KubeObject, mesh: Mesh): Finding[] {
  const find = about(service)
  const namespace = service.metadata.namespace as string
  const lost = (what: string, name: string) => find('Error', 'IST0101', `Referenced ${what} not found: "${name}"`)
  const look = (what: string, destination: Destination): Finding[] => {
    const { host, port } = destination
    const found = hostOf(host, namespace, mesh)
    if (!found) return [lost(what, host)]
    if (port?.number === undefined)
      return found.ports.length > 1
        ? [
            find(
              'Error',
              'IST0112',
              `This VirtualService routes to a service "${host}" that exposes multiple ports [${found.ports.join(' ')}]. Specifying a port in the destination is required to disambiguate.`,
            ),
          ]
        : []
    return found.ports.includes(port.number) ? [] : [lost('host:port', `${host}:${port.number}`)]
  }
  const all = [...routed(service), ...mirrored(service)]
  return [
    ...routed(service).flatMap((destination) => look('host', destination)),
    ...mirrored(service).flatMap((destination) => look('mirror host', destination)),
    ...all
      .filter((destination) => lacksSubset(destination, namespace, mesh))
      .map(({ host, subset }) => lost('host+subset in destinationrule', `${host}+${subset}`)),
    ...withoutEffect(service, mesh),
  ]
}

/** Subsets that a rule of the mesh names do not hold for what a gateway sends to the same host. */
function withoutEffect(service: KubeObject, { virtualServices }: Mesh): Finding[] {
  if (!service.spec.gateways?.length) return []
  const plain = httpDestinations(service).filter(({ subset }) => !subset)
  const others = virtualServices.filter((other) =>
    httpDestinations(other).some(
      ({ host, subset }) =>
        subset && other.spec.hosts.includes(host) && plain.some((destination) => destination.host === host),
    ),
  )
  const text = (other: KubeObject) =>
    `Subset in virtual service ${path(other)} has no effect on ingress gateway ${path(service)} requests`
  return others.map((other) => about(service)('Warning', 'IST0140', text(other)))
}

function httpDestinations({ spec }: KubeObject): Destination[] {
  return (spec.http ?? []).flatMap(({ route = [] }: Part) => route.map(({ destination }: Part) => destination))
}

function routed({ spec }: KubeObject): Destination[] {
  const routes: Part[] = [...(spec.tcp ?? []), ...(spec.tls ?? []), ...(spec.http ?? [])]
  return routes.flatMap(({ route = [] }) => route.map(({ destination }: Part) => destination))
}

function mirrored({ spec }: KubeObject): Destination[] {
  return (spec.http ?? []).flatMap(({ mirror, mirrors = [] }: Part) => [
    ...(mirror ? [mirror] : []),
    ...mirrors.map(({ destination }: Part) => destination),
  ])
}

function hostOf(host: string, namespace: string, { services, serviceEntries }: Mesh): Host | undefined {
  const wanted = fullHost(host, namespace)
  const service = services.find(({ metadata }) => fullHost(metadata.name, metadata.namespace as string) === wanted)
  if (service) return { ports: (service.spec.ports ?? []).map(({ port }: Part) => port) }
  const entry = serviceEntries.find(({ spec }) =>
    ((spec.hosts ?? []) as string[]).some(
      (known) => known === host || (known.startsWith('*') && host.endsWith(known.slice(1))),
    ),
  )
  return entry && { ports: (entry.spec.ports ?? []).map(({ number }: Part) => number) }
}

function lacksSubset({ host, subset }: Destination, namespace: string, { destinationRules }: Mesh): boolean {
  if (!subset) return false
  const wanted = fullHost(host, namespace)
  return !destinationRules.some(
    ({ metadata, spec }) =>
      fullHost(spec.host, metadata.namespace as string) === wanted &&
      ((spec.subsets ?? []) as Part[]).some(({ name }) => name === subset),
  )
}
