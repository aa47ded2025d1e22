/** Volumes: each is there to be had, and no claim is ever bound to one here. */
import { timestamp } from '../store/store.ts'
import { type Controller, splitKey } from './controller.ts'
import { removeFinalizer } from './delete.ts'

const volumes = 'persistentvolumes'

export const volumeController: Controller = {
  name: 'persistentvolume-controller',
  client: 'kube-controller-manager',
  keys: ({ resource, object }) => (resource === volumes ? [`/${object.metadata.name}`] : []),
  reconcile: (key, context) => {
    const volume = context.store.get(volumes, splitKey(key).name)
    if (!volume) return undefined
    if (volume.metadata.deletionTimestamp) removeFinalizer(volumes, volume, 'kubernetes.io/pv-protection', context)
    else if (volume.status?.phase === 'Pending') {
      const status = { phase: 'Available', lastPhaseTransitionTime: timestamp(context.now()) }
      context.write.updateStatus(volumes, { ...volume, status })
    }
    return undefined
  },
}
