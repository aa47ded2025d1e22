/** Definitions of custom resources. */
import { isDeepStrictEqual } from 'node:util'
import { isTrue } from '../../controllers/conditions.ts'
import { goPlace } from '../../go/syntax.ts'
import type { KubeObject } from '../../objects.ts'
import { checkSchema } from './definition-schemas.ts'
import { isDns1035Label, isDnsSubdomain } from './formats.ts'
import {
  asGo,
  type Check,
  each,
  type GoText,
  goStrings,
  immutable,
  invalid,
  notSupported,
  type Part,
  type Problem,
  required,
} from './problems.ts'

const columnTypes = ['boolean', 'date', 'integer', 'number', 'string']
const columnFormats = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password']

/** Of a new definition. */
export function checkDefinitionName({ metadata, spec: { group = '', names = {} } = {} }: KubeObject): Problem[] {
  const isNamed = metadata.name === `${names.plural}.${group}`
  return isNamed ? [] : [invalid('metadata.name', metadata.name, 'must be spec.names.plural+"."+spec.group')]
}

export function checkDefinition({ spec = {} }: KubeObject): Problem[] {
  const { group = '', scope, names = {} } = spec
  const { common, versions } = asKept(spec.versions ?? [])
  return [
    ...checkGroup(group, 'spec.group'),
    ...(['Cluster', 'Namespaced'].includes(scope)
      ? []
      : [scope ? notSupported('spec.scope', scope, ['Cluster', 'Namespaced']) : required('spec.scope')]),
    ...(common.schema?.openAPIV3Schema ? [] : each(versions, 'spec.versions', checkHasSchema)),
    ...each(versions, 'spec.versions', checkVersion),
    ...checkVersions(versions, spec.versions ? goVersions(versions) : asGo(`[]${versionType}(nil)`)),
    ...(versions.length > 0 ? checkVersionName(versions[0].name ?? '', 'spec.version') : []),
    ...['plural', 'singular', 'kind', 'listKind']
      .filter((name) => !names[name])
      .map((name) => required(`spec.names.${name}`)),
    ...checkNames(names, 'spec.names'),
    ...checkDescription(common, 'spec', 'validation'),
  ]
}

/** What each version may say of its objects for itself. */
const descriptions = ['schema', 'subresources', 'additionalPrinterColumns'] as const

/** As the server keeps it: what all versions say is said once, by the definition. */
function asKept(versions: readonly Part[]): { common: Part; versions: Part[] } {
  const shared = descriptions.filter((field) =>
    versions.every((version) => isDeepStrictEqual(version[field], versions[0][field])),
  )
  return {
    common: Object.fromEntries(shared.map((field) => [field, versions[0]?.[field]])),
    versions: versions.map((version) => ({
      ...version,
      ...Object.fromEntries(shared.map((field) => [field, undefined])),
    })),
  }
}

const checkHasSchema: Check = ({ schema }, path) =>
  schema?.openAPIV3Schema ? [] : [required(`${path}.schema.openAPIV3Schema`, 'schemas are required')]

function checkVersions(versions: readonly Part[], shown: GoText): Problem[] {
  const isRepeated = new Set(versions.map(({ name }) => name)).size < versions.length
  const stored = versions.filter(({ storage }) => storage)
  return [
    ...(isRepeated ? [invalid('spec.versions', shown, 'must contain unique version names')] : []),
    ...(stored.length === 1
      ? []
      : [invalid('spec.versions', shown, 'must have exactly one version marked as storage version')]),
  ]
}

const versionType = 'apiextensions.CustomResourceDefinitionVersion'

/** As Go prints them. */
function goVersions(versions: readonly Part[]): GoText {
  const texts = versions.map((version, index) => {
    const { name = '', served = false, storage = false, deprecated = false } = version
    const place = (field: string, at: number) => goPlace(version[field], index * descriptions.length + at)
    return (
      `${versionType}{Name:${JSON.stringify(name)}, Served:${served}, Storage:${storage}, Deprecated:${deprecated}, ` +
      `DeprecationWarning:(*string)(${place('deprecationWarning', 0)}), ` +
      `Schema:(*apiextensions.CustomResourceValidation)(${place('schema', 1)}), ` +
      `Subresources:(*apiextensions.CustomResourceSubresources)(${place('subresources', 2)}), ` +
      `AdditionalPrinterColumns:${goColumns(version.additionalPrinterColumns)}}`
    )
  })
  return asGo(`[]${versionType}{${texts.join(', ')}}`)
}

function goColumns(columns: readonly Part[] | undefined): string {
  const type = 'apiextensions.CustomResourceColumnDefinition'
  if (!columns) return `[]${type}(nil)`
  const texts = columns.map(
    ({ name = '', type: of = '', format = '', description = '', priority = 0, jsonPath = '' }) => {
      const [a, b, c, d, e] = [name, of, format, description, jsonPath].map((text) => JSON.stringify(text))
      return `${type}{Name:${a}, Type:${b}, Format:${c}, Description:${d}, Priority:${priority}, JSONPath:${e}}`
    },
  )
  return `[]${type}{${texts.join(', ')}}`
}

