/** Leases. */
import type { KubeObject } from '../../objects.ts'
import { invalid, nonNegative, type Problem } from './problems.ts'

export function checkLease({ spec = {} }: KubeObject): Problem[] {
  const { leaseDurationSeconds, leaseTransitions } = spec
  const path = 'spec.leaseDurationSeconds'
  return [
    ...(leaseDurationSeconds <= 0 ? [invalid(path, leaseDurationSeconds, 'must be greater than 0')] : []),
    ...nonNegative(leaseTransitions, 'spec.leaseTransitions'),
  ]
}
