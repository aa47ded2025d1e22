/** Custom resources. */
import { readPath } from '../../kinds/json-path.ts'
import type { Kind } from '../../kinds/kind.ts'
import type { KubeObject } from '../../objects.ts'
import { rootSchema } from '../built-in.ts'
import { goKind, goValue } from '../go-value.ts'
import { checkExpressions, hasRules } from './expressions.ts'
import { checkMetadata, usualName } from './metadata.ts'
import { invalid, type Problem } from './problems.ts'
import { checkStructure } from './structural.ts'

export function checkCustomResource(kind: Kind, version: string, object: KubeObject, old?: KubeObject): Problem[] {
  const apiVersion = `${kind.group}/${version}`
  const wrong = [
    ...(object.kind === kind.kind ? [] : [invalid('kind', object.kind, `must be ${kind.kind}`)]),
    ...(object.apiVersion === apiVersion ? [] : [invalid('apiVersion', object.apiVersion, `must be ${apiVersion}`)]),
  ]
  if (wrong.length > 0) return wrong
  const schema = rootSchema(kind, version)
  const problems = [
    ...checkMetadata(object.metadata, usualName, kind.namespaced),
    ...checkStructure(object, schema, ''),
    ...checkScale(kind, version, object),
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

/** How many replicas there are and should be are numbers. */
function checkScale(kind: Kind, version: string, object: KubeObject): Problem[] {
  const paths = kind.scale?.(version)
  if (!paths) return []
  return [paths.spec, paths.status].flatMap((path) => {
    const value = readPath(object, path)
    if (value === undefined) return []
    if (Number.isInteger(value))
      return (value as number) < 0 ? [invalid(path, value, 'should be a non-negative integer')] : []
    return [
      invalid(path, 0, `${path} accessor error: ${goValue(value)} is of the type ${goKind(value)}, expected int64`),
    ]
  })
}