/** All versions in which objects may be stored are there, and among them is the one in which they are from now on. */
export function checkStoredVersions({ spec, status }: KubeObject): Problem[] {
  const path = 'status.storedVersions'
  const stored: string[] = status?.storedVersions ?? []
  if (stored.length === 0) return [invalid(path, asGo('[]string(nil)'), 'must have at least one stored version')]
  const unseen = new Map(stored.map((name, index) => [name, index]))
  const missing = ((spec?.versions ?? []) as Part[]).flatMap(({ name, storage }) => {
    const isKnown = unseen.delete(name)
    return storage && !isKnown ? [invalid(path, goStrings(stored), `must have the storage version ${name}`)] : []
  })
  const unknown = [...unseen].map(([name, index]) => invalid(`${path}[${index}]`, name, 'must appear in spec.versions'))
  return [...missing, ...unknown]
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

const checkVersion: Check = (version, path) => [
  ...checkVersionName(version.name ?? '', `${path}.name`),
  ...checkWarning(version, `${path}.deprecationWarning`),
  ...checkDescription(version, path, 'schema'),
]

function checkVersionName(name: string, path: string): Problem[] {
  const wrong = isDns1035Label(name)
  return wrong.length > 0 ? [invalid(path, name, wrong.join(','))] : []
}

function checkWarning({ deprecated, deprecationWarning: text }: Part, path: string): Problem[] {
  if (text === undefined) return []
  if (!deprecated) return [invalid(path, text, 'can only be set for deprecated versions')]
  return Buffer.byteLength(text) > 256 ? [invalid(path, text, 'must be <= 256 characters long')] : []
}

/** What a version says of its objects, or the definition for all of them. @param schemaName what it calls the schema */
function checkDescription(part: Part, path: string, schemaName: 'schema' | 'validation'): Problem[] {
  const schema = part.schema?.openAPIV3Schema
  return [
    ...(schema ? checkSchema(schema, `${path}.${schemaName}.openAPIV3Schema`) : []),
    ...(part.subresources?.scale ? checkScale(part.subresources.scale, `${path}.subresources.scale`) : []),
    ...each(part.additionalPrinterColumns, `${path}.additionalPrinterColumns`, checkColumn),
  ]
}

function checkScale({ specReplicasPath, statusReplicasPath, labelSelectorPath }: Part, path: string): Problem[] {
  return [
    ...checkPathBelow(specReplicasPath, `${path}.specReplicasPath`, ['.spec']),
    ...checkPathBelow(statusReplicasPath, `${path}.statusReplicasPath`, ['.status']),
    ...(labelSelectorPath ? checkPathBelow(labelSelectorPath, `${path}.labelSelectorPath`, ['.spec', '.status']) : []),
  ]
}

function checkPathBelow(text: string | undefined, path: string, places: readonly string[]): Problem[] {
  const wrong = checkJsonPath(text, path)
  if (wrong.length > 0 || places.some((place) => text?.startsWith(`${place}.`))) return wrong
  const either = places.length > 1 ? 'either ' : ''
  return [invalid(path, text, `should be a json path under ${either}${places.join(' or ')}`)]
}

function checkJsonPath(text: string | undefined, path: string): Problem[] {
  if (!text) return [required(path)]
  return text.startsWith('.') ? [] : [invalid(path, text, 'must be a simple json path starting with .')]
}

const checkColumn: Check = ({ name, type, format, jsonPath }, path) => {
  const types = `must be one of ${columnTypes.join(',')}`
  return [
    ...(name ? [] : [required(`${path}.name`)]),
    ...(type
      ? columnTypes.includes(type)
        ? []
        : [invalid(`${path}.type`, type, types)]
      : [required(`${path}.type`, types)]),
    ...(format && !columnFormats.includes(format)
      ? [invalid(`${path}.format`, format, `must be one of ${columnFormats.join(',')}`)]
      : []),
    ...checkJsonPath(jsonPath, `${path}.JSONPath`),
  ]
}

export function checkDefinitionChange(
  { spec, status }: KubeObject,
  { spec: old, status: oldStatus }: KubeObject,
): Problem[] {
  const same = (next: unknown, before: unknown, path: string) => immutable(next, before, path, (value) => value)
  const isEstablished = isTrue(oldStatus?.conditions, 'Established')
  return [
    ...(isEstablished
      ? [...same(spec.scope, old.scope, 'spec.scope'), ...same(spec.names.kind, old.names.kind, 'spec.names.kind')]
      : []),
    ...same(spec.group, old.group, 'spec.group'),
    ...same(spec.names.plural, old.names.plural, 'spec.names.plural'),
    ...checkNames(status?.acceptedNames ?? {}, 'status.acceptedNames'),
  ]
}
