/** Puts an applied configuration into an object, and takes fields out of one, by the shapes of the schema. */
import type { Schema } from '../kinds/kind.ts'
import { type Fields, isEmpty } from './field-set.ts'
import { isObject } from './merge-patch.ts'
import { fieldSchema, itemElement, itemSchema, shapeOf } from './shape.ts'

/** The live value with the applied one merged in: what stands in both comes from the applied one. */
export function mergeApplied(live: unknown, applied: unknown, schema: Schema): unknown {
  if (applied === undefined) return live
  const shape = shapeOf(schema, applied)
  if (live === undefined || live === null || applied === null || shape === 'leaf') return applied
  if (shape === 'map') return isObject(live) && isObject(applied) ? mergeMaps(live, applied, schema) : applied
  return Array.isArray(live) && Array.isArray(applied) ? mergeLists(live, applied, schema) : applied
}

function mergeMaps(
  live: Record<string, unknown>,
  applied: Record<string, unknown>,
  schema: Schema,
): Record<string, unknown> {
  const merged = { ...live }
  for (const [name, value] of Object.entries(applied))
    merged[name] = mergeApplied(
      Object.hasOwn(live, name) ? live[name] : undefined,
      value,
      fieldSchema(schema, name) ?? {},
    )
  return merged
}

/** Applied items in their order; live ones that were not applied stay behind those they stood behind. */
function mergeLists(live: readonly unknown[], applied: readonly unknown[], schema: Schema): unknown[] {
  const element = (item: unknown) => itemElement(schema, item)
  const liveByElement = new Map(live.map((item) => [element(item), item]))
  const appliedElements = applied.map(element)
  const isApplied = new Set(appliedElements)
  const liveElements = live.map(element)
  const merged: unknown[] = []
  const shared = appliedElements.filter((name) => liveByElement.has(name))
  let at = 0
  const takeLive = (until: string | undefined) => {
    for (; at < live.length && liveElements[at] !== until; at++) {
      const name = liveElements[at] as string
      if (!isApplied.has(name)) merged.push(live[at])
      // Another shared item stands first: what is behind it waits until that one is placed.
      else if (until !== undefined && shared.includes(name)) break
    }
  }
  for (const [index, item] of applied.entries()) {
    const name = appliedElements[index] as string
    if (liveByElement.has(name)) {
      takeLive(name)
      if (liveElements[at] === name) at++
      shared.splice(shared.indexOf(name), 1)
    } else if (shared.length === 0) takeLive(undefined)
    merged.push(mergeApplied(liveByElement.get(name), item, itemSchema(schema)))
  }
  takeLive(undefined)
  return merged
}

/** The value without the fields and items of the set; undefined where nothing is left of it. */
export function removeFields(value: unknown, fields: Fields, schema: Schema): unknown {
  if (isEmpty(fields) || value === null) return value
  const shape = shapeOf(schema, value)
  if (shape === 'leaf') return value
  if (shape === 'map') {
    if (!isObject(value)) return value
    const kept = Object.entries(value).flatMap(([name, field]): [string, unknown][] => {
      const removed = fields.children.get(`f:${name}`)
      if (!removed) return [[name, field]]
      const left = removed.isMember ? undefined : removeFields(field, removed, fieldSchema(schema, name) ?? {})
      return left === undefined ? [] : [[name, left]]
    })
    return kept.length > 0 ? Object.fromEntries(kept) : undefined
  }
  if (!Array.isArray(value)) return value
  const kept = value.flatMap((item) => {
    const removed = fields.children.get(itemElement(schema, item))
    if (!removed) return [item]
    return removed.isMember ? [] : [removeFields(item, removed, itemSchema(schema))]
  })
  return kept.length > 0 ? kept : undefined
}
