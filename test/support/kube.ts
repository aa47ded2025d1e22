/** A cluster in memory, for what only reads lists: conditions, proofs and diagnoses. */
import type { Item, Kube } from '../../lib/kube.ts'

export function kubeOf(...objects: Item[]): Kube {
  return {
    list: async ({ kind }, namespace) => ({
      items: objects.filter((item) => item.kind === kind && (!namespace || item.metadata?.namespace === namespace)),
      resourceVersion: '1',
    }),
    watch: async () => 'ended',
    version: async () => 'v1.29.2',
  }
}

/** A cluster whose API is away. */
export const silentKube: Kube = {
  list: () => Promise.reject(new Error('connect ECONNREFUSED')),
  watch: () => Promise.reject(new Error('connect ECONNREFUSED')),
  version: () => Promise.reject(new Error('connect ECONNREFUSED')),
}
