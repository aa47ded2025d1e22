/** Deployments. */
import type { KubeObject } from '../../objects.ts'
import { checkAmount, checkAtMostAll, goAmount, isZero } from './amounts.ts'
import { forbidden, invalid, nonNegative, notSupported, type Part, type Problem, required } from './problems.ts'
import { checkStatus } from './workload-status.ts'
import { checkSelectedTemplate, goStrategy } from './workloads.ts'

const counts = {
  all: [
    'observedGeneration',
    'replicas',
    'updatedReplicas',
    'readyReplicas',
    'availableReplicas',
    'unavailableReplicas',
    'collisionCount',
  ],
  partial: ['updatedReplicas', 'readyReplicas', 'availableReplicas'],
  ready: 'readyReplicas',
}

export function checkDeployment({ spec = {}, status = {} }: KubeObject): Problem[] {
  const { replicas, minReadySeconds = 0, revisionHistoryLimit, progressDeadlineSeconds } = spec
  return [
    ...nonNegative(replicas, 'spec.replicas'),
    ...checkSelectedTemplate(spec, { kind: 'deployment', owner: 'ReplicaSet' }),
    ...checkStrategy(spec.strategy ?? {}, 'spec.strategy'),
    ...nonNegative(minReadySeconds, 'spec.minReadySeconds'),
    ...nonNegative(revisionHistoryLimit, 'spec.revisionHistoryLimit'),
    ...nonNegative(progressDeadlineSeconds, 'spec.progressDeadlineSeconds'),
    ...(progressDeadlineSeconds <= minReadySeconds
      ? [invalid('spec.progressDeadlineSeconds', progressDeadlineSeconds, 'must be greater than minReadySeconds')]
      : []),
    ...checkStatus(status, counts),
  ]
}

function checkStrategy(strategy: Part, path: string): Problem[] {
  const { type, rollingUpdate } = strategy
  const types = ['Recreate', 'RollingUpdate']
  if (!types.includes(type))
    return [notSupported(path, goStrategy('DeploymentStrategy', 'RollingUpdateDeployment', strategy), types)]
  const at = `${path}.rollingUpdate`
  if (type === 'Recreate')
    return rollingUpdate ? [forbidden(at, "may not be specified when strategy `type` is 'Recreate'")] : []
  if (!rollingUpdate) return [required(at, 'this should be defaulted and never be nil')]
  const { maxUnavailable, maxSurge } = rollingUpdate
  return [
    ...checkAmount(maxUnavailable, `${at}.maxUnavailable`),
    ...checkAmount(maxSurge, `${at}.maxSurge`),
    ...(isZero(maxUnavailable) && isZero(maxSurge)
      ? [invalid(`${at}.maxUnavailable`, goAmount(maxUnavailable), 'may not be 0 when `maxSurge` is 0')]
      : []),
    ...checkAtMostAll(maxUnavailable, `${at}.maxUnavailable`),
  ]
}
