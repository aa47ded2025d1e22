/** What admission gives new volumes and claims: the default class of storage, and what keeps them while they are used. */
import type { KubeObject } from '../objects.ts'
import type { Store } from '../store/store.ts'

const isDefault = 'storageclass.kubernetes.io/is-default-class'

export function completeClaim(claim: KubeObject, store: Store): KubeObject {
  const { spec } = claim
  const storageClass = store
    .list('storageclasses.storage.k8s.io')
    .find((one) => one.metadata.annotations?.[isDefault] === 'true')
  return {
    ...kept(claim, 'kubernetes.io/pvc-protection'),
    spec:
      spec.storageClassName === undefined && storageClass
        ? { ...spec, storageClassName: storageClass.metadata.name }
        : spec,
  }
}

export function completeVolume(volume: KubeObject): KubeObject {
  return { ...kept(volume, 'kubernetes.io/pv-protection'), status: { phase: 'Pending' } }
}

function kept(object: KubeObject, finalizer: string): KubeObject {
  const { metadata } = object
  return { ...object, metadata: { ...metadata, finalizers: [...(metadata.finalizers ?? []), finalizer] } }
}
