/** Which manager owns which fields, after an update. */
import { isDeepStrictEqual } from 'node:util'
import { readPath } from '../kinds/json-path.ts'
import type { Kind } from '../kinds/kind.ts'
import { scalePaths, withReplicas } from '../kinds/scale.ts'
import type { KubeObject, ManagedFields } from '../objects.ts'
import { timestamp } from '../store/store.ts'
import { rootSchema } from './built-in.ts'
import { type Fields, union } from './field-set.ts'
import { type Comparison, compareFields } from './fields-of.ts'
import { isSameManager, type Manager, readManagers, withManagers, withoutManagers } from './managers.ts'
import { dispossessed, ownable } from './ownership.ts'
import { Unowned } from './shape.ts'
import { zeroObject } from './zero.ts'

/** Who only updates is remembered by name as long as there are no more than these. */
const MOST_UPDATERS = 10

/**
 * The object with metadata.managedFields as they are after an update: whoever sets a field owns it from then on.
 * @param old as it is stored; undefined for an object that is created
 * @param next as it will be stored; its own managedFields count, where they can be read, as those before the update
 * @param now to the second
 */
export function trackUpdate(
  kind: Kind,
  version: string,
  old: KubeObject | undefined,
  next: KubeObject,
  manager: string,
  now: Date,
  subresource?: string,
): KubeObject {
  const [before, after] = old && subresource === 'scale' ? asScaled(kind, version, old, next) : [old, next]
  const comparison = compared(kind, version, before, after)
  // Of an object whose fields cannot be told apart nobody owns any.
  if (!comparison) return withoutManagers(next)
  const taken = without(resetBy(kind, subresource), ownable(union(comparison.added, comparison.modified)))
  const self: Manager = {
    name: manager,
    operation: 'Update',
    apiVersion: next.apiVersion,
    subresource,
    // What came by way of the scale is not dated.
    time: subresource === 'scale' ? undefined : timestamp(now),
    fields: taken,
  }
  const others = dispossessed(managersBefore(old, next, subresource), comparison)
  const mine = others.find((other) => isSameManager(other, self))
  const hasTaken = taken.children.size > 0
  const managers = hasTaken
    ? [...others.filter((other) => other !== mine), mine ? { ...self, fields: union(mine.fields, taken) } : self]
    : others
  const tracked = withManagers(next, capped(managers))
  return old && isOnlyTime(tracked, old) ? withEntries(tracked, old.metadata.managedFields) : tracked
}

/** A scale says nothing of zero replicas, so that nobody owns them then, nor those that come after it. */
function asScaled(kind: Kind, version: string, old: KubeObject, next: KubeObject): [old: KubeObject, next: KubeObject] {
  const paths = scalePaths({ kind, version })
  const [before, after] = [old, next].map((object) => readPath(object, paths.spec))
  const without = (object: KubeObject) => withReplicas(object, paths, undefined)
  return [before === 0 ? without(old) : old, before === 0 || after === 0 ? without(next) : next]
}

/** What is set back whoever says something of it, so that nobody comes to own it. */
function resetBy({ kind, group, custom, subresources }: Kind, subresource: string | undefined): readonly string[] {
  if (custom || subresource || !subresources.includes('status')) return []
  return group === 'certificates.k8s.io' && kind === 'CertificateSigningRequest' ? ['f:spec', 'f:status'] : ['f:status']
}

function without(names: readonly string[], fields: Fields): Fields {
  return { ...fields, children: new Map([...fields.children].filter(([name]) => !names.includes(name))) }
}

function compared(kind: Kind, version: string, old: KubeObject | undefined, next: KubeObject): Comparison | undefined {
  const before = old ? withoutManagers(old) : zeroObject(kind, version)
  try {
    return compareFields(before, withoutManagers(next), rootSchema(kind, version))
  } catch (error) {
    if (error instanceof Unowned) return undefined
    throw error
  }
}

/** An update may set managedFields itself; one empty entry resets them. */
function managersBefore(old: KubeObject | undefined, next: KubeObject, subresource: string | undefined): Manager[] {
  const live = readManagers(old?.metadata.managedFields) ?? []
  const given = next.metadata.managedFields
  if (subresource || !given?.length) return live
  if (given.length === 1 && Object.keys(given[0] as ManagedFields).every((name) => isBlank(given[0], name))) return []
  return readManagers(given) ?? live
}

function isBlank(entry: ManagedFields | undefined, name: string): boolean {
  return !entry?.[name as keyof ManagedFields]
}

/** With the oldest updaters of one version put together where there are too many. */
function capped(managers: Manager[]): Manager[] {
  const updaters = managers.filter(({ operation }) => operation === 'Update')
  const surplus = updaters.length - MOST_UPDATERS
  if (surplus <= 0) return managers
  const oldest = [...updaters].sort((a, b) => ((a.time ?? '') < (b.time ?? '') ? -1 : 1)).slice(0, surplus + 1)
  const last = oldest.at(-1) as Manager
  const fields = oldest.reduce((all, { fields }) => union(all, fields), last.fields)
  return [
    ...managers.filter((manager) => !oldest.includes(manager)),
    { ...last, name: 'ancient-changes', subresource: undefined, fields },
  ]
}

/** Whether nothing changed but the time of an entry. */
function isOnlyTime(next: KubeObject, old: KubeObject): boolean {
  const timeless = (object: KubeObject) => {
    const { resourceVersion: _resourceVersion, managedFields, ...metadata } = object.metadata
    return { ...object, metadata, managedFields: managedFields?.map(({ time: _time, ...entry }) => entry) }
  }
  return isDeepStrictEqual(timeless(next), timeless(old))
}

function withEntries(object: KubeObject, managedFields: ManagedFields[] | undefined): KubeObject {
  return managedFields ? { ...object, metadata: { ...object.metadata, managedFields } } : object
}
