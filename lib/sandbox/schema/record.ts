/**
 * Records the schemas of the built-in kinds from a running cluster into data/ and their descriptions into
 * data/descriptions/, one file a Go package, and the numbers of their fields into data/protobuf.json: `npm run record:schemas` (the current kubectl context is read, never
 * changed; Go is needed for what only the source tells).
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Schema } from '../kinds/kind.ts'
import { fileOf, recorded } from './data.ts'
import { goType } from './go-type.ts'
import { goField, goNumbers, goOrder } from './go-types.ts'

type Json = Record<string, unknown>

/** The version of the cluster that is read, such as v1.29.2. */
const version = (JSON.parse(kubectl('/version')) as { gitVersion: string }).gitVersion

const folder = join(import.meta.dirname, 'data')

function read(apiVersion: string): Record<string, Json> {
  const path = apiVersion === 'v1' ? '/openapi/v3/api/v1' : `/openapi/v3/apis/${apiVersion}`
  return (JSON.parse(kubectl(path)) as { components: { schemas: Record<string, Json> } }).components.schemas
}

function kubectl(path: string): string {
  return execFileSync('kubectl', ['get', '--raw', path], { encoding: 'utf8', maxBuffer: 64 << 20 })
}

/** Without descriptions, and empty defaults but those of structs that are no pointers (they are never absent); `allOf` with the one `$ref` that stands in it becomes that `$ref`. */
function compact(schema: Json, isItem = false): Json {
  const result: Json = {}
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'description' || key === 'x-kubernetes-unions') continue
    if (key === 'default' && (value === '' || value === 0 || (isEmptyObject(value) && isItem))) continue
    if (key === 'allOf') Object.assign(result, compact((value as Json[])[0] as Json, isItem))
    else if (key === '$ref') result.$ref = (value as string).replace('#/components/schemas/', '')
    else if (key === 'properties')
      result.properties = mapValues(value as Record<string, Json>, (property) => compact(property))
    else if (key === 'items' || (key === 'additionalProperties' && typeof value === 'object'))
      result[key] = compact(value as Json, true)
    else if (key === 'x-kubernetes-group-version-kind') {
      if ((value as Json[]).length === 1) result[key] = value
    } else result[key] = value
  }
  return result
}

/** With what only the source tells: the order of fields; x-go-type where errors name another type than the schema's, x-go-pointer. */
function withGoTypes(name: string, schema: Json): Json {
  const properties = Object.entries((schema.properties ?? {}) as Record<string, Json>).map(([property, of]) => {
    const field = goField(name, property, version)
    if (!field) return [property, of] as const
    const scalar = of.type !== undefined && of.type !== 'object' && of.type !== 'array'
    return [
      property,
      {
        ...of,
        ...(field.type !== goType(of as Schema) ? { 'x-go-type': field.type } : {}),
        ...(field.pointer && scalar ? { 'x-go-pointer': true } : {}),
      },
    ] as const
  })
  return schema.properties ? { ...schema, properties: inOrder(name, Object.fromEntries(properties)) } : schema
}

function inOrder(name: string, properties: Json): Json {
  const first = goOrder(name, version).filter((property) => property in properties)
  return { ...Object.fromEntries(first.map((property) => [property, properties[property]])), ...properties }
}

/** The schema's own description under '', its properties' under their names. */
function descriptions(schema: Json): Record<string, string> {
  const entries = Object.entries((schema.properties ?? {}) as Record<string, Json>)
  const all = { '': schema.description, ...Object.fromEntries(entries.map(([name, p]) => [name, p.description])) }
  return Object.fromEntries(Object.entries(all).filter(([, text]) => text !== undefined)) as Record<string, string>
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

function mapValues<T, R>(object: Record<string, T>, change: (value: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]))
}

const numbers: Json = {}
const files = new Map<string, { schemas: Json; texts: Json }>()
for (const apiVersion of recorded)
  for (const [name, schema] of Object.entries(read(apiVersion)).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const isList = name.endsWith('List') && !name.endsWith('.APIResourceList')
    if (isList) continue
    const file = files.get(fileOf(name)) ?? { schemas: {}, texts: {} }
    files.set(fileOf(name), file)
    file.schemas[name] = withGoTypes(name, compact(schema))
    file.texts[name] = descriptions(schema)
    Object.assign(numbers, goNumbers(name, version))
  }

rmSync(folder, { recursive: true, force: true })
mkdirSync(join(folder, 'descriptions'), { recursive: true })
for (const [name, { schemas, texts }] of files) {
  write(join(folder, name), schemas)
  write(join(folder, 'descriptions', name), texts)
}
write(join(folder, 'protobuf.json'), numbers)

/** One definition a line, so that another version's changes show in a diff. */
function write(path: string, definitions: Json): void {
  const lines = Object.entries(definitions).map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`)
  writeFileSync(path, `{\n${lines.join(',\n')}\n}\n`)
}
