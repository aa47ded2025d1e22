/** Volumes: there to be had until a claim has them, and released when it is gone. */
import type { KubeObject } from '../../objects.ts'
import { type Context, type Controller, splitKey } from '../controller.ts'
import { removeFinalizer } from '../delete.ts'
import { tell, withPhase } from './binding.ts'
import { claims, volumes } from './matching.ts'

export const volumeController: Controller = {
  name: 'persistentvolume-controller',
  client: 'kube-controller-manager',
  keys: ({ type, resource, object }) => {
    if (resource === volumes) return [`/${object.metadata.name}`]
    const volume = resource === claims && type === 'DELETED' && object.spec.volumeName
    return volume ? [`/${volume}`] : []
  },
  reconcile: (key, context) => {
    const volume = context.store.get(volumes, splitKey(key).name)
    if (!volume) return undefined
    const { claimRef } = volume.spec
    const phase = volume.status?.phase
    if (claimRef?.uid && !isHeld(volume, context)) {
      if (phase !== 'Released' && phase !== 'Failed') release(volume, context)
    } else if (!claimRef && phase !== 'Available')
      context.write.updateStatus(volumes, withPhase(volume, 'Available', context.now()))
    else if (claimRef && !claimRef.uid && phase === 'Pending')
      context.write.updateStatus(volumes, withPhase(volume, 'Available', context.now()))
    const now = context.store.get(volumes, volume.metadata.name)
    if (now?.metadata.deletionTimestamp && now.status?.phase !== 'Bound')
      removeFinalizer(volumes, now, 'kubernetes.io/pv-protection', context)
    return undefined
  },
}

function isHeld({ spec: { claimRef } }: KubeObject, { store }: Context): boolean {
  return store.get(claims, claimRef.name, claimRef.namespace)?.metadata.uid === claimRef.uid
}

/** kind lets the controller make and remove folders of the host, for which only /tmp is good. */
function release(volume: KubeObject, context: Context): void {
  const { persistentVolumeReclaimPolicy: policy, hostPath } = volume.spec
  const write = (phase: string, message?: string) =>
    context.write.updateStatus(volumes, withPhase(volume, phase, context.now(), message))
  if (policy !== 'Delete') {
    write('Released')
    return
  }
  if (hostPath && /^\/tmp\/.+/.test(hostPath.path)) {
    removeFinalizer(volumes, write('Released'), 'kubernetes.io/pv-protection', context)
    context.store.remove(volumes, volume.metadata.name)
    return
  }
  const why = hostPath
    ? `host_path deleter only supports /tmp/.+ but received provided ${hostPath.path}`
    : `error getting deleter volume plugin for volume "${volume.metadata.name}": no deletable volume plugin matched`
  write('Failed', why)
  tell(volume, 'Warning', 'VolumeFailedDelete', why, context)
}
