/** Custom resources against the schema of their definition, in the words of the server's OpenAPI validation. */
import { isIP, isIPv4, isIPv6 } from 'node:net'
import { isDeepStrictEqual } from 'node:util'
import { RE2JS } from 're2js'
import type { Schema } from '../../kinds/kind.ts'
import { goSyntax } from '../go-value.ts'
import { isObject } from '../merge-patch.ts'
import { propertySchema } from '../prune.ts'
import { isDnsSubdomain } from './formats.ts'
import {
  asGo,
  atMost,
  duplicate,
  invalid,
  notSupported,
  type Problem,
  required,
  tooLong,
  tooMany,
  typeInvalid,
} from './problems.ts'

type Check = (value: unknown, schema: Schema, path: string) => Problem[]

/** What is said of a value as a whole has no field. */
const WHOLE = '<nil>'

/**
 * @param value whose unknown fields and forbidden nulls are pruned
 * @param at where it is; texts name the fields within it all the same
 */
export function checkStructure(value: unknown, schema: Schema, at = ''): Problem[] {
  return checkPart(value, schema, '').map((problem) => ({ ...problem, field: placed(problem.field, at) }))
}

function placed(field: string, at: string): string {
  if (field === '' || field === WHOLE) return at || WHOLE
  return at === '' ? field : `${at}.${field}`
}

const checkPart: Check = (value, schema, path) =>
  [checkType, checkCombinations, checkText, checkNumber, checkItems, checkEnum, checkFields].flatMap((check) =>
    check(value, schema, path),
  )

const checkType: Check = (value, schema, path) => {
  const types = schema['x-kubernetes-int-or-string'] ? ['integer', 'string'] : schema.type ? [schema.type] : []
  const found = typeOf(value)
  if (types.length === 0 || types.some((type) => type === found || (type === 'number' && found === 'integer')))
    return []
  if (value === null && schema.nullable) return []
  return [typeInvalid(path, found, `${path} in body must be of type ${types.join(',')}: ${JSON.stringify(found)}`)]
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value
}

const checkCombinations: Check = (value, { anyOf, oneOf, allOf, not }, path) => {
  const results = (schemas: readonly Schema[] = []) => schemas.map((schema) => checkPart(value, schema, path))
  const [any, one, all] = [results(anyOf), results(oneOf), results(allOf)]
  const problems: Problem[] = []
  if (any.length > 0 && any.every((result) => result.length > 0))
    problems.push(combined(path, 'must validate at least one schema (anyOf)'), ...fewest(any))
  const valid = one.filter((result) => result.length === 0).length
  if (one.length > 0 && valid !== 1) {
    const found = valid === 0 ? 'Found none valid' : `Found ${valid} valid alternatives`
    problems.push(combined(path, `must validate one and only one schema (oneOf). ${found}`))
    if (valid === 0) problems.push(...fewest(one))
  }
  const failed = all.filter((result) => result.length > 0)
  problems.push(...failed.flat())
  if (failed.length > 0)
    problems.push(
      combined(path, `must validate all the schemas (allOf)${failed.length === all.length ? '. None validated' : ''}`),
    )
  if (not && checkPart(value, not, path).length === 0)
    problems.push(combined(path, 'must not validate the schema (not)'))
  return problems
}

function combined(path: string, text: string): Problem {
  return invalid(WHOLE, '', `${JSON.stringify(path)} ${text}`)
}

function fewest(results: readonly Problem[][]): Problem[] {
  return results.reduce((best, result) => (result.length < best.length ? result : best))
}

const checkText: Check = (value, schema, path) => {
  if (typeof value !== 'string') return []
  const { format = '' } = schema
  return [
    ...checkLetters(value, schema, path),
    ...(textFormats[format]?.(value) === false
      ? [typeInvalid(path, value, `${path} in body must be of type ${format}: ${JSON.stringify(value)}`)]
      : []),
  ]
}

/** Of length and pattern only the first that is wrong is told (kube-openapi's stringValidator). */
function checkLetters(value: string, { minLength, maxLength, pattern }: Schema, path: string): Problem[] {
  const length = [...value].length
  if (maxLength !== undefined && length > maxLength) return [tooLong(path, maxLength, 'length')]
  if (minLength !== undefined && length < minLength)
    return [invalid(path, value, `${path} in body should be at least ${minLength} chars long`)]
  if (pattern !== undefined && !expression(pattern).matcher(value).find())
    return [invalid(path, value, `${path} in body should match '${pattern}'`)]
  return []
}

