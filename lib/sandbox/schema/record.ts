/**
 * Records the schemas of the built-in kinds from a running cluster into data/ and their descriptions into
 * data/descriptions/, one file a Go package: `npm run record:schemas` (the current kubectl context is read, never
 * changed).
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileOf, recorded } from './data.ts'

type Json = Record<string, unknown>

const folder = join(import.meta.dirname, 'data')

function read(apiVersion: string): Record<string, Json> {
  const path = apiVersion === 'v1' ? '/openapi/v3/api/v1' : `/openapi/v3/apis/${apiVersion}`
  const text = execFileSync('kubectl', ['get', '--raw', path], {
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  })
  return (JSON.parse(text) as { components: { schemas: Record<string, Json> } }).components.schemas
}

/** Without descriptions and empty defaults; `allOf` with the one `$ref` that stands in it becomes that `$ref`. */
function compact(schema: Json): Json {
  const result: Json = {}
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'description' || key === 'x-kubernetes-unions') continue
    if (key === 'default' && (value === '' || value === 0 || isEmptyObject(value))) continue
    if (key === 'allOf') Object.assign(result, compact((value as Json[])[0] as Json))
    else if (key === '$ref') result.$ref = (value as string).replace('#/components/schemas/', '')
    else if (key === 'properties') result.properties = mapValues(value as Record<string, Json>, compact)
    else if (key === 'items' || (key === 'additionalProperties' && typeof value === 'object'))
      result[key] = compact(value as Json)
    else if (key === 'x-kubernetes-group-version-kind') {
      if ((value as Json[]).length === 1) result[key] = value
    } else result[key] = value
  }
  return result
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

const files = new Map<string, { schemas: Json; texts: Json }>()
for (const apiVersion of recorded)
  for (const [name, schema] of Object.entries(read(apiVersion)).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const isList = name.endsWith('List') && !name.endsWith('.APIResourceList')
    if (isList) continue
    const file = files.get(fileOf(name)) ?? { schemas: {}, texts: {} }
    files.set(fileOf(name), file)
    file.schemas[name] = compact(schema)
    file.texts[name] = descriptions(schema)
  }

rmSync(folder, { recursive: true, force: true })
mkdirSync(join(folder, 'descriptions'), { recursive: true })
for (const [name, { schemas, texts }] of files) {
  write(join(folder, name), schemas)
  write(join(folder, 'descriptions', name), texts)
}

/** One definition a line, so that another version's changes show in a diff. */
function write(path: string, definitions: Json): void {
  const lines = Object.entries(definitions).map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`)
  writeFileSync(path, `{\n${lines.join(',\n')}\n}\n`)
}
