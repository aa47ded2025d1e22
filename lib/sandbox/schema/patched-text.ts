/**
 * A patched object as the server shows it when it cannot read it: where a patch went in, its library has made maps of
 * what was there, and writes them by name; the rest stays as it was.
 */
import { isObject } from './merge-patch.ts'

type Json = Readonly<Record<string, unknown>>

/** @param patch a merge patch, or the operations of a JSON patch */
export function patchedText(object: unknown, patch: unknown): string {
  return JSON.stringify(sortedAlong(object, Array.isArray(patch) ? trodden(patch) : patch))
}

function sortedAlong(value: unknown, way: unknown): unknown {
  if (!isObject(way)) return value
  if (Array.isArray(value)) return value.map((item, index) => sortedAlong(item, way[index]))
  if (!isObject(value)) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([name, part]) => [name, sortedAlong(part, way[name])]))
}

/** Through which parts the operations went: of `/a/b` through the whole and `a`. */
function trodden(operations: readonly unknown[]): Json {
  const root: Record<string, unknown> = {}
  for (const operation of operations) {
    const { path, from } = operation as { path?: unknown; from?: unknown }
    for (const pointer of [path, from]) if (typeof pointer === 'string') tread(root, pointer.split('/').slice(1, -1))
  }
  return root
}

function tread(root: Record<string, unknown>, names: readonly string[]): void {
  let part = root
  for (const coded of names) {
    const name = coded.replaceAll('~1', '/').replaceAll('~0', '~')
    part[name] ??= {}
    part = part[name] as Record<string, unknown>
  }
}
