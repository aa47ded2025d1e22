/** What the API server gives a Service: cluster IPs and node ports. */
import { randomInt } from 'node:crypto'
import type { KubeObject } from '../objects.ts'
import { StatusError } from '../status.ts'
import type { Store } from '../store/store.ts'
import { ipFamilies } from './ip-families.ts'
import { withoutStaleFields } from './service-types.ts'

// biome-ignore lint/suspicious/noExplicitAny: parts of a service are known by the schema
type Part = any

/** kind's service subnet is 10.96.0.0/16; the lower addresses are for those who ask for one. */
const subnet = '10.96'
/** --service-node-port-range */
const nodePorts = { first: 30_000, last: 32_767 }

/** @throws Invalid when the address or port asked for is taken */
export function allocate(given: KubeObject, store: Store, old?: KubeObject): KubeObject {
  const service = old ? withoutStaleFields(given, old) : given
  const { spec } = service
  if (spec.type === 'ExternalName') return service
  const others = store.list('services').filter(({ metadata }) => metadata.uid !== old?.metadata.uid)
  return {
    ...service,
    spec: {
      ...withAddress(spec, service, others, old),
      ...(spec.ports ? { ports: withNodePorts(service, others, old) } : {}),
    },
  }
}

function withAddress(spec: Part, service: KubeObject, others: readonly KubeObject[], old?: KubeObject): Part {
  const wanted = spec.clusterIP || old?.spec.clusterIP
  const taken = new Set(others.map((other) => other.spec.clusterIP))
  if (wanted && wanted !== 'None' && taken.has(wanted))
    throw invalid(service, 'spec.clusterIPs', [wanted], 'failed to allocate IP: provided IP is already allocated')
  const clusterIP = wanted || freeAddress(taken)
  return {
    ...spec,
    clusterIP,
    clusterIPs: [clusterIP],
    ...ipFamilies(service, old),
  }
}

function freeAddress(taken: ReadonlySet<string>): string {
  let address: string
  do address = `${subnet}.${randomInt(1, 255)}.${randomInt(1, 255)}`
  while (taken.has(address))
  return address
}

function withNodePorts(service: KubeObject, others: readonly KubeObject[], old?: KubeObject): Part[] {
  const { spec } = service
  const needsThem =
    spec.type === 'NodePort' || (spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false)
  const taken = new Set(others.flatMap((other) => (other.spec.ports ?? []).map(({ nodePort }: Part) => nodePort)))
  return (spec.ports ?? []).map((port: Part, index: number) => {
    if (!needsThem) return port
    if (port.nodePort && taken.has(port.nodePort))
      throw invalid(service, `spec.ports[${index}].nodePort`, port.nodePort, 'provided port is already allocated')
    const before = (old?.spec.ports ?? []).find(
      (former: Part) => former.port === port.port && former.protocol === port.protocol,
    )
    const nodePort = port.nodePort ?? before?.nodePort ?? freePort(taken)
    taken.add(nodePort)
    return { ...port, nodePort }
  })
}

function freePort(taken: ReadonlySet<number>): number {
  let port: number
  do port = randomInt(nodePorts.first, nodePorts.last + 1)
  while (taken.has(port))
  return port
}

function invalid({ metadata }: KubeObject, field: string, value: unknown, why: string): StatusError {
  const message = `Invalid value: ${JSON.stringify(value)}: ${why}`
  return new StatusError(422, 'Invalid', `Service "${metadata.name}" is invalid: ${field}: ${message}`, {
    name: metadata.name,
    kind: 'Service',
    causes: [{ reason: 'FieldValueInvalid', message, field }],
  })
}
