/** What the API server gives a Service: cluster IPs and node ports. */
import { randomInt } from 'node:crypto'
import { isIP } from 'node:net'
import type { KubeObject } from '../objects.ts'
import { goStrings, invalid, invalidError, type Problem } from '../schema/validation/problems.ts'
import { checkAddresses } from '../schema/validation/service-addresses.ts'
import { type StatusError, unexpected } from '../status.ts'
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
      ...healthCheckPort(spec, others, old),
    },
  }
}

function withAddress(spec: Part, service: KubeObject, others: readonly KubeObject[], old?: KubeObject): Part {
  const wrong = old ? [] : checkAddresses({ ...service, spec })
  if (wrong.length > 0) throw invalidError({ kind: 'Service', group: '' }, service.metadata.name, wrong)
  const families = ipFamilies(service, old)
  const wanted = spec.clusterIP || old?.spec.clusterIP
  const taken = new Set(others.map((other) => other.spec.clusterIP))
  if (wanted && wanted !== 'None' && wanted !== old?.spec.clusterIP) {
    const why = whyNoAddress(wanted, taken)
    const value = goStrings([wanted])
    if (why) throw refused(service, invalid('spec.clusterIPs', value, `failed to allocate IP ${wanted}: ${why}`))
  }
  const clusterIP = wanted || freeAddress(taken)
  return {
    ...spec,
    clusterIP,
    clusterIPs: [clusterIP],
    ...families,
  }
}

/** What is no address at all is the validation's matter. */
function whyNoAddress(address: string, taken: ReadonlySet<string>): string | undefined {
  if (taken.has(address)) return 'provided IP is already allocated'
  if (!isIP(address) || address.startsWith(`${subnet}.`)) return undefined
  return `the provided IP (${address}) is not in the valid range. The range of valid IPs is ${subnet}.0.0/16`
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
  const taken = new Set(others.flatMap(nodePortsOf))
  const own: Part[] = []
  for (const [index, port] of (spec.ports ?? []).entries()) {
    const { protocol, nodePort: wanted } = port
    // Other protocols of a port may share its port of the node; of a Service that is there, other ports may too.
    const isShared = own.some((one) => one.nodePort === wanted && (old || one.port === port.port))
    const why = needsThem && wanted && !isShared && whyNoPort(wanted, taken)
    if (why) throw refused(service, invalid(`spec.ports[${index}].nodePort`, wanted, why))
    if (needsThem && old && own.some((one) => one.nodePort === wanted && wanted && one.protocol === protocol))
      throw unexpected(`duplicate nodePort: {${protocol} ${wanted}}`)
    const before = [...(old?.spec.ports ?? []), ...own].find(
      (one: Part) => one.port === port.port && (one.protocol === protocol || own.includes(one)),
    )
    const nodePort = needsThem ? (wanted ?? before?.nodePort ?? freePort(taken)) : wanted
    if (nodePort) taken.add(nodePort)
    own.push(needsThem ? { ...port, nodePort } : port)
  }
  return own
}

/** By which load balancers learn on which nodes there are pods. */
function healthCheckPort(spec: Part, others: readonly KubeObject[], old?: KubeObject): Part {
  if (spec.type !== 'LoadBalancer' || spec.externalTrafficPolicy !== 'Local') return {}
  const taken = new Set(others.flatMap((other) => [other.spec.healthCheckNodePort, ...nodePortsOf(other)]))
  return { healthCheckNodePort: spec.healthCheckNodePort ?? old?.spec.healthCheckNodePort ?? freePort(taken) }
}

function nodePortsOf({ spec }: KubeObject): number[] {
  return (spec.ports ?? []).map(({ nodePort }: Part) => nodePort)
}

function whyNoPort(port: number, taken: ReadonlySet<number>): string | undefined {
  const { first, last } = nodePorts
  if (port < first || port > last)
    return `provided port is not in the valid range. The range of valid ports is ${first}-${last}`
  return taken.has(port) ? 'provided port is already allocated' : undefined
}

function freePort(taken: ReadonlySet<number>): number {
  let port: number
  do port = randomInt(nodePorts.first, nodePorts.last + 1)
  while (taken.has(port))
  return port
}

function refused({ metadata }: KubeObject, problem: Problem): StatusError {
  return invalidError({ kind: 'Service', group: '' }, metadata.name, [problem])
}
