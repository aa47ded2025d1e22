/**
 * Reads a value as Go reads JSON into the struct of a built-in kind: what is of another type is an error, what the
 * struct does not know is dropped, what it holds by value is never absent, and empty values are not kept.
 */
import type { Schema } from '../kinds/kind.ts'
import { resolve } from './built-in.ts'
import { goType } from './go-type.ts'
import { goKind } from './go-value.ts'
import { isObject } from './merge-patch.ts'
import { canonicalQuantity, resourceQuantity, whyNoQuantity } from './quantity.ts'

export interface Typed {
  value: unknown
  /** Paths of fields that the schema does not know, in the order of the text. */
  unknown: string[]
}

interface Place {
  /** With indexes: `spec.containers[0].image` */
  path: string
  /** Go's name of the struct and the fields on the way to it: `Container` and `spec.containers.image`. */
  struct: string
  fields: string
  unknown: string[]
}

/** Thrown where a value has the wrong type: Go's own message. */
export class TypeMismatch extends Error {
  /** What Go says of it where the value was JSON no longer. */
  readonly restored: string

  constructor(message: string, restored = message) {
    super(message)
    this.restored = restored
  }
}

const time = 'io.k8s.apimachinery.pkg.apis.meta.v1.Time'
const quantity = 'io.k8s.apimachinery.pkg.api.resource.Quantity'

/** Fields in which Go holds a time itself, no pointer to it: they are null where nothing is known. */
const timesByValue = new Set([
  'creationTimestamp',
  'eventTime',
  'firstTimestamp',
  'lastHeartbeatTime',
  'lastProbeTime',
  'lastTimestamp',
  'lastTransitionTime',
  'lastUpdateTime',
])

/** What a field holds that is never left out. */
const zeros: Readonly<Record<string, unknown>> = { string: '', integer: 0, number: 0, boolean: false }

/** Definitions that Go reads by code of their own. */
const readers: Readonly<Record<string, (value: unknown, place: Place) => unknown>> = {
  [quantity]: readQuantity,
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': (value, place) => {
    if (typeof value === 'string' || isInt(value, 'int32')) return value
    throw mismatch(value, 'int32', place)
  },
  [time]: readTime,
  'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime': readTime,
}

/**
 * @param schema of a struct, its `$ref` resolved or not
 * @param struct Go's name of it, which errors begin with
 * @throws TypeMismatch
 */
export function readTyped(value: unknown, schema: Schema, struct: string, path = ''): Typed {
  const unknown: string[] = []
  return { value: read(value, schema, { path, struct, fields: '', unknown }), unknown }
}

function read(value: unknown, schema: Schema, place: Place): unknown {
  if (schema.$ref !== undefined) {
    const reader = readers[schema.$ref]
    if (reader) return value === null ? null : reader(value, place)
    const definition = resolve(schema)
    const struct = schema.$ref.slice(schema.$ref.lastIndexOf('.') + 1)
    if (definition.properties) {
      if (value !== null && !isObject(value)) throw mismatch(value, goType(schema), place)
      return readStruct(value, definition, { ...place, struct })
    }
    return definition.type === undefined || definition.type === 'object' ? value : read(value, definition, place)
  }
  if (schema.properties) {
    if (value !== null && value !== undefined && !isObject(value)) throw mismatch(value, place.struct, place)
    return readStruct(value, schema, place)
  }
  if (schema.type === undefined) return value
  return readPlain(value, schema, place)
}

function readStruct(value: unknown, schema: Schema, place: Place): Record<string, unknown> {
  const given = isObject(value) ? value : {}
  const { properties = {}, required = [] } = schema
  const result: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(given)) {
    const path = join(place.path, name)
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined
    if (!property) place.unknown.push(path)
    else {
      const fields = join(place.fields, name)
      const content = field === null ? undefined : read(field, property, { ...place, path, fields })
      if (content !== undefined && (required.includes(name) || !isOmitted(content, property))) result[name] = content
    }
  }
  for (const [name, property] of Object.entries(properties)) {
    if (Object.hasOwn(result, name)) continue
    if (required.includes(name) && zeros[property.type ?? ''] !== undefined) result[name] = zeros[property.type ?? '']
    else if (isStructByValue(property) && resolve(property).properties)
      result[name] = read(null, property, { ...place, path: join(place.path, name) })
    // The object's own time of creation is set when it is stored.
    else if (timesByValue.has(name) && place.path !== 'metadata') result[name] = null
  }
  return result
}

