/**
 * The rules that a definition has for its resources (x-kubernetes-validations), and what the server says of those that
 * do not hold (apiextensions-apiserver's schema/cel/validation.go).
 */
import type { Rule, Schema } from '../../kinds/kind.ts'
import { memo } from '../../memo.ts'
import { type CelInput, compiled } from '../cel.ts'
import { isObject } from '../merge-patch.ts'
import { propertySchema } from '../prune.ts'
import { duplicate, forbidden, invalid, type Problem, required } from './problems.ts'

/** Whether a schema has rules anywhere. Then CEL must have been loaded before an object is checked. */
export const hasRules: (schema: Schema) => boolean = memo(
  (schema) =>
    'x-kubernetes-validations' in schema ||
    [...Object.values(schema.properties ?? {}), schema.items, schema.additionalProperties].some(
      (part) => typeof part === 'object' && hasRules(part),
    ),
)

/** @param old what was there before; undefined where nothing was, or where nobody can tell what it was */
export function checkExpressions(value: unknown, old: unknown, schema: Schema, path: string): Problem[] {
  if (value === undefined || value === null || !hasRules(schema)) return []
  const own = (schema['x-kubernetes-validations'] ?? []).flatMap((rule) => checkRule(rule, value, old, schema, path))
  return [...own, ...parts(value, old, schema, path).flatMap((part) => checkExpressions(...part))]
}

type Part = Parameters<typeof checkExpressions>

function parts(value: unknown, old: unknown, schema: Schema, path: string): Part[] {
  if (Array.isArray(value)) {
    const { items } = schema
    return items
      ? value.map((item, index): Part => [item, itemBefore(item, old, schema), items, `${path}[${index}]`])
      : []
  }
  if (!isObject(value)) return []
  const isAtomic = schema['x-kubernetes-map-type'] === 'atomic'
  return Object.entries(value).flatMap(([name, field]): Part[] => {
    const property = propertySchema(schema, name)
    if (!property) return []
    const isNamed = Object.hasOwn(schema.properties ?? {}, name)
    const before = isObject(old) && !isAtomic ? old[name] : undefined
    return [[field, before, property, isNamed ? (path ? `${path}.${name}` : name) : `${path}[${name}]`]]
  })
}

/** Only items that have keys are known again. */
function itemBefore(item: unknown, old: unknown, schema: Schema): unknown {
  const { 'x-kubernetes-list-type': type, 'x-kubernetes-list-map-keys': keys = [] } = schema
  if (type !== 'map' || !Array.isArray(old) || !isObject(item)) return undefined
  return old.find((other) => keys.every((key) => other?.[key] === item[key]))
}

function checkRule(rule: Rule, value: unknown, old: unknown, schema: Schema, path: string): Problem[] {
  const comparesWithBefore = /\boldSelf\b/.test(rule.rule)
  if (comparesWithBefore && old === undefined) return []
  const variables = {
    self: asCel(value, schema, path === ''),
    ...(comparesWithBefore ? { oldSelf: asCel(old, schema, path === '') } : {}),
  }
  const outcome = compiled(rule.rule)(variables)
  const type = schema.type ?? ''
  const message = rule.message?.trim()
  if ('error' in outcome) {
    const { error } = outcome
    const words = message || rule.rule.trim()
    const detail =
      error === 'no such overload'
        ? `'${error}': call arguments did not match a supported operator, function or macro signature for rule: ${words}`
        : `${error} evaluating rule: ${words}`
    return [invalid(path || '<nil>', type, detail)]
  }
  if (outcome.value === true) return []
  const at = `${path}${rule.fieldPath ?? ''}` || '<nil>'
  const said = messageOf(rule, variables) || message || `failed rule: ${rule.rule.trim()}`
  return [problem(rule, at, type, said)]
}

function messageOf({ messageExpression }: Rule, variables: Record<string, CelInput>): string | undefined {
  const outcome = messageExpression ? compiled(messageExpression)(variables) : undefined
  const text = outcome && 'value' in outcome && typeof outcome.value === 'string' ? outcome.value.trim() : ''
  return text === '' || text.includes('\n') ? undefined : text
}

function problem({ reason }: Rule, field: string, type: string, detail: string): Problem {
  if (reason === 'FieldValueForbidden') return forbidden(field, detail)
  if (reason === 'FieldValueRequired') return required(field, detail)
  if (reason === 'FieldValueDuplicate') return duplicate(field, type)
  return invalid(field, type, detail)
}

/** A value as the rules see it: numbers by their schema, fields under names that are no words of the language. */
function asCel(value: unknown, schema: Schema, isRoot = false): CelInput {
  if (typeof value === 'number') return isWhole(value, schema) ? BigInt(value) : value
  if (Array.isArray(value)) return value.map((item) => asCel(item, schema.items ?? {}))
  if (!isObject(value)) return value as CelInput
  const fields = Object.entries(value).map(([name, field]): [string, CelInput] => {
    // Of metadata the rules see only what a name is made of.
    if (isRoot && name === 'metadata') return [name, namesOf(field)]
    const part = asCel(field, propertySchema(schema, name) ?? {})
    return [Object.hasOwn(schema.properties ?? {}, name) ? escaped(name) : name, part]
  })
  return Object.fromEntries(fields)
}

function isWhole(value: number, { type }: Schema): boolean {
  return type === 'integer' || (type !== 'number' && Number.isInteger(value))
}

function namesOf(metadata: unknown): Record<string, string> {
  const { name = '', generateName } = metadata as { name?: string; generateName?: string }
  return { name, ...(generateName ? { generateName } : {}) }
}

const reserved = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
)
const signs: Readonly<Record<string, string>> = {
  __: '__underscores__',
  '.': '__dot__',
  '-': '__dash__',
  '/': '__slash__',
}

/** `a-b` is `a__dash__b`, `in` is `__in__` (k8s.io/apiserver/pkg/cel/escaping.go). */
function escaped(name: string): string {
  return reserved.has(name) ? `__${name}__` : name.replace(/__|[./-]/g, (sign) => signs[sign] as string)
}
