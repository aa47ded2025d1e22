/** The recorded schemas of the built-in kinds, read from data/ when first asked for. */
import { readFileSync } from 'node:fs'
import type { Schema } from '../kinds/kind.ts'

export interface Definition extends Schema {
  'x-kubernetes-group-version-kind'?: readonly { group: string; version: string; kind: string }[]
}

/** The API versions whose schemas are recorded. */
export const recorded = [
  'v1',
  'admissionregistration.k8s.io/v1',
  'apiextensions.k8s.io/v1',
  'apiregistration.k8s.io/v1',
  'apps/v1',
  'authentication.k8s.io/v1',
  'authorization.k8s.io/v1',
  'autoscaling/v1',
  'autoscaling/v2',
  'batch/v1',
  'certificates.k8s.io/v1',
  'coordination.k8s.io/v1',
  'discovery.k8s.io/v1',
  'events.k8s.io/v1',
  'flowcontrol.apiserver.k8s.io/v1',
  'flowcontrol.apiserver.k8s.io/v1beta3',
  'networking.k8s.io/v1',
  'node.k8s.io/v1',
  'policy/v1',
  'rbac.authorization.k8s.io/v1',
  'scheduling.k8s.io/v1',
  'storage.k8s.io/v1',
]

type Definitions = Readonly<Record<string, Definition>>
type Descriptions = Readonly<Record<string, Readonly<Record<string, string>>>>

/**
 * The file that holds a definition: `io.k8s.api.apps.v1.Deployment` is in apps.v1.json, all that belongs to no API
 * group (metadata, quantities, the Status) in apimachinery.json.
 */
export function fileOf(definition: string): string {
  if (definition.startsWith('io.k8s.apimachinery.')) return 'apimachinery.json'
  return `${definition.split('.').slice(-3, -1).join('.')}.json`
}

const files = new Map<string, unknown>()

/** @throws when the file is not there: a schema names a definition that was never recorded */
function load<T>(name: string): T {
  let content = files.get(name)
  if (content === undefined) {
    content = JSON.parse(readFileSync(new URL(`data/${name}`, import.meta.url), 'utf8'))
    files.set(name, content)
  }
  return content as T
}

/** The definitions of one API group and version by their full names; undefined where nothing was recorded. */
export function definitionsOf(group: string, version: string): Definitions | undefined {
  if (!recorded.includes(group === '' ? version : `${group}/${version}`)) return undefined
  return load<Definitions>(`${group === '' ? 'core' : group.split('.')[0]}.${version}.json`)
}

/** Of every kind the same. */
const options: ReadonlySet<string> = new Set(['DeleteOptions'])

/** The full name of a kind's definition; undefined where none was recorded. */
export function definitionNameOf(group: string, version: string, kind: string): string | undefined {
  if (options.has(kind)) return `io.k8s.apimachinery.pkg.apis.meta.v1.${kind}`
  const found = Object.entries(definitionsOf(group, version) ?? {}).find(([, schema]) =>
    schema['x-kubernetes-group-version-kind']?.some((of) => of.kind === kind && of.group === group),
  )
  return found?.[0]
}

/** What stands under a number in protobuf: a property, or the message of a struct that JSON has inline. */
export type Numbers = Readonly<Record<number, string | { inline: string }>>

/** The numbers of a definition's fields; empty where none was recorded. */
export function numbersOf(name: string): Numbers {
  return load<Readonly<Record<string, Numbers>>>('protobuf.json')[name] ?? {}
}

const byName = new Map<string, Definition>()

/** @throws when there is no such definition */
export function definition(name: string): Definition {
  const known = byName.get(name)
  if (known) return known
  const found = load<Definitions>(fileOf(name))[name]
  if (!found) throw new Error(`no schema recorded for ${name}`)
  byName.set(name, found)
  return found
}

/** What the fields of a definition are for, by property; the definition's own under ''. */
export function descriptionsOf(name: string): Readonly<Record<string, string>> {
  return load<Descriptions>(`descriptions/${fileOf(name)}`)[name] ?? {}
}
