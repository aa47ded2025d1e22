/** Server-side apply. */
import { isDeepStrictEqual } from 'node:util'
import type { Kind, Schema } from '../kinds/kind.ts'
import type { KubeObject } from '../objects.ts'
import { StatusError } from '../status.ts'
import { timestamp } from '../store/store.ts'
import { type Config, readConfig } from './apply-config.ts'
import { rootSchema } from './built-in.ts'
import { conflictError } from './conflict.ts'
import { restoreObject } from './decode.ts'
import { difference, type Fields, intersection, isEmpty, noFields, union, withoutBranches } from './field-set.ts'
import { compareFields, fieldsOf } from './fields-of.ts'
import { hasLastApplied, lastAppliedFields, withLastApplied } from './last-applied.ts'
import { isSameManager, type Manager, readManagers, withManagers, withoutManagers } from './managers.ts'
import { mergeApplied, removeFields } from './merge-fields.ts'
import { conflictsWith, dispossessed, ownable } from './ownership.ts'
import { fieldSchema, isDeclared, itemSchema } from './shape.ts'
import { zeroObject } from './zero.ts'

export interface ApplyOptions {
  manager: string
  /** Whether to take fields that others own. */
  force: boolean
  now: Date
}

/** Only kubectl's own manager goes on where its client-side apply had left off. */
const kubectl = 'kubectl'

/**
 * The object with a configuration applied: what the manager applied before and no longer does is gone, unless
 * another manager owns it too.
 * @param current as it is stored; undefined where it is created by this
 * @param body the configuration, in YAML or JSON
 * @returns with metadata.managedFields as they are now; names and namespace are not looked at
 * @throws Conflict where another manager owns a field with another value, BadRequest, 500 (see readConfig)
 */
export function applyPatch(
  kind: Kind,
  version: string,
  current: KubeObject | undefined,
  body: string,
  { manager, force, now }: ApplyOptions,
): KubeObject {
  if (manager === '') throw managerRequired()
  const schema = rootSchema(kind, version)
  const config = readConfig(kind, version, body)
  const live = current ? withoutManagers(current) : zeroObject(kind, version)
  const before = readManagers(current?.metadata.managedFields) ?? []
  const self: Manager = {
    name: manager,
    operation: 'Apply',
    apiVersion: config.apiVersion as string,
    subresource: undefined,
    time: timestamp(now),
    fields: appliedFields(kind, config, schema),
  }
  const last = before.find((other) => isSameManager(other, self))
  const others = before.filter((other) => other !== last)
  const merged = mergeApplied(live, config, schema)
  const pruned = prune(merged, [...others, self], last, schema)
  const comparison = compareFields(live, pruned, schema)
  const conflicts = conflictsWith(others, comparison)
  if (!force && conflicts.size > 0) {
    const allowed = manager === kubectl && current ? lastAppliedFields(current, schema) : noFields()
    const left = [...conflicts].map(([other, fields]) => [other, difference(fields, allowed)] as const)
    const real = left.filter(([, fields]) => !isEmpty(fields))
    if (real.length > 0) throw conflictError(new Map(real))
  }
  const isUnchanged = current !== undefined && isDeepStrictEqual(live, pruned)
  const time = isUnchanged ? last?.time : self.time
  const managers = [...dispossessed(others, comparison), { ...self, time, fields: ownable(self.fields) }]
  const object = withManagers(restoreObject(kind, version, pruned), managers)
  return manager === kubectl && hasLastApplied(object) ? withLastApplied(object, config) : object
}

function managerRequired(): StatusError {
  const message = 'Required value: is required for apply patch'
  return new StatusError(422, 'Invalid', `PatchOptions.meta.k8s.io "" is invalid: fieldManager: ${message}`, {
    group: 'meta.k8s.io',
    kind: 'PatchOptions',
    causes: [{ reason: 'FieldValueRequired', message, field: 'fieldManager' }],
  })
}

/** The status is not applied together with what was asked for. */
function appliedFields(kind: Kind, config: Config, schema: Schema): Fields {
  const fields = fieldsOf(config, schema)
  if (!kind.subresources.includes('status')) return fields
  const status = { isMember: true, children: new Map() }
  return withoutBranches(fields, { isMember: false, children: new Map([['f:status', status]]) })
}

/** Without what the manager applied last time, but for what anybody still owns, and for what was not its own. */
function prune(merged: unknown, managers: readonly Manager[], last: Manager | undefined, schema: Schema): unknown {
  if (!last || isEmpty(last.fields)) return merged
  const named = (fields: Fields) => withNamedFields(fields, schema)
  const of = (value: unknown) => named(fieldsOf(value, schema))
  const lastFields = named(last.fields)
  const owned = named(managers.reduce((all, { fields }) => union(all, fields), noFields()))
  const all = of(merged)
  const bare = removeFields(merged, lastFields, schema) ?? {}
  const withOwned = removeFields(merged, difference(all, union(of(bare), owned)), schema) ?? {}
  return removeFields(merged, intersection(difference(all, of(withOwned)), lastFields), schema)
}

/** Who owns something below a field of the schema counts as owner of the field. */
function withNamedFields(fields: Fields, schema: Schema): Fields {
  const children = [...fields.children].map(([element, child]): [string, Fields] => {
    const name = element.startsWith('f:') ? element.slice(2) : undefined
    const below = name === undefined ? itemSchema(schema) : (fieldSchema(schema, name) ?? {})
    const named = withNamedFields(child, below)
    const isNamed = name !== undefined && isDeclared(schema, name) && child.children.size > 0
    return [element, isNamed ? { ...named, isMember: true } : named]
  })
  return { isMember: fields.isMember, children: new Map(children) }
}
