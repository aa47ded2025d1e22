/** Metadata as those servers look at it who, unlike Kubernetes' core, take finalizers that have no domain. */
import type { KubeObject } from '../../objects.ts'
import { type Format, inFormat, isQualifiedName } from './formats.ts'
import { checkMetadata } from './metadata.ts'
import type { Problem } from './problems.ts'

export function checkExtensionMetadata(
  { finalizers = [], ...metadata }: KubeObject['metadata'],
  format: Format,
  isNamespaced: boolean,
): Problem[] {
  return [
    ...checkMetadata(metadata, format, isNamespaced),
    ...finalizers.flatMap((name) => inFormat(name, 'metadata.finalizers', isQualifiedName)),
  ]
}
