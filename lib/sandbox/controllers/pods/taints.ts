/** Taints of a node, and the pods that bear them. */
import type { KubeObject } from '../../objects.ts'

export interface Taint {
  key: string
  value?: string
  effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute'
}

export interface Toleration {
  key?: string
  operator?: 'Exists' | 'Equal'
  value?: string
  effect?: Taint['effect']
  tolerationSeconds?: number
}

/** The taints that keep a pod from the node. */
export function repelling({ spec }: KubeObject, node: KubeObject): Taint[] {
  const taints: Taint[] = node.spec?.taints ?? []
  return taints.filter((taint) => taint.effect !== 'PreferNoSchedule' && !tolerates(spec.tolerations, taint))
}

export function tolerates(tolerations: readonly Toleration[] | undefined, taint: Taint): boolean {
  return (tolerations ?? []).some((toleration) => isTolerated(toleration, taint))
}

/** No key stands for all keys, no effect for all effects. */
export function isTolerated({ key, operator = 'Equal', value = '', effect }: Toleration, taint: Taint): boolean {
  if (effect && effect !== taint.effect) return false
  if (key && key !== taint.key) return false
  return operator === 'Exists' || value === (taint.value ?? '')
}
