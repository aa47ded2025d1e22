/** Kinds that a CustomResourceDefinition describes. */
import { isTrue } from '../controllers/conditions.ts'
import type { KubeObject } from '../objects.ts'
import { age, nameColumn } from './columns/common.ts'
import { readPath } from './json-path.ts'
import type { Column, Kind, Schema } from './kind.ts'
import type { ScalePaths } from './scale.ts'
import { compareVersions } from './versions.ts'

export const definitions = 'customresourcedefinitions.apiextensions.k8s.io'

/** Keeps a definition that is to go until all objects of its kind have gone. */
export const cleanup = 'customresourcecleanup.apiextensions.k8s.io'

/** In the order in which the API server names them for custom resources. */
const verbs = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch']

interface Version {
  name: string
  served: boolean
  storage?: boolean
  deprecated?: boolean
  deprecationWarning?: string
  schema?: { openAPIV3Schema?: Schema }
  subresources?: {
    status?: object
    scale?: { specReplicasPath: string; statusReplicasPath: string; labelSelectorPath?: string }
  }
  additionalPrinterColumns?: PrinterColumn[]
}

interface PrinterColumn {
  name: string
  type: Column['type']
  format?: string
  description?: string
  priority?: number
  jsonPath: string
}

export function customKind({ spec, status }: KubeObject): Kind {
  const { group, names, scope } = spec
  const all = spec.versions as Version[]
  const versions = all.filter(({ served }) => served)
  const byName = new Map(all.map((version) => [version.name, version]))
  const storage = all.find((version) => version.storage)
  const columns = new Map(versions.map((version) => [version.name, columnsOf(version)]))
  return {
    group,
    versions: versions.map(({ name }) => name).sort(compareVersions),
    kind: names.kind,
    listKind: names.listKind ?? `${names.kind}List`,
    plural: names.plural,
    singular: names.singular ?? names.kind.toLowerCase(),
    shortNames: names.shortNames ?? [],
    categories: names.categories ?? [],
    namespaced: scope === 'Namespaced',
    custom: true,
    ...(storage ? { storageVersion: storage.name } : {}),
    ...(isTrue(status?.conditions, 'Terminating') ? { isEnding: true } : {}),
    subresources: ['status', 'scale'].filter((name) => versions.some(({ subresources = {} }) => name in subresources)),
    verbs,
    columns: (version) => columns.get(version) ?? [],
    deprecated: (name) => {
      const version = byName.get(name)
      return version?.deprecated ? deprecation(version, versions, (one) => `${group}/${one} ${names.kind}`) : undefined
    },
    scale: (version) => scaleOf(byName.get(version)),
    schema: (version) => byName.get(version)?.schema?.openAPIV3Schema,
  }
}

/** In the words of the definition, or else the server's, which name the best of the versions that are to be preferred. */
function deprecation(
  { name, deprecationWarning }: Version,
  served: readonly Version[],
  called: (version: string) => string,
): string {
  const [best] = served
    .filter((other) => !other.deprecated && compareVersions(other.name, name) < 0)
    .map((other) => other.name)
    .sort(compareVersions)
  return deprecationWarning ?? `${called(name)} is deprecated${best ? `; use ${called(best)}` : ''}`
}

function scaleOf({ subresources }: Partial<Version> = {}): ScalePaths | undefined {
  if (!subresources?.scale) return undefined
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = subresources.scale
  return {
    spec: specReplicasPath,
    status: statusReplicasPath,
    ...(labelSelectorPath ? { selector: labelSelectorPath } : {}),
  }
}

/** Without columns of its own a custom resource shows its age. */
function columnsOf({ additionalPrinterColumns }: Version): Column[] {
  if (!additionalPrinterColumns?.length) return [nameColumn, { ...age, type: 'date' }]
  return [nameColumn, ...additionalPrinterColumns.map(printerColumn)]
}

function printerColumn({ name, type, format = '', description = '', priority = 0, jsonPath }: PrinterColumn): Column {
  const value: Column['value'] =
    jsonPath === '.metadata.creationTimestamp' ? age.value : (object) => cell(readPath(object, jsonPath), type)
  return { name, type, format, description, priority, value }
}

/** What is not of the column's type is not shown; lists and objects are, as Go's fmt prints JSON. */
function cell(found: unknown, type: Column['type']): unknown {
  if (found === undefined || found === null) return null
  if (type === 'integer' || type === 'number') return typeof found === 'number' ? found : null
  if (type === 'boolean') return typeof found === 'boolean' ? found : null
  return typeof found === 'object' ? JSON.stringify(found) : String(found)
}
