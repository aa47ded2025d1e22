/** Claims of volumes, and classes of storage. */
import type { KubeObject } from '../../objects.ts'
import { parseQuantity } from '../quantity.ts'
import { inFormat, isDnsSubdomain, isQualifiedName } from './formats.ts'
import { checkSelector } from './labels.ts'
import { forbidden, invalid, notSupported, oneOf, type Problem, required } from './problems.ts'

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

function checkSize(size: string | undefined, path: string): Problem[] {
  if (size === undefined) return [required(path)]
  return (parseQuantity(size)?.nanos ?? 0n) > 0n ? [] : [invalid(path, size, 'must be greater than zero')]
}

export function checkStorageClass({ provisioner = '', reclaimPolicy, volumeBindingMode }: KubeObject): Problem[] {
  return [
    ...(provisioner ? inFormat(provisioner.toLowerCase(), 'provisioner', isQualifiedName) : [required('provisioner')]),
    ...oneOf(reclaimPolicy, 'reclaimPolicy', ['Delete', 'Retain']),
    ...oneOf(volumeBindingMode, 'volumeBindingMode', ['Immediate', 'WaitForFirstConsumer']),
  ]
}
