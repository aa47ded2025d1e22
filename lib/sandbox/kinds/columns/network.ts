/** Columns of services and what they lead to (pkg/printers/internalversion). */
import type { KubeObject } from '../../objects.ts'
import type { Column } from '../kind.ts'
import { age, column, joined, labelsText, nameColumn, selectorText, wide } from './common.ts'

// biome-ignore lint/suspicious/noExplicitAny: parts of these objects are known by the schema
type Part = any

export const networkColumns: Readonly<Record<string, readonly Column[]>> = {
  services: [
    nameColumn,
    column('Type', ({ spec }) => spec.type),
    column('Cluster-IP', ({ spec }) => spec.clusterIPs?.[0] ?? spec.clusterIP ?? '<none>'),
    column('External-IP', externalIp),
    column('Port(s)', ({ spec }) => servicePorts(spec.ports ?? [])),
    age,
    wide('Selector', ({ spec }) => labelsText(spec.selector)),
  ],
  endpoints: [nameColumn, column('Endpoints', endpointsText), age],
  'endpointslices.discovery.k8s.io': [
    nameColumn,
    column('AddressType', ({ addressType }) => addressType),
    column('Ports', ({ ports }) =>
      shortened(
        (ports ?? []).map(({ port, name }: Part) => String(port ?? name)),
        '<unset>',
      ),
    ),
    column('Endpoints', ({ endpoints }) =>
      shortened(
        (endpoints ?? []).flatMap(({ addresses }: Part) => addresses ?? []),
        '<unset>',
      ),
    ),
    age,
  ],
  'ingresses.networking.k8s.io': [
    nameColumn,
    column('Class', ({ spec }) => spec.ingressClassName ?? '<none>'),
    column('Hosts', ({ spec }) => {
      const hosts = (spec.rules ?? []).map(({ host }: Part) => host).filter(Boolean)
      return hosts.length > 0 ? shortened(hosts, '*') : '*'
    }),
    column('Address', ({ status }) =>
      (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }: Part) => ip ?? hostname).join(','),
    ),
    column('Ports', ({ spec }) => (spec.tls?.length ? '80, 443' : '80')),
    age,
  ],
  'ingressclasses.networking.k8s.io': [
    nameColumn,
    column('Controller', ({ spec }) => spec.controller),
    column('Parameters', ({ spec }) => {
      const { parameters } = spec
      if (!parameters) return '<none>'
      return `${parameters.kind}${parameters.apiGroup ? `.${parameters.apiGroup}` : ''}/${parameters.name}`
    }),
    age,
  ],
  'networkpolicies.networking.k8s.io': [
    nameColumn,
    column('Pod-Selector', ({ spec }) => selectorText(spec.podSelector)),
    age,
  ],
}

function externalIp({ spec, status }: KubeObject): string {
  const own: string[] = spec.externalIPs ?? []
  if (spec.type === 'ExternalName') return spec.externalName
  if (spec.type !== 'LoadBalancer') return joined(own)
  const given = (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }: Part) => ip ?? hostname)
  return given.length + own.length > 0 ? [...given, ...own].join(',') : '<pending>'
}

function servicePorts(ports: Part[]): string {
  return joined(
    ports.map(({ port, nodePort, protocol = 'TCP' }) => `${port}${nodePort ? `:${nodePort}` : ''}/${protocol}`),
  )
}

/** The first three `ip:port`, then how many more. */
function endpointsText({ subsets }: KubeObject): string {
  const all = (subsets ?? []).flatMap(({ addresses = [], ports = [] }: Part) =>
    ports.length === 0
      ? addresses.map(({ ip }: Part) => ip)
      : ports.flatMap(({ port }: Part) => addresses.map(({ ip }: Part) => `${ip}:${port}`)),
  )
  return shortened(all, '<none>')
}

function shortened(values: string[], empty: string): string {
  const shown = values.slice(0, 3)
  if (shown.length === 0) return empty
  return values.length > shown.length ? `${shown.join(',')} + ${values.length - shown.length} more...` : shown.join(',')
}
