/** What may be wrong with an object: the server's kinds of problems, in its words. */
import { isDeepStrictEqual } from 'node:util'
import type { Kind } from '../../kinds/kind.ts'
import { StatusError } from '../../status.ts'

/** One wrong field; `message` is what stands behind the field's path. */
export interface Problem {
  field: string
  reason: string
  message: string
}

// biome-ignore lint/suspicious/noExplicitAny: parts of objects are known by their schema
export type Part = any

/** Looks at a part of an object. @param path of the part, which the problems' paths begin with */
export type Check = (part: Part, path: string) => Problem[]

export function required(field: string, detail = ''): Problem {
  return { field, reason: 'FieldValueRequired', message: withDetail('Required value', detail) }
}

/** @param value a string, number or boolean; any other as Go prints it, see `asGo` */
export function invalid(field: string, value: unknown, detail: string): Problem {
  return { field, reason: 'FieldValueInvalid', message: withDetail(`Invalid value: ${shown(value)}`, detail) }
}

export function typeInvalid(field: string, value: unknown, detail: string): Problem {
  return { field, reason: 'FieldValueTypeInvalid', message: withDetail(`Invalid value: ${shown(value)}`, detail) }
}

/** @param supported in the order in which the server names them */
export function notSupported(field: string, value: unknown, supported: readonly string[]): Problem {
  const values = supported.map((name) => JSON.stringify(name)).join(', ')
  const message = `Unsupported value: ${shown(value)}: supported values: ${values}`
  return { field, reason: 'FieldValueNotSupported', message }
}

export function duplicate(field: string, value: unknown): Problem {
  return { field, reason: 'FieldValueDuplicate', message: `Duplicate value: ${shown(value)}` }
}

export function notFound(field: string, value: unknown): Problem {
  return { field, reason: 'FieldValueNotFound', message: `Not found: ${shown(value)}` }
}

export function forbidden(field: string, detail: string): Problem {
  return { field, reason: 'FieldValueForbidden', message: `Forbidden: ${detail}` }
}

/** @param most in characters or bytes, as `unit` says */
export function tooLong(field: string, most: number, unit: 'bytes' | 'length' = 'bytes'): Problem {
  const detail = unit === 'bytes' ? `must have at most ${most} bytes` : `may not be longer than ${most}`
  return { field, reason: 'FieldValueTooLong', message: `Too long: ${detail}` }
}

export function tooMany(field: string, found: number, most: number): Problem {
  return { field, reason: 'FieldValueTooMany', message: `Too many: ${found}: must have at most ${most} items` }
}

/** Of a list that may not be longer, or not be there. */
export function atMost(list: readonly unknown[] | undefined, path: string, most: number): Problem[] {
  return list && list.length > most ? [tooMany(path, list.length, most)] : []
}

function withDetail(text: string, detail: string): string {
  return detail === '' ? text : `${text}: ${detail}`
}

/** Text that Go prints of a value which JSON does not tell. */
export class GoText {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

export function asGo(text: string): GoText {
  return new GoText(text)
}

/** `[]string{"a", "b"}` */
export function goStrings(texts: readonly string[]): GoText {
  return asGo(`[]string{${texts.map((text) => JSON.stringify(text)).join(', ')}}`)
}

function shown(value: unknown): string {
  if (value instanceof GoText) return value.text
  if (value === null) return '"null"'
  return typeof value === 'string' || value === undefined ? JSON.stringify(value ?? '') : String(value)
}

/** The answer to an object that must not be stored. */
export function invalidError(
  kind: Pick<Kind, 'kind' | 'group'>,
  name: string,
  problems: readonly Problem[],
): StatusError {
  const texts = [...new Set(problems.map(({ field, message }) => `${field}: ${message}`))]
  const list = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`
  const qualified = kind.group === '' ? kind.kind : `${kind.kind}.${kind.group}`
  return new StatusError(422, 'Invalid', `${qualified} ${JSON.stringify(name)} is invalid: ${list}`, {
    ...(name === '' ? {} : { name }),
    ...(kind.group === '' ? {} : { group: kind.group }),
    kind: kind.kind,
    causes: problems.map(({ field, reason, message }) => ({ reason, message, field })),
  })
}

/** The same look at each item of a list, which may be absent. */
export function each(list: Part, path: string, check: Check): Problem[] {
  return ((list ?? []) as Part[]).flatMap((item, index) => check(item, `${path}[${index}]`))
}

/** The problem where a value is there and is none of those that are supported. */
export function oneOf(value: unknown, path: string, supported: readonly string[]): Problem[] {
  return value === undefined || supported.includes(value as string) ? [] : [notSupported(path, value, supported)]
}

/** The problem where a number is there and negative. */
export function nonNegative(value: number | undefined, path: string): Problem[] {
  return value !== undefined && value < 0 ? [invalid(path, value, 'must be greater than or equal to 0')] : []
}

export function inRange(value: number, path: string, least: number, most: number): Problem[] {
  return value < least || value > most ? [invalid(path, value, `must be between ${least} and ${most}, inclusive`)] : []
}

/** The problem where a field that never changes has changed. */
export function immutable(
  next: unknown,
  old: unknown,
  path: string,
  show: (value: unknown) => unknown = String,
): Problem[] {
  return isDeepStrictEqual(next, old) ? [] : [invalid(path, show(next), 'field is immutable')]
}

/** The second and every further item of a list with the same text. */
export function duplicates(texts: readonly (string | undefined)[], path: (index: number) => string): Problem[] {
  const seen = new Set<string>()
  return texts.flatMap((text, index) => {
    if (text === undefined) return []
    if (seen.has(text)) return [duplicate(path(index), text)]
    seen.add(text)
    return []
  })
}
