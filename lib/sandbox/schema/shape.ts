/** How the parts of an object are owned: a field, a map's or a list's items each by themselves, or a whole as one. */
import type { Schema } from '../kinds/kind.ts'
import { resolve } from './built-in.ts'
import { isObject } from './merge-patch.ts'

/** Thrown where the fields of an object cannot be told apart, in the server's words. */
export class Unowned extends Error {}

export type Shape = 'leaf' | 'map' | 'list' | 'set'

/**
 * How a value with this schema is owned: 'leaf' as a whole, 'map' by field, 'list' by its items' keys, 'set' by its
 * items themselves. Where the schema says nothing the value itself decides.
 */
export function shapeOf(schema: Schema, value: unknown): Shape {
  const type = schema.type ?? (isObject(value) ? 'object' : 'string')
  if (type === 'object') return schema['x-kubernetes-map-type'] === 'atomic' || isRaw(schema) ? 'leaf' : 'map'
  if (type !== 'array') return 'leaf'
  const listType = schema['x-kubernetes-list-type']
  if (listType === 'map' || listType === 'set') return listType === 'map' ? 'list' : 'set'
  if (listType !== undefined || !schema['x-kubernetes-patch-strategy']?.startsWith('merge')) return 'leaf'
  return schema['x-kubernetes-patch-merge-key'] === undefined ? 'set' : 'list'
}

/** An object of which a schema says nothing more. */
function isRaw({ type, properties, additionalProperties, ...rest }: Schema): boolean {
  return type !== undefined && !properties && !additionalProperties && !rest['x-kubernetes-preserve-unknown-fields']
}

/** What is below: of any content, its parts owned each by itself. */
const anything: Schema = {}

/** The schema of a map's field, resolved; undefined where the map has no such field. */
export function fieldSchema(schema: Schema, name: string): Schema | undefined {
  const { properties, additionalProperties } = schema
  if (isDeclared(schema, name)) return resolve(properties?.[name] as Schema)
  if (typeof additionalProperties === 'object') return resolve(additionalProperties)
  const isOpen = additionalProperties === true || schema['x-kubernetes-preserve-unknown-fields']
  return isOpen || !properties ? anything : undefined
}

export function isDeclared({ properties }: Schema, name: string): boolean {
  return properties !== undefined && Object.hasOwn(properties, name)
}

export function itemSchema({ items }: Schema): Schema {
  return items ? resolve(items) : anything
}

/**
 * The element of a path that stands for an item of a 'list' or 'set'.
 * @throws Unowned where the item has no such element
 */
export function itemElement(schema: Schema, item: unknown): string {
  if (shapeOf(schema, undefined) === 'set') {
    const wrong = isObject(item)
      ? "an element that's a map type"
      : item === null
        ? "an element that's an explicit null"
        : undefined
    if (wrong) throw new Unowned(`associative list without keys has ${wrong}`)
    if (Array.isArray(item)) throw new Unowned('not supported: associative list with lists as elements')
    return `v:${JSON.stringify(item)}`
  }
  if (item === null) throw new Unowned('associative list with keys may not have a null element')
  if (!isObject(item)) throw new Unowned('associative list with keys may not have non-map elements')
  const keys = [...(schema['x-kubernetes-list-map-keys'] ?? [schema['x-kubernetes-patch-merge-key'] as string])].sort()
  const entries = keys.map((name) => {
    const value = item[name] ?? keyDefault(schema, name)
    if (value === undefined)
      throw new Unowned(
        `associative list with keys has an element that omits key field "${name}" (and doesn't have default value)`,
      )
    return [name, value] as const
  })
  return `k:${JSON.stringify(Object.fromEntries(entries))}`
}

/** Where a built-in kind's item must have a key, Go's zero value is its default. */
function keyDefault(schema: Schema, name: string): unknown {
  const { properties, required } = itemSchema(schema)
  const property = properties?.[name]
  if (property?.default !== undefined) return property.default
  if (schema.items?.$ref === undefined || !required?.includes(name)) return undefined
  return property?.type === 'integer' ? 0 : ''
}
