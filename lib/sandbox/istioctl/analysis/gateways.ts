/** Gateways: the pods that they select, the ports and certificates they need, and each other. */

import type { KubeObject } from '../../objects.ts'
import { hasLabels } from '../../selectors.ts'
import { about, type Finding, type Mesh, type Part, path } from './finding.ts'

interface Server {
  port?: { number: number }
  hosts?: string[]
  tls?: { credentialName?: string }
}

export function analyzeGateway(gateway: KubeObject, mesh: Mesh): Finding[] {
  const find = about(gateway)
  const selector = selectorOf(gateway)
  const pods = mesh.pods.filter(({ metadata }) => hasLabels(metadata.labels, gateway.spec.selector ?? {}))
  if (pods.length === 0) return [find('Error', 'IST0101', `Referenced selector not found: "${selector}"`)]
  const ports = new Set(pods.flatMap((pod) => servedPorts(pod, mesh)))
  const namespace = pods[0]?.metadata.namespace
  return serversOf(gateway).flatMap((server) => [
    ...(server.port && !ports.has(server.port.number)
      ? [
          find(
            'Warning',
            'IST0162',
            `The gateway is listening on a target port (port ${server.port.number}) that is not defined in the Service associated with its workload instances (Pod selector ${selector}). If you need to access the gateway port through the gateway Service, it will not be available.`,
          ),
        ]
      : []),
    ...lostCredential(server, namespace, mesh).map((name) =>
      find('Error', 'IST0101', `Referenced credentialName not found: "${name}"`),
    ),
    ...conflicts(gateway, server, mesh).map((others) =>
      find(
        'Error',
        'IST0145',
        `Conflict with gateways ${others} (workload selector ${selector}, port ${server.port?.number}, hosts ${(server.hosts ?? []).join(',')}).`,
      ),
    ),
  ])
}

/** `a=b,c=d` */
function selectorOf({ spec }: KubeObject): string {
  const pairs = Object.entries((spec.selector ?? {}) as Record<string, string>)
  return pairs
    .map((pair) => pair.join('='))
    .sort()
    .join(',')
}

function serversOf({ spec }: KubeObject): Server[] {
  return spec.servers ?? []
}

/** The ports of a pod that Services of its namespace lead to. */
function servedPorts({ metadata }: KubeObject, { services }: Mesh): number[] {
  return services
    .filter((service) => service.metadata.namespace === metadata.namespace)
    .filter(({ spec }) => hasLabels(metadata.labels, spec.selector ?? {}))
    .flatMap(({ spec }) => (spec.ports ?? []) as Part[])
    .filter(({ protocol = 'TCP' }) => protocol === 'TCP')
    .map(({ port, targetPort }) => (typeof targetPort === 'number' && targetPort !== 0 ? targetPort : port))
}

function lostCredential({ tls }: Server, namespace: string | undefined, { secrets }: Mesh): string[] {
  const name = tls?.credentialName
  const isThere = secrets.some(({ metadata }) => metadata.name === name && metadata.namespace === namespace)
  return name && !isThere ? [name] : []
}

/** The other gateways of the same pods that claim one of the server's hosts on its port, once for each host. */
function conflicts(gateway: KubeObject, { port, hosts = [] }: Server, { gateways }: Mesh): string[] {
  const rivals = gateways.filter((other) => other !== gateway && selectorOf(other) === selectorOf(gateway))
  const names = rivals.flatMap((rival) => {
    // Of two servers on one port the last counts.
    const server = serversOf(rival).findLast((candidate) => candidate.port?.number === port?.number)
    const claimed = hosts.filter((host) => server?.hosts?.some((other) => hostsMatch(host, other)))
    return claimed.map(() => path(rival))
  })
  return names.length > 0 ? [names.join(',')] : []
}

/** Whether some host matches both names, which may begin with a wildcard. */
export function hostsMatch(one: string, other: string): boolean {
  const [shorter, longer] = one.length <= other.length ? [one, other] : [other, one]
  if (one.startsWith('*') && other.startsWith('*')) return longer.endsWith(shorter.slice(1))
  if (one.startsWith('*')) return other.endsWith(one.slice(1))
  return other.startsWith('*') ? one.endsWith(other.slice(1)) : one === other
}
