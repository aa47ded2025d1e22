/** Whether an object may be stored. */
import type { Kind } from '../kinds/kind.ts'
import type { KubeObject } from '../objects.ts'
import { checkCustomResource } from './validation/custom.ts'
import { checkMetadata, checkMetadataChange, usualName } from './validation/metadata.ts'
import { invalidError, type Problem } from './validation/problems.ts'
import { rules } from './validation/rules.ts'

/**
 * @param object with defaults, as it would be stored
 * @param old as it is stored; undefined for an object that is created
 * @throws Invalid, with a cause for each wrong field
 */
export function validate(kind: Kind, version: string, object: KubeObject, old?: KubeObject): void {
  const problems = [
    ...(old ? checkMetadataChange(object.metadata, old.metadata) : []),
    ...(kind.custom ? checkCustomResource(kind, version, object) : checkBuiltIn(kind, object, old)),
  ]
  if (problems.length === 0) return
  throw invalidError({ kind: object.kind, group: kind.group }, object.metadata.name ?? '', problems)
}

function checkBuiltIn(kind: Kind, object: KubeObject, old: KubeObject | undefined): Problem[] {
  const {
    name = usualName,
    check,
    change,
    fixed,
    fresh,
  } = rules[kind.group === '' ? kind.kind : `${kind.kind}.${kind.group}`] ?? {}
  return [
    ...checkMetadata(object.metadata, name, kind.namespaced),
    ...(old && change ? change(object, old) : []),
    ...(old ? [] : (fresh?.(object) ?? [])),
    ...(check?.(object) ?? []),
    ...(old && fixed ? fixed(object, old) : []),
  ]
}
