/** What may change of a pod that is there. */
import { isDeepStrictEqual } from 'node:util'
import { difference } from '../../go/difference.ts'
import { reflect } from '../../go/reflect.ts'
import { goSyntax } from '../../go/syntax.ts'
import type { KubeObject } from '../../objects.ts'
import { goMap } from './labels.ts'
import { asGo, each, forbidden, invalid, type Part, type Problem } from './problems.ts'
import { qosClass } from './quality-of-service.ts'

/** Of a pod's spec hardly anything changes once it is there. */
export function checkPodChange(pod: KubeObject, { spec: old, status }: KubeObject): Problem[] {
  const { spec } = pod
  for (const list of ['containers', 'initContainers'])
    if ((spec[list]?.length ?? 0) !== (old[list]?.length ?? 0))
      return [forbidden(`spec.${list}`, 'pod updates may not add or remove containers')]
  const { activeDeadlineSeconds: deadline } = spec
  if (deadline !== undefined && old.activeDeadlineSeconds < deadline)
    return [invalid('spec.activeDeadlineSeconds', deadline, 'must be less than or equal to previous value')]
  const { qosClass: quality } = status ?? {}
  return [
    ...checkTolerations(spec.tolerations, old.tolerations),
    ...checkGates(spec.schedulingGates, old.schedulingGates, 'spec.schedulingGates'),
    ...(quality && quality !== qosClass(pod) ? [invalid('metadata', quality, 'Pod QoS is immutable')] : []),
    ...(old.schedulingGates?.length ? checkGated(spec, old) : []),
    ...checkFixed(spec, old),
  ]
}

function checkTolerations(next: readonly Part[] = [], old: readonly Part[] = []): Problem[] {
  const timeless = ({ tolerationSeconds: _seconds, ...toleration }: Part) => toleration
  const isKept = (one: Part) => next.some((other) => isDeepStrictEqual(timeless(other), timeless(one)))
  return old.every(isKept)
    ? []
    : [forbidden('spec.tolerations', 'existing toleration can not be modified except its tolerationSeconds')]
}

function checkGates(next: Part, old: readonly Part[] = [], path: string): Problem[] {
  return each(next, path, ({ name }, at) =>
    old.some((gate) => gate.name === name)
      ? []
      : [forbidden(`${at}.name`, `only deletion is allowed, but found new scheduling gate '${name}'`)],
  )
}

/** Who waits at a gate may still become more particular about its node. */
function checkGated(spec: Part, old: Part): Problem[] {
  const isLost = Object.entries(old.nodeSelector ?? {}).some(([key, value]) => spec.nodeSelector?.[key] !== value)
  const only = 'only additions to spec.nodeSelector are allowed (no mutations or deletions)'
  return [
    ...(isLost ? [invalid('spec.nodeSelector', goMap(spec.nodeSelector), only)] : []),
    ...checkTerms(termsOf(spec), termsOf(old), `spec.affinity.nodeAffinity.${hard}.nodeSelectorTerms`),
  ]
}

const hard = 'requiredDuringSchedulingIgnoredDuringExecution'

function termsOf({ affinity }: Part): readonly Part[] {
  return affinity?.nodeAffinity?.[hard]?.nodeSelectorTerms ?? []
}

function checkTerms(next: readonly Part[], old: readonly Part[], path: string): Problem[] {
  if (old.length === 0) return []
  if (next.length !== old.length)
    return [
      invalid(
        path,
        asGo(goSyntax('[]core.NodeSelectorTerm', next.length > 0 ? next : undefined)),
        'no additions/deletions to non-empty NodeSelectorTerms list are allowed',
      ),
    ]
  return each(next, path, (term, at) =>
    onlyAdds(term, old[next.indexOf(term)])
      ? []
      : [
          invalid(
            at,
            asGo(goSyntax('core.NodeSelectorTerm', term)),
            'only additions are allowed (no mutations or deletions)',
          ),
        ],
  )
}

/** What was said of a node is still said, and more after it. */
function onlyAdds(next: Part, old: Part): boolean {
  const lists = ['matchExpressions', 'matchFields']
  const isEmpty = (term: Part) => lists.every((list) => !term[list]?.length)
  if (isEmpty(old)) return isEmpty(next)
  return lists.every((list) => {
    const before = old[list] ?? []
    return isDeepStrictEqual((next[list] ?? []).slice(0, before.length), before)
  })
}

const mayChange = [
  '`spec.containers[*].image`',
  '`spec.initContainers[*].image`',
  '`spec.activeDeadlineSeconds`',
  '`spec.tolerations` (only additions to existing tolerations)',
  '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
]

function checkFixed(spec: Part, old: Part): Problem[] {
  const next = withFieldsThatMayChange(spec, old)
  if (isDeepStrictEqual(next, old)) return []
  const text = `pod updates may not change fields other than ${mayChange.join(',')}\n${specDifference(old, next)}`
  return [forbidden('spec', text)]
}

/** The new spec, but with what may change as it was. */
function withFieldsThatMayChange(spec: Part, old: Part): Part {
  const next = old.schedulingGates?.length ? asGated(spec, old) : { ...spec }
  for (const name of ['activeDeadlineSeconds', 'tolerations', 'schedulingGates']) restore(next, old, name)
  for (const list of ['containers', 'initContainers'])
    if (spec[list])
      next[list] = spec[list].map((container: Part, index: number) => ({ ...container, image: old[list][index].image }))
  return next
}

function restore(next: Part, old: Part, name: string): void {
  if (name in old) next[name] = old[name]
  else delete next[name]
}

/** With what a gate leaves open as it was. */
function asGated(spec: Part, old: Part): Part {
  const next = { ...spec }
  restore(next, old, 'nodeSelector')
  const affinity = { ...spec.affinity }
  restore(affinity, old.affinity ?? {}, 'nodeAffinity')
  if (Object.keys(affinity).length > 0 || old.affinity) next.affinity = affinity
  else delete next.affinity
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
