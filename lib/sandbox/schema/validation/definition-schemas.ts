/** Schemas that definitions have for their objects: structural, with defaults that they allow themselves. */
import type { Schema } from '../../kinds/kind.ts'
import { goSyntax } from '../go-value.ts'
import { isObject } from '../merge-patch.ts'
import { prune } from '../prune.ts'
import { asGo, each, invalid, type Problem, required } from './problems.ts'
import { checkStructure } from './structural.ts'

/** Defaults are looked at where all parts have their types. */
export function checkSchema(schema: Schema, path: string): Problem[] {
  const untyped = checkTypes(schema, path, 'must not be empty at the root')
  return [...(untyped.length > 0 ? untyped.sort(byText) : checkDefaults(schema, path)), ...checkRules(schema, path)]
}

function byText(a: Problem, b: Problem): number {
  return `${a.field}: ${a.message}` < `${b.field}: ${b.message}` ? -1 : 1
}

/** A structural schema says of every part of which type it is. @param untyped what is said of one that does not */
function checkTypes(schema: Schema, path: string, untyped: string): Problem[] {
  const isFree = schema['x-kubernetes-int-or-string'] || schema['x-kubernetes-preserve-unknown-fields']
  return [
    ...(schema.type || isFree ? [] : [required(`${path}.type`, untyped)]),
    ...[...fieldsIn(schema, path), ...valuesIn(schema, path)].flatMap((part) =>
      checkTypes(...part, 'must not be empty for specified object fields'),
    ),
    ...itemsIn(schema, path).flatMap((part) => checkTypes(...part, 'must not be empty for specified array items')),
  ]
}

/** What the values of maps are filled in with, nobody looks at. */
function checkDefaults(schema: Schema, path: string): Problem[] {
  return [
    ...(schema.default === undefined ? [] : checkDefault(schema.default, schema, `${path}.default`)),
    ...[...itemsIn(schema, path), ...fieldsIn(schema, path)].flatMap((part) => checkDefaults(...part)),
  ]
}

function checkDefault(value: unknown, schema: Schema, path: string): Problem[] {
  const shown = isObject(value) || Array.isArray(value) ? asGo(goSyntax(value)) : value
  return [
    ...(prune(value, schema).unknown.length > 0 ? [invalid(path, shown, 'must not have unknown fields')] : []),
    ...checkStructure(value, schema, path),
  ]
}

function checkRules(schema: Schema, path: string): Problem[] {
  return [
    ...[...valuesIn(schema, path), ...fieldsIn(schema, path), ...itemsIn(schema, path)].flatMap((part) =>
      checkRules(...part),
    ),
    ...each(schema['x-kubernetes-validations'], `${path}.x-kubernetes-validations`, ({ rule = '' }, at) =>
      rule.trim() === '' ? [required(`${at}.rule`, 'rule is not specified')] : [],
    ),
  ]
}

type Part = [schema: Schema, path: string]

function fieldsIn({ properties = {} }: Schema, path: string): Part[] {
  return Object.entries(properties).map(([name, property]) => [property, `${path}.properties[${name}]`])
}

function itemsIn({ items }: Schema, path: string): Part[] {
  return items ? [[items, `${path}.items`]] : []
}

function valuesIn({ additionalProperties }: Schema, path: string): Part[] {
  return typeof additionalProperties === 'object' ? [[additionalProperties, `${path}.additionalProperties`]] : []
}
