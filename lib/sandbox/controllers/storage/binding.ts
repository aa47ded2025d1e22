/** Claims and volumes that find each other, or say why they do not. No volume is made here for a claim. */
import type { KubeObject } from '../../objects.ts'
import { timestamp } from '../../store/store.ts'
import type { Context } from '../controller.ts'
import { claims, isFor, matchFor, mismatch, volumes } from './matching.ts'

const byController = 'pv.kubernetes.io/bound-by-controller'
const completed = 'pv.kubernetes.io/bind-completed'

/** @returns whether the claim is bound now */
export function bind(claim: KubeObject, isWaiting: boolean, context: Context): boolean {
  const { volumeName } = claim.spec
  if (volumeName) return bindTo(volumeName, claim, context)
  const volume = matchFor(claim, context.store.list(volumes))
  if (volume) join(volume, claim, context)
  else if (!isWaiting) tell(claim, ...whyUnbound(claim, context), context)
  return volume !== undefined
}

/** A volume that the claim asks for by name. */
function bindTo(name: string, claim: KubeObject, context: Context): boolean {
  const volume = context.store.get(volumes, name)
  if (!volume) return false
  if (volume.spec.claimRef && !isFor(volume, claim)) {
    tell(claim, 'Warning', 'FailedBinding', `volume "${name}" already bound to a different claim.`, context)
    return false
  }
  const why = mismatch(claim, volume)
  if (why) {
    tell(claim, 'Warning', 'VolumeMismatch', `Cannot bind to requested volume "${name}": ${why}`, context)
    return false
  }
  join(volume, claim, context)
  return true
}

function join(volume: KubeObject, claim: KubeObject, { write, now }: Context): void {
  const { name, namespace, uid, resourceVersion } = claim.metadata
  const claimRef = { kind: 'PersistentVolumeClaim', namespace, name, uid, apiVersion: 'v1', resourceVersion }
  const kept = write.update(volumes, {
    ...(volume.spec.claimRef ? volume : annotated(volume, byController)),
    spec: { ...volume.spec, claimRef: volume.spec.claimRef?.uid ? volume.spec.claimRef : claimRef },
  })
  write.updateStatus(volumes, withPhase(kept, 'Bound', now()))
  const own = annotated(claim.spec.volumeName ? claim : annotated(claim, byController), completed)
  const bound = write.update(claims, { ...own, spec: { ...own.spec, volumeName: volume.metadata.name } })
  const { accessModes, capacity } = volume.spec
  write.updateStatus(claims, { ...bound, status: { phase: 'Bound', accessModes, capacity } })
}

export function withPhase(volume: KubeObject, phase: string, now: Date, message?: string): KubeObject {
  const status = { phase, lastPhaseTransitionTime: timestamp(now), ...(message ? { message } : {}) }
  return volume.status?.phase === phase ? volume : { ...volume, status }
}

function annotated(object: KubeObject, name: string): KubeObject {
  const { metadata } = object
  return { ...object, metadata: { ...metadata, annotations: { ...metadata.annotations, [name]: 'yes' } } }
}

type Words = readonly [type: 'Normal' | 'Warning', reason: string, message: string]

/** Who would have to make a volume, in the words of who waits for it. */
function whyUnbound({ spec }: KubeObject, { store }: Context): Words {
  const name = spec.storageClassName ?? ''
  if (name === '') {
    const none = 'no persistent volumes available for this claim and no storage class is set'
    return ['Normal', 'FailedBinding', none]
  }
  const provisioner = store.get('storageclasses.storage.k8s.io', name)?.provisioner
  if (provisioner === undefined)
    return ['Warning', 'ProvisioningFailed', `storageclass.storage.k8s.io "${name}" not found`]
  if (provisioner.startsWith('kubernetes.io/'))
    return ['Warning', 'ProvisioningFailed', `no volume plugin matched name: ${provisioner}`]
  const advice =
    'If volume creation is delayed, please verify that the provisioner is running and correctly registered.'
  const who = `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator.`
  return ['Normal', 'ExternalProvisioning', `${who} ${advice}`]
}

export function tell(
  about: KubeObject,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
  { record }: Pick<Context, 'record'>,
): void {
  record(about, { type, reason, message, component: 'persistentvolume-controller' })
}
