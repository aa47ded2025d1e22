/** Autoscalers and disruption budgets. */
import type { KubeObject } from '../../objects.ts'
import { checkAmount, goAmount } from './amounts.ts'
import { inFormat, isPathSegment, isPercent } from './formats.ts'
import { goPointers } from './go-pointers.ts'
import { checkSelector } from './labels.ts'
import { type Check, each, invalid, notSupported, type Problem, required } from './problems.ts'

const metricTypes: Readonly<Record<string, string>> = {
  ContainerResource: 'containerResource',
  External: 'external',
  Object: 'object',
  Pods: 'pods',
  Resource: 'resource',
}

export function checkAutoscaler({ spec = {} }: KubeObject): Problem[] {
  const { minReplicas, maxReplicas = 0, scaleTargetRef = {}, metrics } = spec
  return [
    ...(minReplicas < 1 ? [invalid('spec.minReplicas', minReplicas, 'must be greater than or equal to 1')] : []),
    ...(maxReplicas < 1 ? [invalid('spec.maxReplicas', maxReplicas, 'must be greater than 0')] : []),
    ...(maxReplicas < minReplicas
      ? [invalid('spec.maxReplicas', maxReplicas, 'must be greater than or equal to `minReplicas`')]
      : []),
    ...['kind', 'name'].flatMap((name) => {
      const at = `spec.scaleTargetRef.${name}`
      return scaleTargetRef[name] ? inFormat(scaleTargetRef[name], at, isPathSegment) : [required(at)]
    }),
    ...each(metrics, 'spec.metrics', checkMetric),
  ]
}

const checkMetric: Check = (metric, path) => {
  const types = Object.keys(metricTypes)
  const source = metricTypes[metric.type]
  // The server says so twice: for the type, and for the source that it finds none for.
  if (source === undefined)
    return [notSupported(`${path}.type`, metric.type, types), notSupported(`${path}.type`, metric.type, types)]
  return metric[source] ? [] : [required(`${path}.${source}`, 'must populate information for the given metric source')]
}

export function checkDisruptionBudget({ spec = {} }: KubeObject): Problem[] {
  const { minAvailable, maxUnavailable, selector } = spec
  return [
    ...(minAvailable !== undefined && maxUnavailable !== undefined
      ? [
          invalid(
            'spec',
            goPointers('policy.PodDisruptionBudgetSpec', spec),
            'minAvailable and maxUnavailable cannot be both set',
          ),
        ]
      : []),
    ...checkShare(minAvailable, 'spec.minAvailable'),
    ...checkShare(maxUnavailable, 'spec.maxUnavailable'),
    ...checkSelector(selector, 'spec.selector'),
  ]
}

function checkShare(amount: number | string | undefined, path: string): Problem[] {
  const isTooMuch = typeof amount === 'string' && isPercent(amount).length === 0 && Number.parseInt(amount, 10) > 100
  return isTooMuch ? [invalid(path, goAmount(amount), 'must not be greater than 100%')] : checkAmount(amount, path)
}
