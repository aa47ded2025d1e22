/** Which workloads a policy is for. */
import type { Labels } from '../../objects.ts'
import type { Part } from './part.ts'
import type { Problems } from './problems.ts'

const withoutLabels = 'workload selector specified without labels'

/** `selector.matchLabels` of policies. */
export function checkWorkloadSelector(selector: { matchLabels?: Labels } | undefined, problems: Problems): void {
  if (!selector) return
  const { matchLabels = {} } = selector
  problems.add(...labelErrors(matchLabels))
  if (Object.keys(matchLabels).length === 0) problems.warn(withoutLabels)
}

/**
 * `workloadSelector.labels` of the older kinds; what: how istiod begins its warning.
 * False where the selector is wrong: then istiod looks at nothing else.
 */
export function checkLabelSelector(
  selector: { labels?: Labels } | undefined,
  what: string,
  problems: Problems,
): boolean {
  if (!selector) return true
  const { labels = {} } = selector
  const errors = labelErrors(labels)
  problems.add(...errors)
  if (Object.keys(labels).length === 0 && errors.length === 0)
    problems.warn(`${what}: ${withoutLabels}, will be applied to all services in namespace`)
  return errors.length === 0
}

function labelErrors(labels: Labels): string[] {
  return Object.entries(labels).flatMap(([key, value]) => {
    const text = JSON.stringify(`${key}=${value}`)
    return [
      ...(key === '' ? [`empty key is not supported in selector: ${text}`] : []),
      ...(`${key}${value}`.includes('*') ? [`wildcard is not supported in selector: ${text}`] : []),
    ]
  })
}

const gatewayKind = { group: 'gateway.networking.k8s.io', kind: 'Gateway' }

/** `selector` and `targetRef`, of which a policy may have one. */
export function checkTargets({ selector, targetRef }: Part, problems: Problems): void {
  if (selector && targetRef) problems.add('only one of targetRef or workloadSelector can be set')
  checkWorkloadSelector(selector, problems)
  if (!targetRef) return
  const { name, namespace, group = '', kind = '' } = targetRef
  if (!name) problems.add('targetRef name must be set')
  if (namespace) problems.add('targetRef namespace must not be set')
  if (group !== gatewayKind.group || kind !== gatewayKind.kind)
    problems.add(
      `targetRef Group and/or Kind don't match; expected: [Group: ${gatewayKind.group}, Kind: ${gatewayKind.kind}], got: [Group: ${group}, Kind: ${kind}]`,
    )
}
