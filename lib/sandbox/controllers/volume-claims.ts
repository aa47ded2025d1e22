/** Claims of volumes: none is ever bound here; one that is deleted goes when no pod uses it. */
import type { KubeObject } from '../objects.ts'
import { type Context, type Controller, keyOf, splitKey } from './controller.ts'
import { removeFinalizer } from './delete.ts'

const claims = 'persistentvolumeclaims'
const protection = 'kubernetes.io/pvc-protection'

export function claimController(): Controller {
  /** Those that have been told that they wait, by uid. */
  const told = new Set<string>()
  return {
    name: 'persistentvolume-controller',
    client: 'kube-controller-manager',
    keys: ({ resource, object }) =>
      resource === claims
        ? [keyOf(object)]
        : resource === 'pods'
          ? claimsOf(object).map((name) => `${object.metadata.namespace}/${name}`)
          : [],
    reconcile: (key, context) => {
      const { namespace, name } = splitKey(key)
      const claim = context.store.get(claims, name, namespace)
      if (!claim) return undefined
      const { uid = '', deletionTimestamp, finalizers } = claim.metadata
      if (deletionTimestamp) {
        told.delete(uid)
        if (finalizers?.includes(protection) && !isUsed(claim, context))
          removeFinalizer(claims, claim, protection, context)
      } else if (!told.has(uid) && waitsForPod(claim, context)) {
        told.add(uid)
        context.record(claim, {
          type: 'Normal',
          reason: 'WaitForFirstConsumer',
          message: 'waiting for first consumer to be created before binding',
          component: 'persistentvolume-controller',
        })
      }
      return undefined
    },
  }
}

function claimsOf({ spec }: KubeObject): string[] {
  return (spec.volumes ?? []).flatMap(
    ({ persistentVolumeClaim: claim }: { persistentVolumeClaim?: { claimName: string } }) => claim?.claimName ?? [],
  )
}

function isUsed({ metadata: { name, namespace } }: KubeObject, { store }: Context): boolean {
  const hasNotEnded = ({ status }: KubeObject) => !['Succeeded', 'Failed'].includes(status?.phase)
  return store.list('pods', namespace).some((pod) => hasNotEnded(pod) && claimsOf(pod).includes(name))
}

function waitsForPod(claim: KubeObject, context: Context): boolean {
  const { storageClassName, volumeName } = claim.spec
  const storageClass = context.store.get('storageclasses.storage.k8s.io', storageClassName ?? '')
  return storageClass?.volumeBindingMode === 'WaitForFirstConsumer' && !volumeName && !isUsed(claim, context)
}
