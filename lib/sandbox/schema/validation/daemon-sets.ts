/** DaemonSets. */
import type { KubeObject } from '../../objects.ts'
import { checkAmount, checkAtMostAll, goAmount, isZero } from './amounts.ts'
import { invalid, nonNegative, notSupported, type Part, type Problem, required } from './problems.ts'
import { checkStatus } from './workload-status.ts'
import { checkSelectedTemplate, goStrategy } from './workloads.ts'

const counts = {
  all: [
    'currentNumberScheduled',
    'numberMisscheduled',
    'desiredNumberScheduled',
    'numberReady',
    'observedGeneration',
    'updatedNumberScheduled',
    'numberAvailable',
    'numberUnavailable',
    'collisionCount',
  ],
}

export function checkDaemonSet({ spec = {}, status = {} }: KubeObject): Problem[] {
  const { updateStrategy = {} } = spec
  const at = 'spec.updateStrategy'
  return [
    ...checkSelectedTemplate(spec, { kind: 'daemonset', owner: 'DaemonSet', isSelectorRequired: false }),
    ...nonNegative(spec.minReadySeconds, 'spec.minReadySeconds'),
    ...(['RollingUpdate', 'OnDelete'].includes(updateStrategy.type)
      ? checkRollingDaemons(updateStrategy, at)
      : [
          notSupported(at, goStrategy('DaemonSetUpdateStrategy', 'RollingUpdateDaemonSet', updateStrategy), [
            'RollingUpdate',
            'OnDelete',
          ]),
        ]),
    ...nonNegative(spec.revisionHistoryLimit, 'spec.revisionHistoryLimit'),
    ...checkStatus(status, counts),
  ]
}

function checkRollingDaemons({ type, rollingUpdate }: Part, path: string): Problem[] {
  if (type !== 'RollingUpdate') return []
  if (!rollingUpdate) return [required(`${path}.rollingUpdate`)]
  const { maxUnavailable, maxSurge } = rollingUpdate
  const [isSome, isSurge] = [!isZero(maxUnavailable), !isZero(maxSurge)]
  return [
    ...checkAmount(maxUnavailable, `${path}.rollingUpdate.maxUnavailable`),
    ...checkAmount(maxSurge, `${path}.rollingUpdate.maxSurge`),
    ...checkAtMostAll(maxUnavailable, `${path}.rollingUpdate.maxUnavailable`),
    ...checkAtMostAll(maxSurge, `${path}.rollingUpdate.maxSurge`),
    ...(isSome && isSurge
      ? [
          invalid(
            `${path}.rollingUpdate.maxSurge`,
            goAmount(maxSurge),
            'may not be set when maxUnavailable is non-zero',
          ),
        ]
      : []),
    ...(isSome || isSurge ? [] : [required(`${path}.rollingUpdate.maxUnavailable`, 'cannot be 0 when maxSurge is 0')]),
  ]
}
