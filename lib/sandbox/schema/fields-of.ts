/** From objects to the sets of fields they have, or in which they differ. */
import { isDeepStrictEqual } from 'node:util'
import type { Schema } from '../kinds/kind.ts'
import { type Fields, insert, noFields } from './field-set.ts'
import { isObject } from './merge-patch.ts'
import { fieldSchema, isDeclared, itemElement, itemSchema, shapeOf } from './shape.ts'

/** The fields that somebody who applies this value owns. */
export function fieldsOf(value: unknown, schema: Schema): Fields {
  const fields = noFields()
  addFields(fields, value, schema, [])
  return fields
}

function addFields(fields: Fields, value: unknown, schema: Schema, path: readonly string[]): void {
  const shape = shapeOf(schema, value)
  if (shape === 'leaf') insert(fields, path)
  else if (shape === 'map') {
    for (const [name, field] of Object.entries(isObject(value) ? value : {})) {
      const at = [...path, `f:${name}`]
      addFields(fields, field, fieldSchema(schema, name) ?? {}, at)
      const isNothing = field === null || (isObject(field) && Object.keys(field).length === 0)
      if (isNothing || !isDeclared(schema, name)) insert(fields, at)
    }
  } else
    for (const item of Array.isArray(value) ? value : []) {
      const at = [...path, itemElement(schema, item)]
      addFields(fields, item, itemSchema(schema), at)
      insert(fields, at)
    }
}

export interface Comparison {
  added: Fields
  modified: Fields
  removed: Fields
}

/** In which fields an object and its successor differ. */
export function compareFields(old: unknown, next: unknown, schema: Schema): Comparison {
  const comparison = { added: noFields(), modified: noFields(), removed: noFields() }
  compare(old, next, schema, [], comparison)
  return comparison
}

/** undefined is absent; null is there. */
function compare(old: unknown, next: unknown, schema: Schema, path: readonly string[], into: Comparison): void {
  if (old === next && old !== undefined) return
  const shape = commonShape(old, next, schema)
  if (shape === 'leaf' || (isNothing(old) && isNothing(next))) {
    if (old === undefined) insert(into.added, path)
    else if (next === undefined) insert(into.removed, path)
    else if (!isDeepStrictEqual(old, next)) insert(into.modified, path)
    return
  }
  if (shape === 'map') compareMaps(asMap(old), asMap(next), schema, path, into)
  else compareLists(asList(old), asList(next), schema, path, into)
  if (old === undefined) insert(into.added, path)
  else if (next === undefined) insert(into.removed, path)
}

/** What changed its shape, where the schema allows any, changed as a whole. */
function commonShape(old: unknown, next: unknown, schema: Schema) {
  const shape = shapeOf(schema, next ?? old)
  return old === undefined || old === null || shapeOf(schema, old) === shape ? shape : 'leaf'
}

function compareMaps(
  old: Record<string, unknown>,
  next: Record<string, unknown>,
  schema: Schema,
  path: readonly string[],
  into: Comparison,
): void {
  for (const name of new Set([...Object.keys(old), ...Object.keys(next)]))
    compare(field(old, name), field(next, name), fieldSchema(schema, name) ?? {}, [...path, `f:${name}`], into)
}

function compareLists(
  old: readonly unknown[],
  next: readonly unknown[],
  schema: Schema,
  path: readonly string[],
  into: Comparison,
): void {
  const [before, after] = [byElement(old, schema), byElement(next, schema)]
  for (const element of new Set([...before.keys(), ...after.keys()])) {
    const [was = [], is = []] = [before.get(element), after.get(element)]
    const at = [...path, element]
    if (was.length <= 1 && is.length <= 1) compare(was[0], is[0], itemSchema(schema), at, into)
    // Items of one key cannot be told apart: they count as one.
    else if (was.length === 0) insert(into.added, at)
    else if (is.length === 0) insert(into.removed, at)
    else if (!isDeepStrictEqual(was, is)) insert(into.modified, at)
  }
}

function byElement(list: readonly unknown[], schema: Schema): Map<string, unknown[]> {
  const result = new Map<string, unknown[]>()
  for (const item of list) {
    const element = itemElement(schema, item)
    result.set(element, [...(result.get(element) ?? []), item])
  }
  return result
}

function field(map: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(map, name) ? map[name] : undefined
}

function isNothing(value: unknown): boolean {
  if (value === undefined || value === null) return true
  return Array.isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0
}

function asMap(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {}
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}
