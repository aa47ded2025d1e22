import type { Part } from './part.ts'

/** What stands at a path of fields, of which `*` is each of a list. */
export function valuesAt(part: Part, [field, ...rest]: readonly string[]): Part[] {
  if (part === undefined || part === null) return []
  if (field === undefined) return [part]
  if (field === '*') return Array.isArray(part) ? part.flatMap((one) => valuesAt(one, rest)) : []
  return valuesAt(part[field], rest)
}
