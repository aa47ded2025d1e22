/** Pods that want others on their node, or want to be without them: required affinity between pods. */
import type { KubeObject } from '../../objects.ts'
import { type LabelSelector, selects } from '../../selectors.ts'

interface Term {
  labelSelector?: LabelSelector
  namespaces?: string[]
  /** Of namespaces by their labels; here it stands for all of them. */
  namespaceSelector?: LabelSelector
  topologyKey: string
}

/** Whether the node has none of a kind that the pod wants there. The first of a kind that wants its own may begin. */
export function lacksCompany(pod: KubeObject, node: KubeObject, others: readonly KubeObject[]): boolean {
  return required(pod, 'podAffinity').some(
    (term) => !hasTopology(term, node) || (!others.some((other) => means(term, pod, other)) && !means(term, pod, pod)),
  )
}

/** Whether the node has a pod that this one does not want there. */
export function rejectsCompany(pod: KubeObject, node: KubeObject, others: readonly KubeObject[]): boolean {
  return required(pod, 'podAntiAffinity').some(
    (term) => hasTopology(term, node) && others.some((other) => means(term, pod, other)),
  )
}

function required({ spec }: KubeObject, kind: 'podAffinity' | 'podAntiAffinity'): Term[] {
  return spec.affinity?.[kind]?.requiredDuringSchedulingIgnoredDuringExecution ?? []
}

function hasTopology({ topologyKey }: Term, { metadata }: KubeObject): boolean {
  return metadata.labels?.[topologyKey] !== undefined
}

function means({ labelSelector, namespaces, namespaceSelector }: Term, pod: KubeObject, other: KubeObject): boolean {
  const own = namespaces?.length ? namespaces : [pod.metadata.namespace]
  const isNear = namespaceSelector !== undefined || own.includes(other.metadata.namespace)
  return isNear && selects(labelSelector, other.metadata.labels)
}
