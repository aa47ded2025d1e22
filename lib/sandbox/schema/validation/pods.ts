/** Pods. */
import { isDeepStrictEqual } from 'node:util'
import { difference } from '../../go/difference.ts'
import { reflect } from '../../go/reflect.ts'
import type { KubeObject } from '../../objects.ts'
import { checkImages } from './containers.ts'
import { checkPodSpec } from './pod-spec.ts'
import { forbidden, invalid, type Part, type Problem } from './problems.ts'
import { qosClass } from './quality-of-service.ts'

export function checkPod({ spec = {} }: KubeObject): Problem[] {
  return [
    ...checkPodSpec(spec, 'spec', true),
    ...(spec.ephemeralContainers?.length ? [forbidden('spec.ephemeralContainers', 'cannot be set on create')] : []),
    ...checkImages(spec, 'spec'),
  ]
}

/** Of a pod's spec hardly anything changes once it is there. */
export function checkPodChange(pod: KubeObject, { spec: old, status }: KubeObject): Problem[] {
  const { spec } = pod
  for (const list of ['containers', 'initContainers'])
    if ((spec[list]?.length ?? 0) !== (old[list]?.length ?? 0))
      return [forbidden(`spec.${list}`, 'pod updates may not add or remove containers')]
  const { activeDeadlineSeconds: deadline } = spec
  if (deadline !== undefined && old.activeDeadlineSeconds < deadline)
    return [invalid('spec.activeDeadlineSeconds', deadline, 'must be less than or equal to previous value')]
  const timeless = ({ tolerationSeconds: _seconds, ...toleration }: Part) => toleration
  const lost = ((old.tolerations ?? []) as Part[]).some(
    (toleration) => !spec.tolerations?.some((other: Part) => isDeepStrictEqual(timeless(other), timeless(toleration))),
  )
  const gates = new Set((old.schedulingGates ?? []).map(({ name }: Part) => name))
  const added = ((spec.schedulingGates ?? []) as Part[]).filter(({ name }) => !gates.has(name))
  if (added.length > 0)
    return added.map(({ name }) =>
      forbidden('spec.schedulingGates', `only deletion is allowed, but found new scheduling gate '${name}'`),
    )
  const { qosClass: quality } = status ?? {}
  const problems = [
    ...(lost
      ? [forbidden('spec.tolerations', 'existing toleration can not be modified except its tolerationSeconds')]
      : []),
    ...(quality && quality !== qosClass(pod) ? [invalid('metadata', quality, 'Pod QoS is immutable')] : []),
  ]
  const next = withFieldsThatMayChange(spec, old)
  if (isDeepStrictEqual(next, old)) return problems
  const mayChange = [
    '`spec.containers[*].image`',
    '`spec.initContainers[*].image`',
    '`spec.activeDeadlineSeconds`',
    '`spec.tolerations` (only additions to existing tolerations)',
    '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
  ]
  const text = `pod updates may not change fields other than ${mayChange.join(',')}\n${specDifference(old, next)}`
  return [...problems, forbidden('spec', text)]
}

/** The new spec, but with what may change as it was. */
function withFieldsThatMayChange(spec: Part, old: Part): Part {
  const next = { ...spec }
  for (const name of ['activeDeadlineSeconds', 'tolerations', 'schedulingGates']) {
    if (name in old) next[name] = old[name]
    else delete next[name]
  }
  for (const list of ['containers', 'initContainers'])
    if (spec[list])
      next[list] = spec[list].map((container: Part, index: number) => ({ ...container, image: old[list][index].image }))
  return next
}

function specDifference(old: Part, next: Part): string {
  const read = (spec: Part) => reflect('core.PodSpec', internal(spec))
  return difference(read(old), read(next))
}

/** Where the server keeps these fields. */
function internal(spec: Part): Part {
  const { hostNetwork, hostPID, hostIPC, shareProcessNamespace, hostUsers, securityContext } = spec
  return {
    ...spec,
    securityContext: { ...securityContext, hostNetwork, hostPID, hostIPC, shareProcessNamespace, hostUsers },
  }
}
