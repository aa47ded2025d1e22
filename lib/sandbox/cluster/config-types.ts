/** The types of kind's configuration (v1alpha4), and its strict decoding, with the words of kind's YAML library. */
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument, type YAMLMap } from 'yaml'

/** What a field holds; the names are Go's. */
type Type = 'string' | 'int32' | 'bool' | { list: Type } | { map: Type } | Struct

interface Struct {
  struct: string
  fields: Readonly<Record<string, Type>>
  /** Fields with one of a few values, and what a wrong one is called. */
  oneOf?: Readonly<Record<string, { values: readonly string[]; anyCase: boolean; unknown: string }>>
}

const texts: Type = { list: 'string' }
const patches: Type = {
  list: {
    struct: 'v1alpha4.PatchJSON6902',
    fields: { group: 'string', version: 'string', kind: 'string', patch: 'string' },
  },
}

const mount: Struct = {
  struct: 'v1alpha4.MountAlias',
  fields: {
    containerPath: 'string',
    hostPath: 'string',
    readOnly: 'bool',
    selinuxRelabel: 'bool',
    propagation: 'string',
  },
  oneOf: {
    propagation: {
      values: ['', 'None', 'HostToContainer', 'Bidirectional'],
      anyCase: false,
      unknown: 'Unknown MountPropagation',
    },
  },
}

const portMapping: Struct = {
  struct: 'v1alpha4.PortMappingAlias',
  fields: { containerPort: 'int32', hostPort: 'int32', listenAddress: 'string', protocol: 'string' },
  oneOf: {
    protocol: { values: ['', 'TCP', 'UDP', 'SCTP'], anyCase: true, unknown: 'Unknown PortMappingProtocol' },
  },
}

const node: Struct = {
  struct: 'v1alpha4.Node',
  fields: {
    role: 'string',
    image: 'string',
    labels: { map: 'string' },
    extraMounts: { list: mount },
    extraPortMappings: { list: portMapping },
    kubeadmConfigPatches: texts,
    kubeadmConfigPatchesJSON6902: patches,
  },
}

const networking: Struct = {
  struct: 'v1alpha4.Networking',
  fields: {
    ipFamily: 'string',
    apiServerPort: 'int32',
    apiServerAddress: 'string',
    podSubnet: 'string',
    serviceSubnet: 'string',
    disableDefaultCNI: 'bool',
    kubeProxyMode: 'string',
    dnsSearch: texts,
  },
}

const cluster: Struct = {
  struct: 'v1alpha4.Cluster',
  fields: {
    kind: 'string',
    apiVersion: 'string',
    name: 'string',
    nodes: { list: node },
    networking,
    featureGates: { map: 'bool' },
    runtimeConfig: { map: 'string' },
    kubeadmConfigPatches: texts,
    kubeadmConfigPatchesJSON6902: patches,
    containerdConfigPatches: texts,
    containerdConfigPatchesJSON6902: texts,
  },
}

const API_VERSION = 'kind.x-k8s.io/v1alpha4'

// biome-ignore lint/suspicious/noExplicitAny: what a configuration holds is known once it is decoded
export type Decoded = any

/** @throws in kind's words where the text is no configuration of its kind */
export function decodeConfig(text: string): Decoded {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false })
  const [error] = document.errors
  const unreadable = 'could not determine kind / apiVersion for config: yaml: '
  if (error) throw new Error(`${unreadable}line ${error.linePos?.[0].line ?? 1}: ${scannerWords(error.code)}`)
  const root = document.contents
  const found = problems(root, { struct: 'encoding.typeMeta', fields: {} }, lines, false)
  if (found.length > 0) throw new Error(`${unreadable}${unmarshalErrors(found)}`)
  const config: Decoded = document.toJS() ?? {}
  const { apiVersion = '', kind = '' } = config
  if (apiVersion !== API_VERSION) throw new Error(`unknown apiVersion: ${apiVersion}`)
  if (kind !== 'Cluster') throw new Error(`unknown kind ${kind} for apiVersion: ${apiVersion}`)
  const wrong = problems(root, cluster, lines, true)
  if (wrong.length > 0) throw new Error(`unable to decode config: yaml: ${unmarshalErrors(wrong)}`)
  return config
}

