/** JSON values in the ways in which Go prints them in the server's messages. */
import { isObject } from './merge-patch.ts'

/** What Go calls a decoded JSON value: `string`, `int64`, `float64`, `bool`, `slice`, `map`. */
export function goKind(value: unknown): string {
  if (Array.isArray(value)) return 'slice'
  if (value === null || value === undefined) return '<nil>'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64'
  if (typeof value === 'boolean') return 'bool'
  return isObject(value) ? 'map' : 'string'
}

/** As `%v` prints it: `map[a:1 b:[x y]]`. */
export function goValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goValue).join(' ')}]`
  if (value === null || value === undefined) return '<nil>'
  if (!isObject(value)) return String(value)
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `map[${entries.map(([key, field]) => `${key}:${goValue(field)}`).join(' ')}]`
}

/** As `%#v` prints it: `map[string]interface {}{"a":1, "b":[]interface {}{"x", "y"}}`. */
export function goSyntax(value: unknown): string {
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`
  if (value === null || value === undefined) return 'interface {}(nil)'
  if (!isObject(value)) return JSON.stringify(value)
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `map[string]interface {}{${entries.map(([key, field]) => `${JSON.stringify(key)}:${goSyntax(field)}`).join(', ')}}`
}
