/** kind's cluster configuration (v1alpha4), as far as one simulated node can honour it. */
import { isIP } from 'node:net'
import { parseAllDocuments } from 'yaml'
import { type Decoded, decodeConfig } from './config-types.ts'

export interface PortMapping {
  hostPort: number
  containerPort: number
}

export interface ClusterConfig {
  name: string | undefined
  image: string | undefined
  nodeLabels: Record<string, string>
  ports: PortMapping[]
  apiPort: number | undefined
  /** Fields that are accepted and have no effect here. */
  notSimulated: string[]
}

/** Fields without an effect in the sandbox, by where they stand. */
const noEffect = {
  cluster: [
    'kubeadmConfigPatchesJSON6902',
    'featureGates',
    'runtimeConfig',
    'containerdConfigPatches',
    'containerdConfigPatchesJSON6902',
  ],
  networking: [
    'apiServerAddress',
    'ipFamily',
    'podSubnet',
    'serviceSubnet',
    'disableDefaultCNI',
    'kubeProxyMode',
    'dnsSearch',
  ],
  node: ['kubeadmConfigPatchesJSON6902', 'extraMounts'],
} as const

/** @throws in kind's words where the text is no configuration, in the sandbox's where it cannot be simulated */
export function parseClusterConfig(text: string): ClusterConfig {
  const config = decodeConfig(text)
  const nodes: Decoded[] = config.nodes?.length ? config.nodes : [{}]
  const networking: Decoded = config.networking ?? {}
  check(networking, nodes)
  const [node] = nodes
  if (nodes.length !== 1)
    throw new Error(
      `the sandbox simulates one node, a control-plane; this configuration has ${nodes.map(roleOf).join(', ')}`,
    )
  const has = (part: Decoded) => (name: string) => name in part
  return {
    name: config.name,
    image: node.image,
    nodeLabels: {
      ...kubeletLabels([...(config.kubeadmConfigPatches ?? []), ...(node.kubeadmConfigPatches ?? [])]),
      ...node.labels,
    },
    ports: (node.extraPortMappings ?? [])
      .filter(({ protocol }: Decoded) => protocolOf(protocol) === 'TCP')
      .map(({ hostPort = 0, containerPort = 0 }: Decoded) => ({ containerPort, hostPort: Math.max(0, hostPort) })),
    apiPort: networking.apiServerPort > 0 ? networking.apiServerPort : undefined,
    notSimulated: [
      ...noEffect.cluster.filter(has(config)),
      ...noEffect.networking.filter(has(networking)),
      ...noEffect.node.filter(has(node)),
    ],
  }
}

function roleOf({ role }: Decoded): string {
  return role ?? 'control-plane'
}

function protocolOf(protocol: unknown): string {
  return String(protocol ?? 'TCP').toUpperCase()
}

/** kind's own checks of a configuration, beyond its types. @throws with all that is wrong */
function check(networking: Decoded, nodes: readonly Decoded[]): void {
  const wrong = [
    ...invalidPort('apiServerPort', networking.apiServerPort),
    ...invalidSubnet('pod', networking.podSubnet),
    ...invalidSubnet('service', networking.serviceSubnet),
    ...(['iptables', 'ipvs', 'none', undefined].includes(networking.kubeProxyMode)
      ? []
      : [`invalid kubeProxyMode: ${networking.kubeProxyMode}`]),
    ...nodes.flatMap((node, index) => {
      const inNode = nodeProblems(node)
      return inNode.length > 0 ? [`invalid configuration for node ${index}: ${aggregate(inNode)}`] : []
    }),
    ...(nodes.some((node) => roleOf(node) === 'control-plane') ? [] : ['must have at least one control-plane node']),
  ]
  if (wrong.length > 0) throw new Error(aggregate(wrong))
}

/** Several errors as one. */
function aggregate(errors: readonly string[]): string {
  const all = [...new Set(errors)]
  return all.length === 1 ? (all[0] as string) : `[${all.join(', ')}]`
}

function nodeProblems(node: Decoded): string[] {
  const role = roleOf(node)
  const mappings: Decoded[] = node.extraPortMappings ?? []
  return [
    ...(['control-plane', 'worker'].includes(role) ? [] : [`${JSON.stringify(role)} is not a valid node role`]),
    ...mappings.flatMap(({ hostPort, containerPort }) => [
      ...invalidPort('hostPort', hostPort),
      ...invalidPort('containerPort', containerPort),
    ]),
    ...repeatedPort(mappings),
  ]
}

/** -1 asks for any free port. */
function invalidPort(field: string, port = 0): string[] {
  return port < -1 || port > 65_535 ? [`invalid ${field}: invalid port number: ${port}`] : []
}

/** Two mappings of one port, unless they are of different addresses. */
function repeatedPort(mappings: readonly Decoded[]): string[] {
  const taken = new Map<string, string[]>()
  for (const { hostPort = 0, listenAddress = '0.0.0.0', protocol } of mappings) {
    if (hostPort <= 0) continue
    const port = `${hostPort}/${protocolOf(protocol)}`
    const before = taken.get(port) ?? []
    const isEverywhere = (address: string) => address === '0.0.0.0' || address === '::'
    if (before.some((address) => address === listenAddress || isEverywhere(address) || isEverywhere(listenAddress)))
      return [
        `invalid portMapping: port mapping with same listen address, port and protocol already configured: ${listenAddress}:${port}`,
      ]
    taken.set(port, [...before, listenAddress])
  }
  return []
}

function invalidSubnet(whose: string, subnets = ''): string[] {
  const wrong = subnets.split(',').find((subnet) => subnet !== '' && !isSubnet(subnet))
  return wrong === undefined
    ? []
    : [
        `invalid ${whose} subnet failed to parse cidr value:${JSON.stringify(wrong)} with error: invalid CIDR address: ${wrong}`,
      ]
}

function isSubnet(text: string): boolean {
  const [address = '', bits = '', ...more] = text.split('/')
  const most = { 4: 32, 6: 128 }[isIP(address)] ?? -1
  return more.length === 0 && /^\d+$/.test(bits) && Number(bits) <= most
}

/** `node-labels: "a=b,c=d"` of the kubelet's arguments in patches of kubeadm's InitConfiguration. */
function kubeletLabels(patches: readonly string[]): Record<string, string> {
  const documents = patches.flatMap((patch) => parseAllDocuments(patch)).map((document): Decoded => document.toJS())
  const texts = documents
    .filter((document) => document?.kind === 'InitConfiguration')
    .map(({ nodeRegistration }): string => nodeRegistration?.kubeletExtraArgs?.['node-labels'] ?? '')
  const pairs = texts.flatMap((text) => text.split(',')).filter((pair) => pair.includes('='))
  return Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]))
}
