/**
 * DestinationRules of one host in one namespace, put together as istiod does (istio 1.21.2, pilot/pkg/model
 * destination_rule.go): those for all proxies into one, those for some workloads by their selectors.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Labels } from '../objects.ts'
import { hasLabels } from '../selectors.ts'
import type { DestinationRule } from './types.ts'

/** Whose proxy asks. */
export interface RuleClient {
  namespace: string
  labels: Labels
}

interface Consolidated {
  selector: Labels | undefined
  /** The first that says something has the say. */
  rules: DestinationRule[]
}

/** The rules that hold for a client's proxy. @param rules all of a host in a namespace, oldest first */
export function rulesFor(rules: readonly DestinationRule[], { namespace, labels }: RuleClient): DestinationRule[] {
  const all = consolidated(rules)
  const meant = all.find(
    ({ selector, rules: [first] }) =>
      selector && first?.metadata.namespace === namespace && hasLabels(labels, selector),
  )
  return (meant ?? all.findLast(({ selector }) => !selector))?.rules ?? []
}

function consolidated(rules: readonly DestinationRule[]): Consolidated[] {
  const all: Consolidated[] = []
  for (const rule of rules) {
    const selector = selectorOf(rule)
    let isNew = true
    for (const one of all) {
      const isSame = isDeepStrictEqual(one.selector, selector)
      if (one.selector && selector && !isSame) continue
      if (isSame) isNew = false
      one.rules.push(rule)
    }
    if (isNew) all.push({ selector, rules: [rule] })
  }
  return all
}

export function selectorOf({ spec }: DestinationRule): Labels | undefined {
  return spec.workloadSelector && (spec.workloadSelector.matchLabels ?? {})
}
