/**
 * What OpenAPI does not tell of a field, read from Kubernetes' own Go source: the name of its type, which errors
 * quote, whether it is a pointer, for only then is a false, 0 or "" kept, its number in protobuf, and its place among
 * the others, which is that in JSON. Used by record.ts alone.
 */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface GoField {
  type: string
  pointer: boolean
}

interface GoStruct {
  fields: Map<string, GoField>
  /** Structs whose fields stand among its own in JSON. */
  inline: string[]
  /** The names of both, as they follow each other. */
  members: string[]
  /** What stands under each number in protobuf, where an inline struct is a message of its own. */
  numbers: Record<string, string | { inline: string }>
}

/** The module, by the beginning of a definition's name. */
const modules: readonly [prefix: string, module: string][] = [
  ['io.k8s.api.', 'k8s.io/api'],
  ['io.k8s.apimachinery.', 'k8s.io/apimachinery'],
  ['io.k8s.apiextensions-apiserver.', 'k8s.io/apiextensions-apiserver'],
  ['io.k8s.kube-aggregator.', 'k8s.io/kube-aggregator'],
]

const packages = new Map<string, Map<string, GoStruct>>()

/**
 * The Go field behind a property of a definition; undefined where the source has none.
 * @param version of Kubernetes, such as v1.29.2
 */
export function goField(definition: string, property: string, version: string): GoField | undefined {
  const dot = definition.lastIndexOf('.')
  const structs = goPackage(definition.slice(0, dot), version)
  const find = (name: string): GoField | undefined => {
    const struct = structs.get(name)
    if (!struct) return undefined
    return struct.fields.get(property) ?? struct.inline.map(find).find((field) => field !== undefined)
  }
  return find(definition.slice(dot + 1))
}

/** The properties of a definition as they follow each other in JSON; empty where the source has no such struct. */
export function goOrder(definition: string, version: string): string[] {
  const dot = definition.lastIndexOf('.')
  const structs = goPackage(definition.slice(0, dot), version)
  const order = (name: string): string[] => {
    // Of another package there is only what all kinds begin with.
    if (name === 'TypeMeta') return ['kind', 'apiVersion']
    const struct = structs.get(name)
    return struct?.members.flatMap((member) => (struct.inline.includes(member) ? order(member) : member)) ?? []
  }
  return order(definition.slice(dot + 1))
}

/**
 * The fields of a definition by their numbers in protobuf, and those of the structs that JSON has inline, by definition.
 * Empty where the source has no such struct, or none of its fields has a number.
 */
export function goNumbers(definition: string, version: string): Record<string, GoStruct['numbers']> {
  const dot = definition.lastIndexOf('.')
  const struct = goPackage(definition.slice(0, dot), version).get(definition.slice(dot + 1))
  if (!struct || Object.keys(struct.numbers).length === 0) return {}
  const inline = Object.values(struct.numbers).flatMap((field) => (typeof field === 'string' ? [] : field.inline))
  return Object.assign({ [definition]: struct.numbers }, ...inline.map((name) => goNumbers(name, version)))
}

function goPackage(name: string, version: string): Map<string, GoStruct> {
  const known = packages.get(name)
  if (known) return known
  const module = modules.find(([prefix]) => name.startsWith(prefix))
  if (!module) throw new Error(`no Go module is known for ${name}`)
  const [prefix, path] = module
  const from = `${path}@${version.replace(/^v1/, 'v0')}`
  const { Dir } = JSON.parse(execFileSync('go', ['mod', 'download', '-json', from], { encoding: 'utf8' })) as {
    Dir: string
  }
  const source = join(Dir, ...name.slice(prefix.length).split('.'))
  const structs = new Map<string, GoStruct>()
  for (const file of readdirSync(source).filter((file) => /^(?!zz_|generated).*(?<!_test)\.go$/.test(file)))
    readStructs(readFileSync(join(source, file), 'utf8'), name, structs)
  packages.set(name, structs)
  return structs
}

function readStructs(source: string, packagePath: string, structs: Map<string, GoStruct>): void {
  const packageName = packagePath.split('.').at(-1) as string
  for (const [, name, body] of source.matchAll(/^type (\w+) struct \{\n([\s\S]*?)^\}/gm)) {
    const struct: GoStruct = { fields: new Map(), inline: [], members: [], numbers: {} }
    for (const [, type, tag] of (body as string).matchAll(/^\t(?:\w+[ \t]+)?(\S+)[ \t]+`([^`\n]*json:"[^`\n]*)`/gm)) {
      const [property = '', ...options] = (/json:"([^"]*)"/.exec(tag as string)?.[1] ?? '').split(',')
      const number = /protobuf:"\w+,(\d+)/.exec(tag as string)?.[1]
      const isInline = options.includes('inline')
      const named = (type as string).split('.').at(-1) as string
      if (number) struct.numbers[number] = isInline ? { inline: `${packagePath}.${named}` } : property
      struct.members.push(isInline ? named : property)
      if (isInline) struct.inline.push(named)
      else
        struct.fields.set(property, {
          type: qualified((type as string).replace(/^\*/, ''), packageName),
          pointer: (type as string).startsWith('*'),
        })
    }
    structs.set(name as string, struct)
  }
}

/** `[]Container` as errors quote it: `[]v1.Container`. */
function qualified(type: string, packageName: string): string {
  return type
    .replace(/\b(?:meta|core)v1\./g, 'v1.')
    .replace(/\bbyte\b/g, 'uint8')
    .replace(/(?<![\w.])([A-Z]\w*)/g, `${packageName}.$1`)
}
