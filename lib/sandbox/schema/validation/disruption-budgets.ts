/** Disruption budgets. */

import { goSyntax } from '../../go/syntax.ts'
import type { KubeObject } from '../../objects.ts'
import { checkAmount, goAmount } from './amounts.ts'
import { isPercent } from './formats.ts'
import { checkSelector } from './labels.ts'
import { asGo, invalid, oneOf, type Problem } from './problems.ts'

export function checkDisruptionBudget({ spec = {} }: KubeObject): Problem[] {
  const { minAvailable, maxUnavailable, selector, unhealthyPodEvictionPolicy: eviction } = spec
  return [
    ...(minAvailable !== undefined && maxUnavailable !== undefined
      ? [
          invalid(
            'spec',
            asGo(goSyntax('policy.PodDisruptionBudgetSpec', spec)),
            'minAvailable and maxUnavailable cannot be both set',
          ),
        ]
      : []),
    ...checkShare(minAvailable, 'spec.minAvailable'),
    ...checkShare(maxUnavailable, 'spec.maxUnavailable'),
    ...checkSelector(selector, 'spec.selector'),
    ...oneOf(eviction, 'spec.unhealthyPodEvictionPolicy', ['AlwaysAllow', 'IfHealthyBudget']),
  ]
}

function checkShare(amount: number | string | undefined, path: string): Problem[] {
  const isTooMuch = typeof amount === 'string' && isPercent(amount).length === 0 && Number.parseInt(amount, 10) > 100
  return isTooMuch ? [invalid(path, goAmount(amount), 'must not be greater than 100%')] : checkAmount(amount, path)
}
