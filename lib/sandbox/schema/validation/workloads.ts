/** Kinds that keep pods running: by a template, and a selector that must fit it. */
import type { KubeObject } from '../../objects.ts'
import { selects } from '../../selectors.ts'
import { checkAmount, goAmount, isZero } from './amounts.ts'
import { goPlace } from './go-pointers.ts'
import { checkLabels, checkSelector, goMap, goSelector, isEmptySelector } from './labels.ts'
import { checkAnnotations } from './metadata.ts'
import { checkPodSpec } from './pod-spec.ts'
import {
  asGo,
  forbidden,
  type GoText,
  immutable,
  invalid,
  nonNegative,
  notSupported,
  oneOf,
  type Part,
  type Problem,
  required,
} from './problems.ts'

export function checkTemplate(template: Part, path: string): Problem[] {
  const { metadata = {}, spec = {} } = template ?? {}
  return [
    // Here the server leaves out that they are in metadata.
    ...checkLabels(metadata.labels, `${path}.labels`),
    ...checkAnnotations(metadata.annotations, `${path}.annotations`),
    ...checkPodSpec(spec, `${path}.spec`),
  ]
}

interface WorkloadRules {
  /** As messages name the kind: `deployment`. */
  kind: string
  /** As messages name whose pods have no deadline. */
  owner: string
  /** A daemon set's missing selector is not said to be missing, nor is a malformed one more than malformed. */
  isSelectorRequired?: false
  /** A stateful set's pods are only looked at when they are made. */
  isPodChecked?: false
}

function checkSelectedTemplate(spec: Part, workload: WorkloadRules): Problem[] {
  const { kind, isSelectorRequired = true, isPodChecked = true } = workload
  const { selector, template } = spec
  const { labels, annotations } = template?.metadata ?? {}
  const malformed = selector ? checkSelector(selector, 'spec.selector') : []
  const problems = [...(selector || !isSelectorRequired ? [] : [required('spec.selector')]), ...malformed]
  const isEmpty = Boolean(selector) && isEmptySelector(selector)
  if (isEmpty) problems.push(invalid('spec.selector', goSelector(selector), `empty selector is invalid for ${kind}`))
  const isMalformed = malformed.length > 0
  if (isMalformed && isSelectorRequired)
    return [...problems, invalid('spec.selector', goSelector(selector), 'invalid label selector')]
  if (!isMalformed && !isEmpty && !selects(selector, labels))
    problems.push(
      invalid('spec.template.metadata.labels', goMap(labels), '`selector` does not match template `labels`'),
    )
  return [
    ...problems,
    ...(isPodChecked
      ? checkTemplate(template, 'spec.template')
      : [
          ...checkLabels(labels, 'spec.template.labels'),
          ...checkAnnotations(annotations, 'spec.template.annotations'),
        ]),
    ...checkForever(template?.spec ?? {}, workload),
  ]
}

/** What runs for ever starts again whenever it ends. */
function checkForever(
  { restartPolicy, activeDeadlineSeconds }: Part,
  { owner }: Pick<WorkloadRules, 'owner'>,
): Problem[] {
  return [
    ...oneOf(restartPolicy, 'spec.template.spec.restartPolicy', ['Always']),
    ...(activeDeadlineSeconds === undefined
      ? []
      : [forbidden('spec.template.spec.activeDeadlineSeconds', `activeDeadlineSeconds in ${owner} is not Supported`)]),
  ]
}

const counts = ['replicas', 'updatedReplicas', 'readyReplicas', 'availableReplicas', 'unavailableReplicas']

/** The parts of a deployment's pods cannot be more than all. */
function checkDeploymentStatus(status: Part): Problem[] {
  const { replicas = 0, readyReplicas = 0 } = status
  const atMost = (name: string, most: number, of: string): Problem[] => {
    const count = status[name] ?? 0
    return count > most ? [invalid(`status.${name}`, count, `cannot be greater than ${of}`)] : []
  }
  return [
    ...counts.flatMap((name) => nonNegative(status[name], `status.${name}`)),
    ...['updatedReplicas', 'readyReplicas', 'availableReplicas'].flatMap((name) =>
      atMost(name, replicas, 'status.replicas'),
    ),
    ...atMost('availableReplicas', readyReplicas, 'readyReplicas'),
  ]
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
    ...checkDeploymentStatus(status),
  ]
}

export function checkReplicaSet({ spec = {} }: KubeObject): Problem[] {
  return [
    ...nonNegative(spec.replicas, 'spec.replicas'),
    ...nonNegative(spec.minReadySeconds, 'spec.minReadySeconds'),
    ...checkSelectedTemplate(spec, { kind: 'replicaset', owner: 'ReplicaSet' }),
  ]
}

/** The oldest of them, whose selector is a map of labels. */
export function checkReplicationController({ spec = {} }: KubeObject): Problem[] {
  const { selector, template } = spec
  const isEmpty = Object.keys(selector ?? {}).length === 0
  const labels = template?.metadata?.labels
  return [
    ...nonNegative(spec.minReadySeconds, 'spec.minReadySeconds'),
    ...(isEmpty ? [required('spec.selector')] : []),
    ...nonNegative(spec.replicas, 'spec.replicas'),
    ...(template
      ? [
          ...(isEmpty || selects({ matchLabels: selector }, labels)
            ? []
            : [invalid('spec.template.metadata.labels', goMap(labels), '`selector` does not match template `labels`')]),
          ...checkTemplate(template, 'spec.template'),
          ...checkForever(template.spec ?? {}, { owner: 'ReplicationController' }),
        ]
      : [required('spec.template')]),
  ]
}

export function checkDaemonSet({ spec = {} }: KubeObject): Problem[] {
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

export function checkStatefulSet({ spec = {} }: KubeObject): Problem[] {
  const { podManagementPolicy: policy, updateStrategy = {} } = spec
  return [
    ...(['OrderedReady', 'Parallel'].includes(policy)
      ? []
      : [invalid('spec.podManagementPolicy', policy, "must be 'OrderedReady' or 'Parallel'")]),
    ...(['RollingUpdate', 'OnDelete'].includes(updateStrategy.type)
      ? []
      : [
          invalid(
            'spec.updateStrategy',
            goStrategy('StatefulSetUpdateStrategy', 'RollingUpdateStatefulSetStrategy', updateStrategy),
            "must be 'RollingUpdate' or 'OnDelete'",
          ),
        ]),
    ...nonNegative(spec.replicas, 'spec.replicas'),
    ...nonNegative(spec.minReadySeconds, 'spec.minReadySeconds'),
    ...checkSelectedTemplate(spec, { kind: 'statefulset', owner: 'StatefulSet', isPodChecked: false }),
  ]
}

function goStrategy(struct: string, update: string, { type, rollingUpdate }: Part): GoText {
  const place = goPlace(rollingUpdate)
  return asGo(`apps.${struct}{Type:${JSON.stringify(type)}, RollingUpdate:(*apps.${update})(${place})}`)
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
    ...(Number.parseInt(maxUnavailable, 10) > 100 && typeof maxUnavailable === 'string'
      ? [invalid(`${at}.maxUnavailable`, goAmount(maxUnavailable), 'must not be greater than 100%')]
      : []),
  ]
}

/** Which pods are a workload's never changes: it would lose those it has. */
export function checkSelectorChange({ spec }: KubeObject, { spec: old }: KubeObject): Problem[] {
  return immutable(spec.selector, old.selector, 'spec.selector', (selector) =>
    selector ? goSelector(selector) : 'null',
  )
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
