/** What the server drops from a custom resource before it looks at it: unknown fields, and nulls nobody allows. */
import type { Schema } from '../kinds/kind.ts'
import { isObject } from './merge-patch.ts'

export interface Pruned {
  value: unknown
  /** Paths of dropped fields, sorted as the server names them. */
  unknown: string[]
}

/** @param schema of the whole object, see rootSchema */
export function prune(value: unknown, schema: Schema): Pruned {
  const unknown: string[] = []
  const pruned = pruneValue(value, schema, '', unknown)
  return { value: pruned, unknown: unknown.sort() }
}

function pruneValue(value: unknown, schema: Schema | undefined, path: string, unknown: string[]): unknown {
  if (Array.isArray(value))
    return value.map((item, index) => pruneValue(item, schema && itemSchema(schema), `${path}[${index}]`, unknown))
  if (!isObject(value)) return value
  const result: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(value)) {
    const at = path === '' ? name : `${path}.${name}`
    // Metadata has been read by its own schema.
    if (at === 'metadata') {
      result[name] = field
      continue
    }
    const property = schema && propertySchema(schema, name)
    if (!property) unknown.push(at)
    else if (field !== null || property.nullable || property.default !== undefined || isAnything(property))
      result[name] = pruneValue(field, property, at, unknown)
  }
  return result
}

const anything: Schema = { 'x-kubernetes-preserve-unknown-fields': true }

function isAnything(schema: Schema): boolean {
  return schema === anything
}

function itemSchema(schema: Schema): Schema | undefined {
  return schema.items ?? (schema['x-kubernetes-preserve-unknown-fields'] ? anything : undefined)
}

/** The schema of an object's field: a property, a map's value, or anything where unknown fields are kept. */
export function propertySchema(schema: Schema, name: string): Schema | undefined {
  const { properties, additionalProperties } = schema
  if (properties && Object.hasOwn(properties, name)) return properties[name]
  if (typeof additionalProperties === 'object') return additionalProperties
  if (additionalProperties === true || schema['x-kubernetes-preserve-unknown-fields']) return anything
  return undefined
}
