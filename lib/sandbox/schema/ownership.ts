/** Who owns which fields after a change: the rules that updates and applies share. */

import { difference, type Fields, insert, intersection, isEmpty, noFields, union } from './field-set.ts'
import type { Comparison } from './fields-of.ts'
import type { Manager } from './managers.ts'

/** What an object says of itself is nobody's. */
const nobodys = noFields()
for (const name of ['apiVersion', 'kind', 'metadata']) insert(nobodys, [`f:${name}`])
for (const name of [
  'name',
  'namespace',
  'creationTimestamp',
  'selfLink',
  'uid',
  'clusterName',
  'generation',
  'managedFields',
  'resourceVersion',
])
  insert(nobodys, ['f:metadata', `f:${name}`])

export function ownable(fields: Fields): Fields {
  return difference(fields, nobodys)
}

/** The fields that a change takes from each other manager. */
export function conflictsWith(managers: readonly Manager[], { added, modified }: Comparison): Map<Manager, Fields> {
  const changed = union(added, modified)
  const conflicts = managers.map((manager) => [manager, intersection(manager.fields, changed)] as const)
  return new Map(conflicts.filter(([, fields]) => !isEmpty(fields)))
}

/** The other managers without the fields that a change took from them or removed. */
export function dispossessed(managers: readonly Manager[], { added, modified, removed }: Comparison): Manager[] {
  const lost = union(union(added, modified), removed)
  return managers
    .map((manager) => ({ ...manager, fields: difference(manager.fields, lost) }))
    .filter(({ fields }) => !isEmpty(fields))
}
