/** Definitions of custom resources. */
import type { Schema } from '../../kinds/kind.ts'
import type { KubeObject } from '../../objects.ts'
import { isDns1035Label, isDnsSubdomain } from './formats.ts'
import {
  asGo,
  type Check,
  duplicates,
  each,
  immutable,
  invalid,
  notSupported,
  type Part,
  type Problem,
  required,
} from './problems.ts'

const columnTypes = ['boolean', 'date', 'integer', 'number', 'string']

export function checkDefinition({ metadata, spec = {} }: KubeObject): Problem[] {
  const { group = '', scope, names = {}, versions = [] } = spec
  const isNamed = metadata.name === `${names.plural}.${group}`
  return [
    ...(isNamed ? [] : [invalid('metadata.name', metadata.name, 'must be spec.names.plural+"."+spec.group')]),
    ...checkGroup(group, 'spec.group'),
    ...(['Cluster', 'Namespaced'].includes(scope)
      ? []
      : [scope ? notSupported('spec.scope', scope, ['Cluster', 'Namespaced']) : required('spec.scope')]),
    ...each(versions, 'spec.versions', checkVersion),
    ...(duplicates(
      versions.map(({ name }: Part) => name),
      String,
    ).length > 0
      ? [invalid('spec.versions', goVersions, 'must contain unique version names')]
      : []),
    ...(versions.filter(({ storage }: Part) => storage).length === 1
      ? []
      : [invalid('spec.versions', goVersions, 'must have exactly one version marked as storage version')]),
    ...['plural', 'singular', 'kind', 'listKind']
      .filter((name) => !names[name])
      .map((name) => required(`spec.names.${name}`)),
    ...checkNames(names, 'spec.names'),
  ]
}

/** Go prints all of every version here. */
const goVersions = asGo('[]apiextensions.CustomResourceDefinitionVersion{...}')

function checkGroup(group: string, path: string): Problem[] {
  if (group === '') return [required(path)]
  const wrong = isDnsSubdomain(group)
  if (wrong.length > 0) return [invalid(path, group, wrong.join(','))]
  return group.includes('.') ? [] : [invalid(path, group, 'should be a domain with at least one dot')]
}

function checkNames(names: Part, path: string): Problem[] {
  const label = (name: string, text: string | undefined) => {
    const wrong = text ? isDns1035Label(text) : []
    return wrong.length > 0 ? [invalid(`${path}.${name}`, text, wrong.join(','))] : []
  }
  const mixed = (name: string) => {
    const wrong = names[name] ? isDns1035Label(names[name].toLowerCase()) : []
    const text = `may have mixed case, but should otherwise match: ${wrong.join(',')}`
    return wrong.length > 0 ? [invalid(`${path}.${name}`, names[name], text)] : []
  }
  return [
    ...label('plural', names.plural),
    ...label('singular', names.singular),
    ...mixed('kind'),
    ...mixed('listKind'),
    ...((names.shortNames ?? []) as string[]).flatMap((name, index) => label(`shortNames[${index}]`, name)),
    ...(names.kind && names.kind === names.listKind
      ? [invalid(`${path}.listKind`, names.listKind, 'kind and listKind may not be the same')]
      : []),
    ...((names.categories ?? []) as string[]).flatMap((name, index) => label(`categories[${index}]`, name)),
  ]
}

const checkVersion: Check = ({ name = '', schema, additionalPrinterColumns }, path) => {
  const wrong = isDns1035Label(name)
  const at = `${path}.schema.openAPIV3Schema`
  return [
    ...(schema?.openAPIV3Schema ? [] : [required(at, 'schemas are required')]),
    ...(wrong.length > 0 ? [invalid(`${path}.name`, name, wrong.join(','))] : []),
    ...(schema?.openAPIV3Schema ? checkSchema(schema.openAPIV3Schema, at, 'must not be empty at the root') : []),
    ...each(additionalPrinterColumns, `${path}.additionalPrinterColumns`, checkColumn),
  ]
}

const checkColumn: Check = ({ name, type, jsonPath }, path) => {
  const types = `must be one of ${columnTypes.join(',')}`
  return [
    ...(name ? [] : [required(`${path}.name`)]),
    ...(type
      ? columnTypes.includes(type)
        ? []
        : [invalid(`${path}.type`, type, types)]
      : [required(`${path}.type`, types)]),
    ...(jsonPath ? [] : [required(`${path}.JSONPath`)]),
  ]
}

/** A structural schema says of every part of which type it is. @param untyped what is said of one that does not */
function checkSchema(schema: Schema, path: string, untyped: string): Problem[] {
  const { type, properties = {}, items, additionalProperties } = schema
  const isFree = schema['x-kubernetes-int-or-string'] || schema['x-kubernetes-preserve-unknown-fields']
  return [
    ...(type || isFree ? [] : [required(`${path}.type`, untyped)]),
    ...Object.entries(properties).flatMap(([name, property]) =>
      checkSchema(property, `${path}.properties[${name}]`, 'must not be empty for specified object fields'),
    ),
    ...(items ? checkSchema(items, `${path}.items`, 'must not be empty for specified array items') : []),
    ...(typeof additionalProperties === 'object'
      ? checkSchema(
          additionalProperties,
          `${path}.additionalProperties`,
          'must not be empty for specified object fields',
        )
      : []),
  ]
}

export function checkDefinitionChange({ spec }: KubeObject, { spec: old, status }: KubeObject): Problem[] {
  const same = (next: unknown, before: unknown, path: string) => immutable(next, before, path, (value) => value)
  const isEstablished = status?.conditions?.some(
    (condition: Part) => condition.type === 'Established' && condition.status === 'True',
  )
  return [
    ...(isEstablished
      ? [...same(spec.scope, old.scope, 'spec.scope'), ...same(spec.names.kind, old.names.kind, 'spec.names.kind')]
      : []),
    ...same(spec.group, old.group, 'spec.group'),
    ...same(spec.names.plural, old.names.plural, 'spec.names.plural'),
  ]
}
