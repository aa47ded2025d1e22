/** Claims of volumes: bound where there is a volume for them; one that is deleted goes when no pod uses it. */
import type { KubeObject } from '../../objects.ts'
import { type Again, type Context, type Controller, keyOf, splitKey } from '../controller.ts'
import { removeFinalizer } from '../delete.ts'
import { bind, tell } from './binding.ts'
import { claims, isFor, volumes } from './matching.ts'

const protection = 'kubernetes.io/pvc-protection'

export function claimController(): Controller {
  /** Those that have been told that they wait, by uid. */
  const told = new Set<string>()
  return {
    name: 'persistentvolume-controller',
    client: 'kube-controller-manager',
    keys: ({ resource, object }, { store }) => {
      if (resource === claims) return [keyOf(object)]
      if (resource === volumes)
        return store
          .list(claims)
          .filter((claim) => isOf(object, claim))
          .map(keyOf)
      return resource === 'pods' ? claimsOf(object).map((name) => `${object.metadata.namespace}/${name}`) : []
    },
    reconcile: (key, context) => {
      const { namespace, name } = splitKey(key)
      const claim = context.store.get(claims, name, namespace)
      if (!claim) return undefined
      const { uid = '', deletionTimestamp, finalizers } = claim.metadata
      if (deletionTimestamp) {
        told.delete(uid)
        if (finalizers?.includes(protection) && !isUsed(claim, context))
          removeFinalizer(claims, claim, protection, context)
        return undefined
      }
      return claim.status?.phase === 'Bound' ? checkLost(claim, context) : settle(claim, told, context)
    },
  }
}

/** A claim that has none does not hear of a new one: it looks by itself. */
function isOf({ metadata }: KubeObject, { spec, status }: KubeObject): boolean {
  return status?.phase === 'Bound' && spec.volumeName === metadata.name
}

function settle(claim: KubeObject, told: Set<string>, context: Context): Again {
  const { uid = '' } = claim.metadata
  const isLate = isLateBound(claim, context)
  if (isLate && !isUsed(claim, context)) {
    if (!told.has(uid) && !claim.spec.volumeName)
      tell(claim, 'Normal', 'WaitForFirstConsumer', 'waiting for first consumer to be created before binding', context)
    told.add(uid)
    return undefined
  }
  return bind(claim, isLate, context) ? undefined : context.pace.claim
}

/** The volume of a bound claim may have been taken away by force. */
function checkLost(claim: KubeObject, context: Context): Again {
  const volume = context.store.get(volumes, claim.spec.volumeName)
  if (volume && isFor(volume, claim)) return undefined
  const lost = 'Bound claim has lost its PersistentVolume. Data on the volume is lost!'
  context.write.updateStatus(claims, { ...claim, status: { ...claim.status, phase: 'Lost' } })
  tell(claim, 'Warning', 'ClaimLost', lost, context)
  return undefined
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

/** Whether its class has it wait until a pod uses it. */
export function isLateBound({ spec }: KubeObject, { store }: Pick<Context, 'store'>): boolean {
  const storageClass = store.get('storageclasses.storage.k8s.io', spec.storageClassName ?? '')
  return storageClass?.volumeBindingMode === 'WaitForFirstConsumer'
}
