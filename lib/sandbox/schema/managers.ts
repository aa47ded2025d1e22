/** metadata.managedFields: read into sets of fields by manager, and written back. */
import type { FieldSet, KubeObject, ManagedFields } from '../objects.ts'
import { type Fields, fromFieldSet, isEmpty, toFieldSet } from './field-set.ts'
import { shared } from './shared-fields.ts'

export interface Manager {
  name: string
  operation: ManagedFields['operation']
  apiVersion: string
  subresource: string | undefined
  time: string | undefined
  fields: Fields
}

/** @returns undefined where the entries cannot be read: then the server goes on with those it had */
export function readManagers(entries: readonly ManagedFields[] | undefined): Manager[] | undefined {
  const list = entries ?? []
  const isReadable = list.every(
    ({ operation, fieldsType, fieldsV1, apiVersion }) =>
      ['Apply', 'Update'].includes(operation) && fieldsType === 'FieldsV1' && isFieldSet(fieldsV1) && apiVersion,
  )
  if (!isReadable) return undefined
  return list.map(({ manager = '', operation, apiVersion, subresource, time, fieldsV1 }) => ({
    name: manager,
    operation,
    apiVersion,
    subresource,
    time,
    fields: rootFields(fieldsV1),
  }))
}

/** Sets that were written here, so are known to be whole and in the server's order. */
const canonical = new WeakSet<FieldSet>()
/** What was read from one of those, and may be written again as it was. */
const sources = new WeakMap<Fields, FieldSet>()

function isFieldSet(value: unknown): value is FieldSet {
  if (canonical.has(value as FieldSet)) return true
  return typeof value === 'object' && value !== null && Object.values(value).every(isFieldSet)
}

/** Nobody owns the object itself. */
function rootFields(set: FieldSet): Fields {
  const fields = { ...fromFieldSet(set), isMember: false }
  if (canonical.has(set)) sources.set(fields, set)
  return fields
}

function writtenFields(fields: Fields): FieldSet {
  const source = sources.get(fields)
  if (source) return source
  const set = shared(toFieldSet(fields))
  canonical.add(set)
  return set
}

/** In the server's order: by operation, time, name, version and subresource; who owns nothing is left out. */
function writeManagers(managers: readonly Manager[]): ManagedFields[] {
  return managers
    .filter(({ fields }) => !isEmpty(fields))
    .sort((a, b) => compareTexts(sortKey(a), sortKey(b)))
    .map(({ name, operation, apiVersion, time, fields, subresource }) => ({
      ...(name === '' ? {} : { manager: name }),
      operation,
      apiVersion,
      ...(time === undefined ? {} : { time }),
      fieldsType: 'FieldsV1',
      fieldsV1: writtenFields(fields),
      ...(subresource ? { subresource } : {}),
    })) as ManagedFields[]
}

function sortKey({ operation, time = '', name, apiVersion, subresource = '' }: Manager): string[] {
  return [operation, time, name, apiVersion, subresource]
}

function compareTexts(a: readonly string[], b: readonly string[]): number {
  const at = a.findIndex((text, index) => text !== b[index])
  return at < 0 ? 0 : (a[at] as string) < (b[at] as string) ? -1 : 1
}

/** Whether two entries are of the same manager; who applies is the same in all versions. */
export function isSameManager(a: Manager, b: Manager): boolean {
  const isSame = a.name === b.name && a.operation === b.operation && (a.subresource ?? '') === (b.subresource ?? '')
  return isSame && (a.operation === 'Apply' || a.apiVersion === b.apiVersion)
}

export function withManagers(object: KubeObject, managers: readonly Manager[]): KubeObject {
  const { managedFields: _managedFields, ...metadata } = object.metadata
  const entries = writeManagers(managers)
  return { ...object, metadata: { ...metadata, ...(entries.length > 0 ? { managedFields: entries } : {}) } }
}

export function withoutManagers<T extends KubeObject>(object: T): T {
  const { managedFields: _managedFields, ...metadata } = object.metadata
  return { ...object, metadata }
}
