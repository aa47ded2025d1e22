/** Claims of volumes, and classes of storage. */
import { isDeepStrictEqual } from 'node:util'
import { difference } from '../../go/difference.ts'
import { reflect } from '../../go/reflect.ts'
import type { KubeObject } from '../../objects.ts'
import { nanosOf } from '../quantity.ts'
import { inFormat, isDnsSubdomain, isQualifiedName } from './formats.ts'
import { checkSelector } from './labels.ts'
import { asGo, forbidden, immutable, invalid, notSupported, oneOf, type Problem, required } from './problems.ts'

const accessModes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod']
const alone = 'ReadWriteOncePod'

export function checkVolumeClaim({ spec = {} }: KubeObject): Problem[] {
  const { selector, resources, storageClassName, volumeMode } = spec
  const modes = (spec.accessModes ?? []) as string[]
  const path = 'spec.accessModes'
  return [
    ...(modes.length > 0 ? [] : [required(path, 'at least 1 access mode is required')]),
    ...(selector ? checkSelector(selector, 'spec.selector') : []),
    ...modes.filter((mode) => !accessModes.includes(mode)).map((mode) => notSupported(path, mode, accessModes)),
    ...(modes.includes(alone) && modes.some((mode) => mode !== alone && accessModes.includes(mode))
      ? [forbidden(path, `may not use ${alone} with other access modes`)]
      : []),
    ...checkSize(resources?.requests?.storage, 'spec.resources[storage]'),
    ...(storageClassName ? inFormat(storageClassName, 'spec.storageClassName', isDnsSubdomain) : []),
    ...oneOf(volumeMode, 'spec.volumeMode', ['Block', 'Filesystem']),
  ]
}

/** A claim only grows, once it is bound. */
export function checkVolumeClaimChange({ spec }: KubeObject, { spec: old, status }: KubeObject): Problem[] {
  const size = (of: KubeObject['spec']) => nanosOf(of.resources?.requests?.storage ?? '0')
  const isBound = status?.phase === 'Bound'
  const wasGiven = old.volumeName === undefined && spec.volumeName !== undefined
  const before = wasGiven ? { ...old, volumeName: spec.volumeName } : old
  const next = {
    ...spec,
    volumeAttributesClassName: old.volumeAttributesClassName,
    ...(isBound && spec.resources ? { resources: sizedAs(old.resources, spec.resources) } : {}),
  }
  const read = (claim: KubeObject['spec']) => reflect('core.PersistentVolumeClaimSpec', claim)
  const [a, b] = [read(before), read(next)]
  const text =
    'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims'
  return [
    ...(isDeepStrictEqual(a, b) ? [] : [forbidden('spec', `${text}\n${difference(a, b)}`)]),
    ...(size(spec) < size(old)
      ? [forbidden('spec.resources.requests.storage', 'field can not be less than previous value')]
      : []),
  ]
}

function sizedAs(old: KubeObject['spec'], next: KubeObject['spec']): KubeObject['spec'] {
  return next.requests ? { ...next, requests: { ...next.requests, storage: old?.requests?.storage } } : next
}

const volumeFields = [
  'capacity',
  'accessModes',
  'claimRef',
  'persistentVolumeReclaimPolicy',
  'storageClassName',
  'mountOptions',
  'volumeMode',
  'nodeAffinity',
  'volumeAttributesClassName',
]

export function checkVolume({ spec = {} }: KubeObject): Problem[] {
  const modes = (spec.accessModes ?? []) as string[]
  const capacity = (spec.capacity ?? {}) as Record<string, string>
  const sources = Object.keys(spec).filter((name) => !volumeFields.includes(name))
  const path = 'spec.capacity'
  return [
    ...(modes.length > 0 ? [] : [required('spec.accessModes')]),
    ...modes
      .filter((mode) => !accessModes.includes(mode))
      .map((mode) => notSupported('spec.accessModes', mode, accessModes)),
    ...(Object.keys(capacity).length > 0 ? [] : [required(path)]),
    ...(capacity.storage !== undefined && Object.keys(capacity).length === 1
      ? []
      : [notSupported(path, asGo(goResources(capacity)), ['storage'])]),
    ...(capacity.storage === undefined ? [] : checkSize(capacity.storage, 'spec.capacity[storage]')),
    ...oneOf(spec.persistentVolumeReclaimPolicy, 'spec.persistentVolumeReclaimPolicy', ['Delete', 'Recycle', 'Retain']),
    ...sources.slice(1).map((name) => forbidden(`spec.${name}`, 'may not specify more than 1 volume type')),
    ...(sources.length > 0 ? [] : [required('spec', 'must specify a volume type')]),
    ...(spec.storageClassName ? inFormat(spec.storageClassName, 'spec.storageClassName', isDnsSubdomain) : []),
    ...oneOf(spec.volumeMode, 'spec.volumeMode', ['Block', 'Filesystem']),
  ]
}

/** What a volume is made of stays. */
export function checkVolumeChange({ spec }: KubeObject, { spec: old }: KubeObject): Problem[] {
  const read = (of: KubeObject['spec']) => reflect('core.PersistentVolumeSource', of)
  const [before, next] = [read(old), read(spec)]
  const text = 'spec.persistentvolumesource is immutable after creation'
  return [
    ...(isDeepStrictEqual(before, next)
      ? []
      : [forbidden('spec.persistentvolumesource', `${text}\n${difference(before, next)}`)]),
    ...immutable(spec.volumeMode, old.volumeMode, 'volumeMode'),
  ]
}

function goResources(amounts: Readonly<Record<string, string>>): string {
  return Object.keys(amounts).length === 0 ? 'core.ResourceList(nil)' : 'core.ResourceList{...}'
}

function checkSize(size: string | undefined, path: string): Problem[] {
  if (size === undefined) return [required(path)]
  return nanosOf(size) > 0n ? [] : [invalid(path, size, 'must be greater than zero')]
}

export function checkStorageClass({ provisioner = '', reclaimPolicy, volumeBindingMode }: KubeObject): Problem[] {
  return [
    ...(provisioner ? inFormat(provisioner.toLowerCase(), 'provisioner', isQualifiedName) : [required('provisioner')]),
    ...oneOf(reclaimPolicy, 'reclaimPolicy', ['Delete', 'Retain']),
    ...oneOf(volumeBindingMode, 'volumeBindingMode', ['Immediate', 'WaitForFirstConsumer']),
  ]
}

export function checkStorageClassChange(next: KubeObject, old: KubeObject): Problem[] {
  const fixed = ['parameters', 'provisioner', 'reclaimPolicy'].filter(
    (name) => !isDeepStrictEqual(next[name], old[name]),
  )
  return [
    ...fixed.map((name) => forbidden(name, `updates to ${name} are forbidden.`)),
    ...immutable(next.volumeBindingMode, old.volumeBindingMode, 'volumeBindingMode'),
  ]
}
