/** What admission gives a new claim: the default class of storage, and what keeps it while a pod uses it. */
import type { KubeObject } from '../objects.ts'
import type { Store } from '../store/store.ts'

const isDefault = 'storageclass.kubernetes.io/is-default-class'

export function completeClaim(claim: KubeObject, store: Store): KubeObject {
  const { metadata, spec } = claim
  const storageClass = store
    .list('storageclasses.storage.k8s.io')
    .find((one) => one.metadata.annotations?.[isDefault] === 'true')
  return {
    ...claim,
    metadata: { ...metadata, finalizers: [...(metadata.finalizers ?? []), 'kubernetes.io/pvc-protection'] },
    spec:
      spec.storageClassName === undefined && storageClass
        ? { ...spec, storageClassName: storageClass.metadata.name }
        : spec,
  }
}