/** Formats that texts must have; others are not looked at (go-openapi/strfmt). */
const textFormats: Readonly<Record<string, (text: string) => boolean>> = {
  byte: (text) => /^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.length % 4 === 0,
  cidr: (text) => isIP(text.split('/')[0] ?? '') > 0 && /\/\d{1,3}$/.test(text),
  date: (text) => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)),
  'date-time': (text) =>
    /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:?\d\d)$/.test(text) &&
    !Number.isNaN(Date.parse(text.toUpperCase().replace(' ', 'T'))),
  email: (text) => /^[^@\s]+@[^@\s]+$/.test(text),
  hostname: (text) => isDnsSubdomain(text.toLowerCase()).length === 0,
  ipv4: isIPv4,
  ipv6: isIPv6,
  mac: (text) => /^([0-9a-f]{2}[:-]){5}[0-9a-f]{2}$/i.test(text),
  uuid: (text) => /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i.test(text),
}

const expressions = new Map<string, RE2JS>()

function expression(pattern: string): RE2JS {
  let found = expressions.get(pattern)
  if (!found) {
    found = RE2JS.compile(pattern)
    expressions.set(pattern, found)
  }
  return found
}

const checkNumber: Check = (value, schema, path) => {
  if (typeof value !== 'number') return []
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema
  const should = (what: string) => [invalid(path, value, `${path} in body should be ${what}`)]
  if (maximum !== undefined && (exclusiveMaximum ? value >= maximum : value > maximum))
    return should(`less than ${exclusiveMaximum ? '' : 'or equal to '}${maximum}`)
  if (minimum !== undefined && (exclusiveMinimum ? value <= minimum : value < minimum))
    return should(`greater than ${exclusiveMinimum ? '' : 'or equal to '}${minimum}`)
  if (multipleOf !== undefined && value % multipleOf !== 0) return should(`a multiple of ${multipleOf}`)
  return []
}

const checkItems: Check = (value, schema, path) => {
  if (!Array.isArray(value)) return []
  const { items, minItems, maxItems, uniqueItems } = schema
  return [
    ...(items ? value.flatMap((item, index) => checkPart(item, items, `${path}[${index}]`)) : []),
    ...(minItems !== undefined && value.length < minItems
      ? [invalid(path, value.length, `${path} in body should have at least ${minItems} items`)]
      : []),
    ...(maxItems === undefined ? [] : atMost(value, path, maxItems)),
    ...(uniqueItems &&
    value.some((item, index) => value.slice(0, index).some((other) => isDeepStrictEqual(item, other)))
      ? [invalid(path, '', `${path} in body shouldn't contain duplicates`)]
      : []),
  ]
}

const checkEnum: Check = (value, { enum: values }, path) => {
  if (!values || values.some((allowed) => isDeepStrictEqual(allowed, value))) return []
  return [
    notSupported(
      path,
      value,
      values.map((allowed) => (typeof allowed === 'string' ? allowed : JSON.stringify(allowed))),
    ),
  ]
}

const checkFields: Check = (value, schema, path) => {
  if (!isObject(value)) return []
  const { required: names = [], minProperties, maxProperties } = schema
  const count = Object.keys(value).length
  return [
    ...Object.entries(value).flatMap(([name, field]) => {
      const property = propertySchema(schema, name)
      return property ? checkPart(field, property, join(path, name)) : []
    }),
    ...names.filter((name) => !Object.hasOwn(value, name)).map((name) => required(join(path, name))),
    ...(minProperties !== undefined && count < minProperties
      ? [invalid(path, count, `${path} in body should have at least ${minProperties} properties`)]
      : []),
    ...(maxProperties !== undefined && count > maxProperties ? [tooMany(path, count, maxProperties)] : []),
  ]
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`
}

/** Items of sets and of lists with keys are there once. */
export const checkLists: Check = (value, schema, path) => {
  if (Array.isArray(value)) {
    const { items = {} } = schema
    return [
      ...checkUnique(value, schema, path),
      ...value.flatMap((item, index) => checkLists(item, items, `${path}[${index}]`)),
    ]
  }
  if (!isObject(value)) return []
  return Object.entries(value).flatMap(([name, field]) =>
    checkLists(field, propertySchema(schema, name) ?? {}, join(path, name)),
  )
}

function checkUnique(list: readonly unknown[], schema: Schema, path: string): Problem[] {
  const { 'x-kubernetes-list-type': type, 'x-kubernetes-list-map-keys': keys = [] } = schema
  if (type !== 'set' && type !== 'map') return []
  const seen: unknown[] = []
  return list.flatMap((item, index) => {
    const key = type === 'set' ? item : keysOf(item, keys)
    const isRepeated = seen.some((other) => isDeepStrictEqual(other, key))
    seen.push(key)
    return isRepeated ? [duplicate(`${path}[${index}]`, isObject(key) ? asGo(goSyntax(key)) : key)] : []
  })
}

function keysOf(item: unknown, keys: readonly string[]): Record<string, unknown> {
  return isObject(item) ? Object.fromEntries(keys.filter((key) => key in item).map((key) => [key, item[key]])) : {}
}
