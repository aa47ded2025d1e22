/** Which manager owns which fields. */
import type { Kind } from '../kinds/kind.ts'
import type { KubeObject } from '../objects.ts'

export function trackUpdate(
  _kind: Kind,
  _version: string,
  _old: KubeObject | undefined,
  next: KubeObject,
  _manager: string,
  _now: Date,
  _subresource?: string,
): KubeObject {
  return next
}
