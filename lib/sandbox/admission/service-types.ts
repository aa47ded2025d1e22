/** What a Service's type has, and what it loses with another type. */
import { isDeepStrictEqual } from 'node:util'
import type { KubeObject } from '../objects.ts'

// biome-ignore lint/suspicious/noExplicitAny: parts of a service are known by the schema
type Part = any

const hasNodePorts = ({ type, allocateLoadBalancerNodePorts }: Part): boolean =>
  type === 'NodePort' || (type === 'LoadBalancer' && allocateLoadBalancerNodePorts !== false)
const isLoadBalancer = ({ type }: Part): boolean => type === 'LoadBalancer'
const hasAddress = ({ type }: Part): boolean => type !== 'ExternalName'
const isReachable = ({ type, externalIPs }: Part): boolean =>
  type === 'NodePort' || type === 'LoadBalancer' || (type === 'ClusterIP' && externalIPs?.length > 0)

/** Fields by who has them; they go together. */
const fields: readonly [has: (spec: Part) => boolean, names: readonly string[]][] = [
  [hasAddress, ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy', 'internalTrafficPolicy']],
  [isLoadBalancer, ['allocateLoadBalancerNodePorts', 'loadBalancerClass', 'healthCheckNodePort']],
  [isReachable, ['externalTrafficPolicy']],
]

/** Without what the old type had and the new one has not, where whoever changed the type left it as it was. */
export function withoutStaleFields(service: KubeObject, old: KubeObject): KubeObject {
  const [next, before] = [service.spec, old.spec]
  const lost = fields.flatMap(([has, names]) => (has(before) && !has(next) ? names : []))
  const isKept = (name: string) => !lost.includes(name) || !isDeepStrictEqual(next[name], before[name])
  const spec: Part = Object.fromEntries(Object.entries(next).filter(([name]) => isKept(name)))
  if (spec.ports && hasNodePorts(before) && !hasNodePorts(next)) spec.ports = withoutNodePorts(spec.ports, before.ports)
  return { ...service, spec }
}

function withoutNodePorts(ports: readonly Part[], before: readonly Part[] = []): Part[] {
  const assigned = new Set(before.map(({ nodePort }) => nodePort))
  return ports.map(({ nodePort, ...port }) =>
    nodePort === undefined || assigned.has(nodePort) ? port : { ...port, nodePort },
  )
}
