/** Which volume goes with a claim (pkg/controller/volume/persistentvolume/index.go, and its helpers). */
import type { KubeObject } from '../../objects.ts'
import { nanosOf } from '../../schema/quantity.ts'
import { selects } from '../../selectors.ts'

export const claims = 'persistentvolumeclaims'
export const volumes = 'persistentvolumes'

/** The smallest volume that is free and large enough; one that is kept for this claim before all others. */
export function matchFor(claim: KubeObject, all: readonly KubeObject[]): KubeObject | undefined {
  const fitting = all.filter((volume) => !volume.metadata.deletionTimestamp && mismatch(claim, volume) === undefined)
  const kept = fitting.find((volume) => isFor(volume, claim))
  if (kept) return kept
  const free = fitting.filter(
    ({ metadata, spec, status }) =>
      !spec.claimRef &&
      status?.phase === 'Available' &&
      (!claim.spec.selector || selects(claim.spec.selector, metadata.labels)),
  )
  return free.sort((a, b) => (sizeOf(a) < sizeOf(b) ? -1 : 1))[0]
}

/** Whether a volume names this claim, or one of its name where it knows no better. */
export function isFor({ spec }: KubeObject, { metadata }: KubeObject): boolean {
  const { name, namespace, uid } = spec.claimRef ?? {}
  return name === metadata.name && namespace === metadata.namespace && (!uid || uid === metadata.uid)
}

/** Why a volume does not suit a claim; undefined where it does. */
export function mismatch({ spec: asked }: KubeObject, volume: KubeObject): string | undefined {
  const { spec } = volume
  if (sizeOf(volume) < nanosOf(asked.resources?.requests?.storage ?? '0')) return 'requested PV is too small'
  if ((spec.storageClassName ?? '') !== (asked.storageClassName ?? '')) return 'storageClassName does not match'
  if ((spec.volumeMode ?? 'Filesystem') !== (asked.volumeMode ?? 'Filesystem')) return 'incompatible volumeMode'
  const modes: string[] = spec.accessModes ?? []
  return (asked.accessModes ?? []).every((mode: string) => modes.includes(mode)) ? undefined : 'incompatible accessMode'
}

function sizeOf({ spec }: KubeObject): bigint {
  return nanosOf(spec.capacity?.storage ?? '0')
}
