/**
 * Strategic merge patch: a merge patch that merges lists by a key that the schema names, and takes directives:
 * `$patch`, `$retainKeys`, `$setElementOrder/NAME`, `$deleteFromPrimitiveList/NAME`.
 */
import type { Schema } from '../kinds/kind.ts'
import { badRequest, StatusError } from '../status.ts'
import { resolve } from './built-in.ts'
import { goKind, goValue } from './go-value.ts'
import { isObject } from './merge-patch.ts'
import { propertySchema } from './prune.ts'

type Json = Record<string, unknown>

const directive = '$patch'
const retainKeys = '$retainKeys'
const orderPrefix = '$setElementOrder'
const deletePrefix = '$deleteFromPrimitiveList'

/**
 * @param schema of the target
 * @throws 500 where a directive is wrong or a list's item lacks its key, as the real server does
 */
export function strategicMergePatch(target: Json, patch: Json, schema: Schema): Json {
  return mergeObject(target, patch, resolve(schema))
}

function mergeObject(target: Json, patch: Json, schema: Schema): Json {
  if (Object.hasOwn(patch, directive)) {
    const { [directive]: kind, ...rest } = patch
    if (kind === 'replace') return rest
    if (kind === 'delete') return {}
    throw badDirective(kind, patch)
  }
  const result = retained(target, patch)
  const rest = { ...patch }
  delete rest[retainKeys]
  for (const [key, order] of Object.entries(patch)) {
    if (!key.startsWith(orderPrefix)) continue
    delete rest[key]
    mergeInOrder(result, rest, key, order, schema)
  }
  for (const [key, value] of Object.entries(rest)) {
    const isDeletion = key.startsWith(deletePrefix)
    const name = isDeletion ? listName(key, deletePrefix) : key
    if (isDeletion) result[name] = without(result[name], value)
    else mergeField(result, name, value, schema)
  }
  return result
}

function mergeField(result: Json, name: string, value: unknown, schema: Schema): void {
  const current = result[name]
  if (value === null) delete result[name]
  else if (isObject(current) && isObject(value)) {
    const property = propertySchema(schema, name) ?? {}
    result[name] = strategies(property).includes('replace') ? value : mergeObject(current, value, resolve(property))
  } else if (Array.isArray(current) && Array.isArray(value))
    result[name] = mergeList(current, value, propertySchema(schema, name) ?? {})
  else {
    const kept = withoutDirectives(value)
    if (kept === undefined) delete result[name]
    else result[name] = kept
  }
}

function mergeList(current: unknown[], patch: unknown[], property: Schema): unknown[] {
  if (!strategies(property).includes('merge')) return patch
  const merged = mergeItems(current, patch, property)
  return inOrder(merged.list, merged.patch, merged.current, property['x-kubernetes-patch-merge-key'])
}

/** The merged list in any order, and what decides on it: the patch's items and the current ones. */
function mergeItems(
  current: unknown[],
  patch: unknown[],
  property: Schema,
): { list: unknown[]; patch: unknown[]; current: unknown[] } {
  const key = property['x-kubernetes-patch-merge-key']
  if (key === undefined) return { list: [...new Set([...current, ...patch])], patch, current }
  const items = patch.map((item) => keyed(item, key, property))
  const isReplaced = items.some((item) => item[directive] === 'replace')
  const deleted = items.filter((item) => item[directive] === 'delete').map((item) => item[key])
  const plain = items.filter((item) => !Object.hasOwn(item, directive))
  const kept = isReplaced ? [] : current.filter((item) => !(isObject(item) && deleted.includes(item[key])))
  if (isReplaced) return { list: plain, patch: plain, current: [] }
  const list = [...kept]
  for (const item of plain) {
    const at = list.findIndex((old) => isObject(old) && old[key] === item[key])
    if (at < 0) list.push(item)
    else list[at] = mergeObject(list[at] as Json, item, resolve(property.items ?? {}))
  }
  return { list, patch: plain, current: kept }
}

/** An item of a list that merges by key; its directive, where it has one, is one that is known. */
function keyed(item: unknown, key: string, property: Schema): Json {
  if (!isObject(item)) throw wrongType('map[string]interface {}', item)
  const kind = item[directive]
  if (kind === 'replace') return item
  if (kind === 'merge') throw new StatusError(500, undefined, 'merging lists cannot yet be specified in the patch')
  if (kind !== undefined && kind !== 'delete') throw badDirective(kind, item)
  if (!Object.hasOwn(item, key) && property.items)
    throw new StatusError(500, undefined, `map: ${goValue(item)} does not contain declared merge key: ${key}`)
  return item
}

/** Merges a list whose order the patch tells by `$setElementOrder/NAME`; takes it out of the patch. */
function mergeInOrder(result: Json, rest: Json, directiveKey: string, order: unknown, schema: Schema): void {
  if (!Array.isArray(order)) throw wrongType('[]interface {}', order)
  const name = listName(directiveKey, orderPrefix)
  const property = propertySchema(schema, name) ?? {}
  const key = property['x-kubernetes-patch-merge-key']
  const current = (result[name] ?? []) as unknown[]
  const patch = rest[name]
  if (patch === null || (patch === undefined && result[name] === undefined)) return
  delete rest[name]
  const deletions = rest[`${deletePrefix}/${name}`]
  delete rest[`${deletePrefix}/${name}`]
  const left = deletions === undefined ? current : without(current, deletions)
  if (patch !== undefined) checkOrder(patch, order, key)
  const added = (patch ?? []) as unknown[]
  const list =
    result[name] === undefined
      ? (withoutDirectives(added) as unknown[])
      : mergeItems(left as unknown[], added, property).list
  result[name] = inOrder(list, order, key === undefined ? current : orderLeft(list, current), key)
}

