/** The order in which istiod takes objects of one kind (sortConfigByCreationTime in pilot/pkg/model). */
import type { KubeObject } from '../objects.ts'

/** Oldest first, of one second by name. */
export function byAge(one: KubeObject, other: KubeObject): number {
  return keyOf(one) < keyOf(other) ? -1 : 1
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.creationTimestamp ?? ''} ${metadata.name}.${metadata.namespace}`
}
