/** Pods that want to be spread over the nodes: required constraints, as far as a single node can break them. */
import type { KubeObject } from '../../objects.ts'
import { type LabelSelector, selects } from '../../selectors.ts'

interface Constraint {
  maxSkew: number
  topologyKey: string
  whenUnsatisfiable: string
  labelSelector?: LabelSelector
  matchLabelKeys?: string[]
  minDomains?: number
}

/** Whether the node has no place in a topology by which the pod is to be spread. */
export function lacksTopology(pod: KubeObject, { metadata }: KubeObject): boolean {
  return required(pod).some(({ topologyKey }) => metadata.labels?.[topologyKey] === undefined)
}

/** Where more places are asked for than the one there is, each counts as if another had none. */
export function isTooMany(pod: KubeObject, _node: KubeObject, others: readonly KubeObject[]): boolean {
  return required(pod).some((constraint) => {
    const { maxSkew, minDomains = 1 } = constraint
    const alike = others.filter((other) => isMeant(constraint, pod, other)).length
    const itself = isMeant(constraint, pod, pod) ? 1 : 0
    return alike + itself - (minDomains > 1 ? 0 : alike) > maxSkew
  })
}

function required({ spec }: KubeObject): Constraint[] {
  const all: Constraint[] = spec.topologySpreadConstraints ?? []
  return all.filter(({ whenUnsatisfiable }) => whenUnsatisfiable === 'DoNotSchedule')
}

function isMeant({ labelSelector, matchLabelKeys = [] }: Constraint, pod: KubeObject, other: KubeObject): boolean {
  const isNear = pod.metadata.namespace === other.metadata.namespace && !other.metadata.deletionTimestamp
  const isAlike = matchLabelKeys.every((key) => pod.metadata.labels?.[key] === other.metadata.labels?.[key])
  return isNear && isAlike && selects(labelSelector, other.metadata.labels)
}
