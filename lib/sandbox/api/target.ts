/** A request for a kind that is served. */
import type { Kind } from '../kinds/kind.ts'
import type { ResourcePath } from './path.ts'

export interface Target extends ResourcePath {
  kind: Kind
  /** The name that the store has for the kind: `deployments.apps`. */
  resource: string
}

export function apiVersionOf({ group, version }: ResourcePath): string {
  return group ? `${group}/${version}` : version
}