function isStructByValue(property: Schema): boolean {
  return property.$ref !== undefined && isObject(property.default)
}

/** What Go's omitempty leaves out; a struct or what a pointer points to is kept, and what has a default of its own. */
function isOmitted(value: unknown, property: Schema): boolean {
  if (property.$ref !== undefined || property['x-go-pointer']) return false
  if (property.default !== undefined) return false
  if (Array.isArray(value)) return value.length === 0
  if (isObject(value)) return Object.keys(value).length === 0
  return value === '' || value === 0 || value === false
}

function readPlain(value: unknown, schema: Schema, place: Place): unknown {
  const type = schema.type as NonNullable<Schema['type']>
  const { items, additionalProperties } = schema
  switch (type) {
    case 'array':
      if (value === null) return []
      if (!Array.isArray(value)) throw mismatch(value, goType(schema), place)
      return value.map((item, index) => read(item, items ?? {}, { ...place, path: `${place.path}[${index}]` }))
    case 'object': {
      if (value === null) return {}
      if (!isObject(value)) throw mismatch(value, goType(schema), place)
      if (typeof additionalProperties !== 'object') return value
      const isQuantity = additionalProperties.$ref === quantity
      const entries = Object.entries(value).map(([key, content]) => {
        const part = read(content, additionalProperties, { ...place, path: join(place.path, key) })
        return [key, isQuantity ? resourceQuantity(part as string) : part] as const
      })
      return Object.fromEntries(entries)
    }
    default:
      if (value === null) return zeros[type]
      if (!isScalarOf(value, type, schema.format)) throw mismatch(value, goType(schema), place)
      if (schema.format === 'byte') checkBase64(value as string)
      return value
  }
}

function isScalarOf(value: unknown, type: string, format: string | undefined): boolean {
  if (type === 'integer') return isInt(value, format ?? 'int64')
  return typeof value === type
}

function isInt(value: unknown, format: string): boolean {
  return Number.isInteger(value) && (format !== 'int32' || (value as number) === ((value as number) | 0))
}

/** @throws TypeMismatch */
function readQuantity(value: unknown): string {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  const why = whyNoQuantity(text)
  if (why) throw new TypeMismatch(why)
  return canonicalQuantity(text) as string
}

function readTime(value: unknown, place: Place): string {
  if (typeof value !== 'string') throw mismatch(value, 'string', place)
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(value)
  if (isTime && !Number.isNaN(Date.parse(value))) return value
  throw new TypeMismatch(`parsing time "${value}" as "2006-01-02T15:04:05Z07:00": cannot parse "${value}" as "2006"`)
}

/** @throws TypeMismatch in the words of Go's encoding/base64 */
function checkBase64(text: string): void {
  const good = /^[A-Za-z0-9+/]*={0,2}/.exec(text) as RegExpExecArray
  const at = good[0].length
  if (at < text.length) throw wrongBase64(at)
  if (text.length % 4 !== 0) throw wrongBase64(text.length - (text.length % 4))
}

function wrongBase64(at: number): TypeMismatch {
  const why = `illegal base64 data at input byte ${at}`
  return new TypeMismatch(why, `error decoding from json: ${why}`)
}

function mismatch(value: unknown, type: string, { struct, fields }: Place): TypeMismatch {
  const found = typeof value === 'number' && /^(u?int|float)/.test(type) ? `number ${value}` : jsonType(value)
  const where = fields === '' ? 'Go value' : `Go struct field ${struct}.${fields}`
  return new TypeMismatch(`json: cannot unmarshal ${found} into ${where} of type ${type}`, restoreError(value, type))
}

function restoreError(value: unknown, type: string): string {
  if (typeof value === 'number' && /^u?int\d+$/.test(type)) return `cannot convert float64 to ${type}`
  // In Go an integer can be made a string, so it says this of what it does not want to make one.
  if (Number.isInteger(value) && type === 'string') return 'cannot convert int64 to string'
  if (type.startsWith('[]')) return `cannot restore slice from ${goKind(value)}`
  if (type.startsWith('map[')) return `cannot restore map from ${goKind(value)}`
  if (/^(u?int\d+|float64|bool|string)$/.test(type)) return `unrecognized type: ${type}`
  return isObject(value) ? 'unrecognized type: string' : `cannot restore struct from: ${goKind(value)}`
}

/** What Go's errors call a JSON value. */
export function jsonType(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  if (value === null) return 'null'
  return typeof value === 'boolean' ? 'bool' : typeof value
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`
}