/**
 * The order of the current items, as the real server still has it when it asks for it: it deletes in place, and the
 * first of the new items come into the places that are free then.
 */
function orderLeft(merged: readonly unknown[], current: readonly unknown[]): readonly unknown[] {
  return merged.slice(0, current.length)
}

/** @throws where the patch's own items stand in another order than it tells */
function checkOrder(patch: unknown, order: readonly unknown[], key: string | undefined): void {
  if (!Array.isArray(patch)) throw wrongType('[]interface {}', patch)
  const plain = patch.filter((item) => !(isObject(item) && Object.hasOwn(item, directive)))
  const places = plain.map((item) => indexOf(order, item, key))
  const isSorted = places.every((place, index) => place >= 0 && (index === 0 || place > (places[index - 1] as number)))
  if (order.length > 0 && !isSorted)
    throw new StatusError(
      500,
      undefined,
      `The order in patch list:\n${goValue(patch)}\n doesn't match ${orderPrefix} list:\n${goValue(order)}\n`,
    )
}

/** Items that the patch knows in its order, the others before the first of those they stood before. */
function inOrder(
  list: readonly unknown[],
  patchOrder: readonly unknown[],
  currentOrder: readonly unknown[],
  key: string | undefined,
): unknown[] {
  const place = (order: readonly unknown[]) => (item: unknown) => indexOf(order, item, key)
  const [inPatch, inCurrent] = [place(patchOrder), place(currentOrder)]
  const ours = list.filter((item) => inPatch(item) >= 0).sort((a, b) => inPatch(a) - inPatch(b))
  const others = list.filter((item) => inPatch(item) < 0).sort((a, b) => inCurrent(a) - inCurrent(b))
  const result: unknown[] = []
  while (ours.length > 0 && others.length > 0) {
    const [ourPlace, otherPlace] = [inCurrent(ours[0]), inCurrent(others[0])]
    const isOtherFirst = ourPlace >= 0 && otherPlace >= 0 && otherPlace < ourPlace
    result.push((isOtherFirst ? others : ours).shift())
  }
  return [...result, ...ours, ...others]
}

function indexOf(list: readonly unknown[], item: unknown, key: string | undefined): number {
  if (key === undefined) return list.indexOf(item)
  const value = isObject(item) ? item[key] : undefined
  return list.findIndex((other) => isObject(other) && other[key] === value)
}

/** What the patch retains of the target: all of it, or only the keys that `$retainKeys` lists. */
function retained(target: Json, patch: Json): Json {
  if (!Object.hasOwn(patch, retainKeys)) return { ...target }
  const keys = patch[retainKeys]
  const mayHave = (key: string) =>
    key === retainKeys || key.startsWith(orderPrefix) || key.startsWith(deletePrefix) || patch[key] === null
  if (!Array.isArray(keys) || !Object.keys(patch).every((key) => mayHave(key) || keys.includes(key)))
    throw badRequest('invalid patch format of retainKeys')
  return Object.fromEntries(Object.entries(target).filter(([key]) => keys.includes(key)))
}

function without(list: unknown, items: unknown): unknown {
  if (!Array.isArray(list)) return list
  if (!Array.isArray(items)) throw wrongType('[]interface {}', items)
  return list.filter((item) => !items.includes(item))
}

/** A value that is new in the target: directives and nulls mean nothing there. */
function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDirectives).filter((item) => item !== undefined)
  if (!isObject(value)) return value
  if (Object.hasOwn(value, directive)) return undefined
  const kept = Object.entries(value)
    .filter(([, field]) => field !== null)
    .map(([name, field]) => [name, withoutDirectives(field)] as const)
  return Object.fromEntries(kept.filter(([, field]) => field !== undefined))
}

function strategies(property: Schema): string[] {
  return property['x-kubernetes-patch-strategy']?.split(',') ?? []
}

function listName(key: string, prefix: string): string {
  if (key.startsWith(`${prefix}/`)) return key.slice(prefix.length + 1)
  const of = prefix === deletePrefix ? 'primitive list' : 'setElementOrder list'
  throw new StatusError(500, undefined, `invalid patch format of ${of}`)
}

function badDirective(kind: unknown, patch: Json): StatusError {
  return new StatusError(500, undefined, `unknown patch type: ${goValue(kind)} in map: ${goValue(patch)}`)
}

function wrongType(expected: string, found: unknown): StatusError {
  const kinds: Readonly<Record<string, string>> = { map: 'map[string]interface {}', slice: '[]interface {}' }
  const kind = goKind(found)
  return new StatusError(500, undefined, `expected a ${expected}, but received a ${kinds[kind] ?? kind}`)
}
