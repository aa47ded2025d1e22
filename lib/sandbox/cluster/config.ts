/** kind's cluster configuration (v1alpha4), as far as one simulated node can honour it. */
import { parse, parseAllDocuments } from 'yaml'

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

// biome-ignore lint/suspicious/noExplicitAny: what a configuration holds is checked as it is read
type Part = any

const apiVersion = 'kind.x-k8s.io/v1alpha4'
/** The fields of each type, and whether the sandbox acts on them. */
const fields: Readonly<Record<'Cluster' | 'Node' | 'Networking', Readonly<Record<string, boolean>>>> = {
  Cluster: {
    kind: true,
    apiVersion: true,
    name: true,
    nodes: true,
    networking: true,
    kubeadmConfigPatches: true,
    kubeadmConfigPatchesJSON6902: false,
    featureGates: false,
    runtimeConfig: false,
    containerdConfigPatches: false,
    containerdConfigPatchesJSON6902: false,
  },
  Node: {
    role: true,
    image: true,
    labels: true,
    extraPortMappings: true,
    kubeadmConfigPatches: true,
    kubeadmConfigPatchesJSON6902: false,
    extraMounts: false,
  },
  Networking: {
    apiServerPort: true,
    apiServerAddress: false,
    ipFamily: false,
    podSubnet: false,
    serviceSubnet: false,
    disableDefaultCNI: false,
    kubeProxyMode: false,
    dnsSearch: false,
  },
}

/** @throws in kind's words where the text is no configuration, in the sandbox's where it cannot be simulated */
export function parseClusterConfig(text: string): ClusterConfig {
  const config = parsed(text)
  if (config.apiVersion !== apiVersion) throw new Error(`unknown apiVersion: ${config.apiVersion ?? ''}`)
  if (config.kind !== 'Cluster') throw new Error(`unknown kind ${config.kind ?? ''} for apiVersion: ${apiVersion}`)
  const nodes: Part[] = config.nodes ?? [{ role: 'control-plane' }]
  const notSimulated = [
    ...checked('Cluster', config),
    ...checked('Networking', config.networking ?? {}),
    ...nodes.flatMap((node) => checked('Node', node)),
  ]
  const [node] = nodes
  if (nodes.length !== 1 || (node?.role ?? 'control-plane') !== 'control-plane')
    throw new Error(
      `the sandbox simulates one node, a control-plane; this configuration has ${nodes.map(({ role }) => role).join(', ') || 'none'}`,
    )
  return {
    name: config.name,
    image: node.image,
    nodeLabels: {
      ...kubeletLabels([...(config.kubeadmConfigPatches ?? []), ...(node.kubeadmConfigPatches ?? [])]),
      ...node.labels,
    },
    ports: (node.extraPortMappings ?? []).filter(isTcp).map(portMapping),
    apiPort: config.networking?.apiServerPort || undefined,
    notSimulated: [...new Set(notSimulated)],
  }
}

function parsed(text: string): Part {
  try {
    return parse(text) ?? {}
  } catch (cause) {
    throw new Error(
      `could not determine kind / apiVersion for config: yaml: ${(cause as Error).message.split('\n')[0]}`,
      { cause },
    )
  }
}

/** The names of fields that have no effect. */
function checked(type: keyof typeof fields, part: Part): string[] {
  const names = Object.keys(part)
  const unknown = names.filter((name) => !(name in fields[type]))
  if (unknown.length > 0)
    throw new Error(
      `unable to decode config: yaml: unmarshal errors:\n${unknown.map((name) => `  field ${name} not found in type v1alpha4.${type}`).join('\n')}`,
    )
  return names.filter((name) => !fields[type][name])
}

function isTcp({ protocol = 'TCP' }: Part): boolean {
  return String(protocol).toUpperCase() === 'TCP'
}

function portMapping({ containerPort, hostPort = 0 }: Part): PortMapping {
  for (const [name, port] of Object.entries({ hostPort, containerPort }))
    if (!Number.isInteger(port) || port < 0 || port > 65_535)
      throw new Error(`invalid ${name}: invalid port number: ${port}`)
  return { containerPort, hostPort }
}

/** `node-labels: "a=b,c=d"` of the kubelet's arguments in patches of kubeadm's InitConfiguration. */
function kubeletLabels(patches: readonly string[]): Record<string, string> {
  const documents = patches.flatMap((patch) => parseAllDocuments(patch)).map((document): Part => document.toJS())
  const texts = documents
    .filter((document) => document?.kind === 'InitConfiguration')
    .map(({ nodeRegistration }): string => nodeRegistration?.kubeletExtraArgs?.['node-labels'] ?? '')
  const pairs = texts.flatMap((text) => text.split(',')).filter((pair) => pair.includes('='))
  return Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]))
}
