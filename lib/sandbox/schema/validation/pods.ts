/** Pods. */
import { isDeepStrictEqual } from 'node:util'
import type { KubeObject } from '../../objects.ts'
import { checkImages } from './containers.ts'
import { checkPodSpec } from './pod-spec.ts'
import { forbidden, invalid, type Part, type Problem } from './problems.ts'

export function checkPod({ spec = {} }: KubeObject): Problem[] {
  return [
    ...checkPodSpec(spec, 'spec', true),
    ...(spec.ephemeralContainers?.length ? [forbidden('spec.ephemeralContainers', 'cannot be set on create')] : []),
    ...checkImages(spec, 'spec'),
  ]
}

/** Of a pod's spec hardly anything changes once it is there. */
export function checkPodChange({ spec }: KubeObject, { spec: old }: KubeObject): Problem[] {
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
  const problems = lost
    ? [forbidden('spec.tolerations', 'existing toleration can not be modified except its tolerationSeconds')]
    : []
  const changed = changedFields(fixed(spec), fixed(old))
  if (changed.length === 0) return problems
  const mayChange = [
    '`spec.containers[*].image`',
    '`spec.initContainers[*].image`',
    '`spec.activeDeadlineSeconds`',
    '`spec.tolerations` (only additions to existing tolerations)',
    '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
  ]
  const text = `pod updates may not change fields other than ${mayChange.join(',')}\n${changed.map(difference).join('')}`
  return [...problems, forbidden('spec', text)]
}

/** Without what may change. */
function fixed(spec: Part): Part {
  const { activeDeadlineSeconds: _deadline, tolerations: _tolerations, schedulingGates: _gates, ...rest } = spec
  const without = (containers: Part) => containers?.map(({ image: _image, ...container }: Part) => container)
  return { ...rest, containers: without(spec.containers), initContainers: without(spec.initContainers) }
}

type Change = readonly [name: string, old: unknown, next: unknown]

function changedFields(next: Part, old: Part): Change[] {
  const names = new Set([...Object.keys(old), ...Object.keys(next)])
  return [...names]
    .filter((name) => !isDeepStrictEqual(old[name], next[name]))
    .map((name) => [name, old[name], next[name]])
}

/** The server shows Go's own comparison of the two; this one shows each changed field as JSON. */
function difference([name, old, next]: Change): string {
  const line = (sign: string, value: unknown) =>
    value === undefined ? '' : `${sign} \t${name}: ${JSON.stringify(value)},\n`
  return line('-', old) + line('+', next)
}
