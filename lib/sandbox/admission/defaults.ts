/** What the server fills in. */
import type { Kind } from '../kinds/kind.ts'
import type { KubeObject } from '../objects.ts'

export function setDefaults(_kind: Kind, object: KubeObject): KubeObject {
  return object
}
