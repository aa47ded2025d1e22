/** Definitions of custom resources. */
import { isDeepStrictEqual } from 'node:util'
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
import { checkStructure } from './structural.ts'

const columnTypes = ['boolean', 'date', 'integer', 'number', 'string']

/** Of a new definition. */
export function checkDefinitionName({ metadata, spec: { group = '', names = {} } = {} }: KubeObject): Problem[] {
  const isNamed = metadata.name === `${names.plural}.${group}`
  return isNamed ? [] : [invalid('metadata.name', metadata.name, 'must be spec.names.plural+"."+spec.group')]
}

export function checkDefinition({ spec = {} }: KubeObject): Problem[] {
  const { group = '', scope, names = {}, versions = [] } = spec
  const shared = sharedParts(versions)
  const isStored = versions.filter(({ storage }: Part) => storage).length === 1
  return [
    ...checkGroup(group, 'spec.group'),
    ...(['Cluster', 'Namespaced'].includes(scope)
      ? []
      : [scope ? notSupported('spec.scope', scope, ['Cluster', 'Namespaced']) : required('spec.scope')]),
    ...each(versions, 'spec.versions', (version, path) => checkVersion(version, path, shared)),
    ...checkShared(shared),
    ...(versions.length > 0 ? checkVersionName(versions[0].name ?? '', 'spec.version') : []),
    ...(duplicates(
      versions.map(({ name }: Part) => name),
      String,
    ).length > 0
      ? [invalid('spec.versions', goVersions(versions), 'must contain unique version names')]
      : []),
    ...(isStored
      ? []
      : [invalid('spec.versions', goVersions(versions), 'must have exactly one version marked as storage version')]),
    ...['plural', 'singular', 'kind', 'listKind']
      .filter((name) => !names[name])
      .map((name) => required(`spec.names.${name}`)),
    ...checkNames(names, 'spec.names'),
    ...(versions.some(({ storage }: Part) => storage)
      ? []
      : [invalid('status.storedVersions', asGo('[]string(nil)'), 'must have at least one stored version')]),
  ]
}

/** What all versions have in common, the server looks at as that of the definition. */
interface SharedParts {
  schema?: Schema
  additionalPrinterColumns?: Part[]
}

function sharedParts([first, ...others]: readonly Part[]): SharedParts {
  const isShared = (of: (version: Part) => unknown) =>
    of(first ?? {}) !== undefined && others.every((other) => isDeepStrictEqual(of(other), of(first)))
  return {
    ...(isShared(schemaOf) ? { schema: schemaOf(first) as Schema } : {}),
    ...(isShared(columnsOf) ? { additionalPrinterColumns: columnsOf(first) } : {}),
  }
}

const schemaOf = ({ schema }: Part): Schema | undefined => schema?.openAPIV3Schema
const columnsOf = ({ additionalPrinterColumns }: Part): Part[] => additionalPrinterColumns

function checkShared({ schema, additionalPrinterColumns }: SharedParts): Problem[] {
  return [
    ...(schema ? checkSchema(schema, 'spec.validation.openAPIV3Schema', 'must not be empty at the root') : []),
    ...each(additionalPrinterColumns, 'spec.additionalPrinterColumns', checkColumn),
  ]
}

/** As Go prints them, without what it keeps elsewhere. */
function goVersions(versions: readonly Part[]) {
  const type = 'apiextensions.CustomResourceDefinitionVersion'
  const texts = versions.map(
    ({ name = '', served = false, storage = false, deprecated = false }) =>
      `${type}{Name:${JSON.stringify(name)}, Served:${served}, Storage:${storage}, Deprecated:${deprecated}, ` +
      'DeprecationWarning:(*string)(nil), Schema:(*apiextensions.CustomResourceValidation)(nil), ' +
      'Subresources:(*apiextensions.CustomResourceSubresources)(nil), ' +
      'AdditionalPrinterColumns:[]apiextensions.CustomResourceColumnDefinition(nil)}',
  )
  return asGo(`[]${type}{${texts.join(', ')}}`)
}

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

function checkVersion(
  { name = '', schema, additionalPrinterColumns }: Part,
  path: string,
  shared: SharedParts,
): Problem[] {
  const at = `${path}.schema.openAPIV3Schema`
  return [
    ...(schema?.openAPIV3Schema ? [] : [required(at, 'schemas are required')]),
    ...checkVersionName(name, `${path}.name`),
    ...(schema?.openAPIV3Schema && !shared.schema
      ? checkSchema(schema.openAPIV3Schema, at, 'must not be empty at the root')
      : []),
    ...(shared.additionalPrinterColumns
      ? []
      : each(additionalPrinterColumns, `${path}.additionalPrinterColumns`, checkColumn)),
  ]
}

function checkVersionName(name: string, path: string): Problem[] {
  const wrong = isDns1035Label(name)
  return wrong.length > 0 ? [invalid(path, name, wrong.join(','))] : []
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
    ...each(schema['x-kubernetes-validations'], `${path}.x-kubernetes-validations`, ({ rule = '' }, at) =>
      rule.trim() === '' ? [required(`${at}.rule`, 'rule is not specified')] : [],
    ),
    ...(schema.default === undefined ? [] : checkStructure(schema.default, schema, `${path}.default`)),
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
