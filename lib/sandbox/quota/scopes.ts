/** Which pods a ResourceQuota is about. */
import type { KubeObject } from '../objects.ts'

interface Requirement {
  scopeName: string
  operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist'
  values?: readonly string[]
}

const isBestEffort = ({ status }: KubeObject) => status?.qosClass === 'BestEffort'
const isTerminating = ({ spec }: KubeObject) => (spec.activeDeadlineSeconds ?? -1) >= 0

const scopes: Readonly<Record<string, (pod: KubeObject) => boolean>> = {
  BestEffort: isBestEffort,
  NotBestEffort: (pod) => !isBestEffort(pod),
  Terminating: isTerminating,
  NotTerminating: (pod) => !isTerminating(pod),
  CrossNamespacePodAffinity: ({ spec }) =>
    hasNamespaces(spec.affinity?.podAffinity ?? {}) || hasNamespaces(spec.affinity?.podAntiAffinity ?? {}),
}

/** A quota with a scope is about pods alone. */
export function isAbout({ spec }: KubeObject, resource: string, object: KubeObject): boolean {
  const required: Requirement[] = [
    ...(spec.scopes ?? []).map((scopeName: string) => ({ scopeName, operator: 'Exists' })),
    ...(spec.scopeSelector?.matchExpressions ?? []),
  ]
  return required.length === 0 || (resource === 'pods' && required.every((one) => meets(object, one)))
}

function meets(pod: KubeObject, { scopeName, operator, values = [] }: Requirement): boolean {
  if (scopeName !== 'PriorityClass') return scopes[scopeName]?.(pod) ?? false
  const name: string = pod.spec.priorityClassName ?? ''
  const answers = {
    In: values.includes(name),
    NotIn: !values.includes(name),
    Exists: name !== '',
    DoesNotExist: name === '',
  }
  return answers[operator]
}

// biome-ignore lint/suspicious/noExplicitAny: parts of a pod are known by the schema
function hasNamespaces(affinity: any): boolean {
  const { requiredDuringSchedulingIgnoredDuringExecution: required = [], ...rest } = affinity
  const preferred = (rest.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(
    ({ podAffinityTerm }: { podAffinityTerm: object }) => podAffinityTerm,
  )
  return [...required, ...preferred].some(
    ({ namespaces, namespaceSelector }) => namespaces?.length > 0 || namespaceSelector !== undefined,
  )
}
