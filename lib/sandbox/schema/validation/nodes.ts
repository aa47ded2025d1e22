/** Nodes. */
import type { KubeObject } from '../../objects.ts'
import { forbidden, type Problem } from './problems.ts'

/** A node keeps the addresses of its pods. */
export function checkNodeChange({ spec = {} }: KubeObject, { spec: old = {} }: KubeObject): Problem[] {
  return old.podCIDR === undefined || spec.podCIDR === old.podCIDR
    ? []
    : [forbidden('spec.podCIDRs', 'node updates may not change podCIDR except from "" to valid')]
}
