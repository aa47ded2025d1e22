/** StatefulSets. */
import type { KubeObject } from '../../objects.ts'
import { asGo, forbidden, invalid, nonNegative, oneOf, type Part, type Problem } from './problems.ts'
import { checkStatus } from './workload-status.ts'
import { checkSelectedTemplate, goStrategy } from './workloads.ts'

const partial = ['readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas']
const counts = {
  all: ['replicas', ...partial, 'observedGeneration', 'collisionCount'],
  partial,
  ready: 'status.readyReplicas',
}

export function checkStatefulSet({ spec = {}, status = {} }: KubeObject): Problem[] {
  const { podManagementPolicy: policy, updateStrategy = {} } = spec
  return [
    ...(['OrderedReady', 'Parallel'].includes(policy)
      ? []
      : [invalid('spec.podManagementPolicy', policy, "must be 'OrderedReady' or 'Parallel'")]),
    ...checkStrategy(updateStrategy, 'spec.updateStrategy'),
    ...checkRetention(spec.persistentVolumeClaimRetentionPolicy, 'spec.persistentVolumeClaimRetentionPolicy'),
    ...nonNegative(spec.replicas, 'spec.replicas'),
    ...nonNegative(spec.minReadySeconds, 'spec.minReadySeconds'),
    ...nonNegative(spec.ordinals?.start, 'spec.ordinals.start'),
    ...checkSelectedTemplate(spec, { kind: 'statefulset', owner: 'StatefulSet', isPodChecked: false }),
    ...checkStatus(status, counts),
  ]
}

function checkStrategy(strategy: Part, path: string): Problem[] {
  const { type, rollingUpdate } = strategy
  if (type === 'RollingUpdate') return nonNegative(rollingUpdate?.partition, `${path}.rollingUpdate.partition`)
  if (type !== 'OnDelete')
    return [
      invalid(
        path,
        goStrategy('StatefulSetUpdateStrategy', 'RollingUpdateStatefulSetStrategy', strategy),
        "must be 'RollingUpdate' or 'OnDelete'",
      ),
    ]
  return rollingUpdate
    ? [invalid(`${path}.rollingUpdate`, goRolling(rollingUpdate), "only allowed for updateStrategy 'RollingUpdate'")]
    : []
}

function goRolling({ partition = 0 }: Part) {
  return asGo(
    `apps.RollingUpdateStatefulSetStrategy{Partition:${partition}, MaxUnavailable:(*intstr.IntOrString)(nil)}`,
  )
}

function checkRetention(policy: Part, path: string): Problem[] {
  if (!policy) return []
  return ['whenDeleted', 'whenScaled'].flatMap((when) => oneOf(policy[when], `${path}.${when}`, ['Retain', 'Delete']))
}

const mutable = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
]

export function checkStatefulSetChange({ spec }: KubeObject, { spec: old }: KubeObject): Problem[] {
  const fixed = (of: Part) =>
    JSON.stringify(
      Object.entries(of)
        .filter(([name]) => !mutable.includes(name))
        .sort(),
    )
  if (fixed(spec) === fixed(old)) return []
  const names = mutable.map((name) => `'${name}'`)
  return [
    forbidden(
      'spec',
      `updates to statefulset spec for fields other than ${names.slice(0, -1).join(', ')} and ${names.at(-1)} are forbidden`,
    ),
  ]
}
