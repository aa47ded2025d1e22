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

/** Applied items in their order, and between them, where they stood, the live ones that were not applied. */
function mergeLists(live: readonly unknown[], applied: readonly unknown[], schema: Schema): unknown[] {
  const element = (item: unknown) => itemElement(schema, item)
  const [liveElements, appliedElements] = [live.map(element), applied.map(element)]
  const liveByElement = new Map(live.map((item, index) => [liveElements[index] as string, item]))
  const shared = appliedElements.filter((name) => liveByElement.has(name))
  const placed = new Set<string>()
  const merged: unknown[] = []
  const place = (index: number) => {
    const name = appliedElements[index] as string
    if (shared[0] === name) shared.shift()
    placed.add(name)
    merged.push(mergeApplied(liveByElement.get(name), applied[index], itemSchema(schema)))
  }
  let next = 0
  for (const [index, name] of liveElements.entries()) {
    if (!appliedElements.includes(name)) merged.push(live[index])
    // One that stands further on in the applied list comes there; before the next in turn come those applied before it.
    else if (!placed.has(name) && shared[0] === name) while (!placed.has(name)) place(next++)
  }
  while (next < applied.length) place(next++)
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
