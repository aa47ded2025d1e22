/** Whether an object may be stored. */
import type { Kind } from '../kinds/kind.ts'
import type { KubeObject } from '../objects.ts'
import { rootSchema } from './built-in.ts'
import { loadCel } from './cel.ts'
import { checkCustomResource } from './validation/custom.ts'
import { hasRules } from './validation/expressions.ts'
import { checkMetadata, checkMetadataChange, usualName } from './validation/metadata.ts'
import { invalidError, type Problem } from './validation/problems.ts'
import { rules } from './validation/rules.ts'

/** Gets ready what `validate` needs for objects of this kind, in whatever version they come or are kept. */
export async function prepareValidation(kind: Kind): Promise<void> {
  if (kind.custom && kind.versions.some((version) => hasRules(rootSchema(kind, version)))) await loadCel()
}

/**
 * @param object with defaults, as it would be stored
 * @param old as it is stored; undefined for an object that is created
 * @param subresource by way of which it is written
 * @throws Invalid, with a cause for each wrong field
 */
export function validate(
  kind: Kind,
  version: string,
  object: KubeObject,
  old?: KubeObject,
  subresource?: string,
): void {
  const problems = [
    ...(old ? checkMetadataChange(object.metadata, old.metadata) : []),
    ...(kind.custom
      ? checkCustomResource(kind, version, object, old, subresource)
      : checkBuiltIn(kind, object, old, subresource)),
  ]
  if (problems.length === 0) return
  throw invalidError({ kind: object.kind, group: kind.group }, object.metadata.name ?? '', problems)
}

function checkBuiltIn(
  kind: Kind,
  object: KubeObject,
  old: KubeObject | undefined,
  subresource: string | undefined,
): Problem[] {
  const {
    name = usualName,
    metadata = checkMetadata,
    check,
    change,
    fixed,
    fresh,
    first,
    last,
  } = rules[kind.group === '' ? kind.kind : `${kind.kind}.${kind.group}`] ?? {}
  const before = first?.(object) ?? []
  if (before.length > 0) return before
  return [
    ...metadata(object.metadata, name, kind.namespaced),
    ...(old && change ? change(object, old) : []),
    ...(old ? [] : (fresh?.(object) ?? [])),
    ...(check?.(object) ?? []),
    ...(old && fixed ? fixed(object, old) : []),
    ...(subresource ? [] : (last?.(object) ?? [])),
  ]
}