function scannerWords(code: string): string {
  return code === 'TAB_AS_INDENT' ? 'found character that cannot start any token' : 'did not find expected key'
}

function unmarshalErrors(found: readonly string[]): string {
  return `unmarshal errors:\n${found.map((text) => `  ${text}`).join('\n')}`
}

/** What does not fit its type, in the order of the text. */
function problems(value: Node | null | undefined, type: Type, lines: LineCounter, isStrict: boolean): string[] {
  if (!value || isAlias(value) || (isScalar(value) && value.value === null)) return []
  const misfit = () => [`${lineOf(value, lines)}: cannot unmarshal ${described(value)} into ${typeName(type)}`]
  if (typeof type === 'string') return isScalar(value) && fits(value.value, type) ? [] : misfit()
  if ('list' in type)
    return isSeq(value)
      ? value.items.flatMap((item) => problems(item as Node | null, type.list, lines, isStrict))
      : misfit()
  if (!isMap(value)) return misfit()
  const pairs = value.items as Pair<Node, Node | null>[]
  const repeated = repetitions(value, lines)
  if (repeated.length > 0) return repeated
  const inside = pairs.flatMap(({ key, value: field }) => {
    if ('map' in type) return problems(field, type.map, lines, isStrict)
    const known = Object.hasOwn(type.fields, String(key)) ? type.fields[String(key)] : undefined
    if (known) return problems(field, known, lines, isStrict)
    return isStrict ? [`${lineOf(key, lines)}: field ${key} not found in type ${type.struct}`] : []
  })
  if ('struct' in type && inside.length === 0) checkValues(value, type)
  return inside
}

function repetitions({ items }: YAMLMap, lines: LineCounter): string[] {
  const first = new Map<string, Node>()
  return (items as Pair<Node>[]).flatMap(({ key }) => {
    const before = first.get(String(key))
    if (!before) first.set(String(key), key)
    return before
      ? [
          `${lineOf(key, lines)}: mapping key ${JSON.stringify(String(key))} already defined at ${lineOf(before, lines)}`,
        ]
      : []
  })
}

/** @throws where a field has none of its values */
function checkValues(value: YAMLMap, { oneOf = {} }: Struct): void {
  for (const [name, { values, anyCase, unknown }] of Object.entries(oneOf)) {
    const text = String(value.get(name) ?? '')
    const found = anyCase ? text.toUpperCase() : text
    if (!values.includes(found)) throw new Error(`unable to decode config: ${unknown}: ${JSON.stringify(found)}`)
  }
}

function fits(value: unknown, type: 'string' | 'int32' | 'bool'): boolean {
  if (type === 'string') return true
  if (type === 'bool') return typeof value === 'boolean'
  return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= 2 ** 31 - 1
}

function typeName(type: Type): string {
  if (typeof type === 'string') return type
  if ('list' in type) return `[]${typeName(type.list)}`
  if ('map' in type) return `map[string]${typeName(type.map)}`
  return type.struct
}

/** Texts of more than ten letters are cut short. */
function described(value: Node): string {
  if (isSeq(value)) return '!!seq'
  if (isMap(value)) return '!!map'
  const { value: content, source = String(content) } = value as { value?: unknown; source?: string }
  const tag = { number: Number.isInteger(content) ? '!!int' : '!!float', boolean: '!!bool' }[typeof content as string]
  return `${tag ?? '!!str'} \`${source.length > 10 ? `${source.slice(0, 7)}...` : source}\``
}

function lineOf(value: Node, lines: LineCounter): string {
  return `line ${lines.linePos(value.range?.[0] ?? 0).line}`
}
