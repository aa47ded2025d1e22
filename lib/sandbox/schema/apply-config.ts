/** Reads what somebody applies: a partial object that must fit the schema, in the server's words where it does not. */
import type { Kind, Schema } from '../kinds/kind.ts'
import { groupVersion } from '../objects.ts'
import { badRequest, StatusError } from '../status.ts'
import { rootSchema } from './built-in.ts'
import { elementText } from './field-set.ts'
import { goValue } from './go-value.ts'
import { isObject } from './merge-patch.ts'
import { fieldSchema, itemElement, itemSchema, shapeOf, Unowned } from './shape.ts'
import { jsonType } from './typed.ts'
import { parseYaml } from './yaml.ts'

export type Config = Record<string, unknown> & { metadata?: Record<string, unknown> }

/**
 * @param version that the object must be of
 * @throws BadRequest for no YAML or another kind, 500 for what does not fit the schema, as the real server does
 */
export function readConfig(kind: Kind, version: string, body: string): Config {
  const value = parse(body)
  checkKind(kind, version, value)
  if (value.metadata?.managedFields) throw badRequest('metadata.managedFields must be nil')
  const errors = checkValue(value, rootSchema(kind, version), '')
  if (errors.length === 0) return value
  const { namespace = '', name = '' } = value.metadata ?? {}
  const text = errors.length === 1 ? errors[0] : `errors:\n${errors.map((error) => `  ${error}\n`).join('')}`
  throw new StatusError(
    500,
    undefined,
    `failed to create typed patch object (${namespace}/${name}; ${groupVersionKind(value)}): ${text}`,
  )
}

function parse(body: string): Config {
  try {
    const { value } = parseYaml(body)
    if (value === null) return {}
    if (isObject(value)) return value as Config
    throw badRequest(
      `error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${jsonType(value)} into Go value of type map[string]interface {}`,
    )
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw badRequest(`error decoding YAML: error converting YAML to JSON: ${error.message}`)
  }
}

function checkKind(kind: Kind, version: string, value: Config): void {
  const expected = kind.group === '' ? version : `${kind.group}/${version}`
  if (value.apiVersion === expected && value.kind === kind.kind) return
  throw badRequest(`invalid object type: ${groupVersionKind(value)}`)
}

/** `apps/v1, Kind=Deployment`; of the core group `/v1, Kind=Pod`. */
function groupVersionKind({ apiVersion, kind = '' }: Config): string {
  const [group, version] = groupVersion(typeof apiVersion === 'string' ? apiVersion : '')
  // The core group is shown by nothing before its slash, but for its objects alone.
  return `${group === '' && kind !== '' && version !== '' ? '' : group}/${version}, Kind=${kind}`
}

function checkValue(value: unknown, schema: Schema, path: string): string[] {
  if (value === null) return []
  const type = schema.type ?? (isObject(value) ? 'object' : Array.isArray(value) ? 'array' : undefined)
  if (type === 'object')
    return isObject(value) ? checkMap(value, schema, path) : [`${path}: expected map, got ${pointer(value)}`]
  if (type === 'array')
    return Array.isArray(value) ? checkList(value, schema, path) : [`${path}: expected list, got ${pointer(value)}`]
  const wrong = type === undefined || schema.format === 'date-time' ? undefined : wrongScalar(value, type)
  return wrong === undefined ? [] : [`${path}: ${wrong}`]
}

function checkMap(value: Record<string, unknown>, schema: Schema, path: string): string[] {
  return Object.entries(value).flatMap(([name, field]) => {
    const property = fieldSchema(schema, name)
    return property ? checkValue(field, property, `${path}.${name}`) : [`${path}.${name}: field not declared in schema`]
  })
}

function checkList(value: readonly unknown[], schema: Schema, path: string): string[] {
  const isKeyed = shapeOf(schema, value) !== 'leaf'
  const seen = new Set<string>()
  const errors: string[] = []
  for (const [index, item] of value.entries()) {
    let element = `i:${index}`
    try {
      if (isKeyed) element = itemElement(schema, item)
    } catch (error) {
      if (!(error instanceof Unowned)) throw error
      return [...errors, `${path}: element ${index}: ${error.message}`]
    }
    if (seen.has(element)) errors.push(`${path}: duplicate entries for key ${elementText(element)}`)
    seen.add(element)
    errors.push(...checkValue(item, itemSchema(schema), `${path}${elementText(element)}`))
  }
  return errors
}

function wrongScalar(value: unknown, type: string): string | undefined {
  if (type === 'integer' || type === 'number')
    return typeof value === 'number' ? undefined : `expected numeric (int or float), got ${goTypeOf(value)}`
  if (type === 'boolean') return typeof value === 'boolean' ? undefined : `expected boolean, got ${pointer(value)}`
  return typeof value === 'string'
    ? undefined
    : `expected string, got &value.valueUnstructured{Value:${goValue(value)}}`
}

function goTypeOf(value: unknown): string {
  if (isObject(value)) return 'map[string]interface {}'
  if (Array.isArray(value)) return '[]interface {}'
  return typeof value === 'boolean' ? 'bool' : 'string'
}

/** As Go prints a pointer to a struct that holds nothing else. */
function pointer(value: unknown): string {
  return `&{${goValue(value)}}`
}
