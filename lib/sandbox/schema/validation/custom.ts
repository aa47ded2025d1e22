/** Custom resources. */
import type { Kind, Schema } from '../../kinds/kind.ts'
import type { KubeObject } from '../../objects.ts'
import { rootSchema } from '../built-in.ts'
import { goKind, goValue } from '../go-value.ts'
import { isObject } from '../merge-patch.ts'
import { checkExpressions, hasRules } from './expressions.ts'
import { checkExtensionMetadata } from './extension-metadata.ts'
import { usualName } from './metadata.ts'
import { invalid, type Problem } from './problems.ts'
import { checkLists, checkStructure } from './structural.ts'

/** @param subresource by way of which it is written */
export function checkCustomResource(
  kind: Kind,
  version: string,
  object: KubeObject,
  old?: KubeObject,
  subresource?: string,
): Problem[] {
  const apiVersion = `${kind.group}/${version}`
  const wrong = [
    ...(object.kind === kind.kind ? [] : [invalid('kind', object.kind, `must be ${kind.kind}`)]),
    ...(object.apiVersion === apiVersion ? [] : [invalid('apiVersion', object.apiVersion, `must be ${apiVersion}`)]),
  ]
  if (wrong.length > 0) return wrong
  const schema = rootSchema(kind, version)
  const problems = [
    ...checkExtensionMetadata(object.metadata, usualName, kind.namespaced),
    ...(subresource === 'status' ? checkStatus(object, schema) : checkStructure(object, schema)),
    ...checkScale(kind, version, object, subresource),
    // What was there twice before may stay so.
    ...(old && checkLists(old, schema, '').length > 0 ? [] : checkLists(object, schema, '')),
  ]
  if (!hasRules(schema)) return problems
  return problems.some(({ reason }) => blocking.includes(reason))
    ? [...problems, unchecked]
    : [...problems, ...checkExpressions(object, old, schema, '')]
}

/** After these the definition's own rules are not looked at. */
const blocking = [
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
]
const unchecked = invalid(
  '<nil>',
  'null',
  'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
)

/** What is written by way of the status is looked at by itself. */
function checkStatus({ status }: KubeObject, { properties }: Schema): Problem[] {
  return status === undefined || !properties?.status ? [] : checkStructure(status, properties.status)
}

/** How many replicas there are and should be are numbers, what selects them is a text. */
function checkScale(kind: Kind, version: string, object: KubeObject, subresource: string | undefined): Problem[] {
  const paths = kind.scale?.(version)
  if (!paths) return []
  return [
    ...(subresource === 'status' ? [] : checkReplicas(object, paths.spec)),
    ...checkReplicas(object, paths.status),
    ...(paths.selector ? checkSelector(object, paths.selector) : []),
  ]
}

const MOST_REPLICAS = 2 ** 31 - 1

function checkReplicas(object: KubeObject, path: string): Problem[] {
  const { value = 0, wrong } = readField(object, path)
  if (wrong) return [invalid(path, 0, wrong)]
  if (!Number.isInteger(value)) return [invalid(path, 0, accessorError(path, value, 'int64'))]
  if ((value as number) < 0) return [invalid(path, value, 'should be a non-negative integer')]
  return (value as number) > MOST_REPLICAS
    ? [invalid(path, value, `should be less than or equal to ${MOST_REPLICAS}`)]
    : []
}

function checkSelector(object: KubeObject, path: string): Problem[] {
  const { value = '', wrong } = readField(object, path)
  if (wrong) return [invalid(path, '', wrong)]
  return typeof value === 'string' ? [] : [invalid(path, '', accessorError(path, value, 'string'))]
}

/** The field at a path, or what the server says where there can be none. */
function readField(object: KubeObject, path: string): { value?: unknown; wrong?: string } {
  let value: unknown = object
  let way = ''
  for (const name of path.split('.').filter(Boolean)) {
    way += `.${name}`
    if (value === undefined || value === null) return {}
    if (!isObject(value)) return { wrong: accessorError(way, value, 'map[string]interface{}') }
    value = value[name]
  }
  return { value }
}

const goTypes: Readonly<Record<string, string>> = { map: 'map[string]interface {}', slice: '[]interface {}' }

/** In the words of apimachinery's unstructured helpers. */
function accessorError(path: string, value: unknown, expected: string): string {
  const kind = goKind(value)
  return `${path} accessor error: ${goValue(value)} is of the type ${goTypes[kind] ?? kind}, expected ${expected}`
}
