/** JSON as Go writes its maps: keys in their order. */
import { isObject } from './merge-patch.ts'

export function sortedJson(value: unknown): string {
  return JSON.stringify(sorted(value))
}

export function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isObject(value)) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, field]) => [key, sorted(field)]))
}
