/** Custom resources. */
import type { Kind } from '../../kinds/kind.ts'
import type { KubeObject } from '../../objects.ts'
import { rootSchema } from '../built-in.ts'
import { checkMetadata, usualName } from './metadata.ts'
import { invalid, type Problem } from './problems.ts'
import { checkStructure } from './structural.ts'

export function checkCustomResource(kind: Kind, version: string, object: KubeObject): Problem[] {
  const apiVersion = `${kind.group}/${version}`
  const wrong = [
    ...(object.kind === kind.kind ? [] : [invalid('kind', object.kind, `must be ${kind.kind}`)]),
    ...(object.apiVersion === apiVersion ? [] : [invalid('apiVersion', object.apiVersion, `must be ${apiVersion}`)]),
  ]
  if (wrong.length > 0) return wrong
  return [
    ...checkMetadata(object.metadata, usualName, kind.namespaced),
    ...checkStructure(object, rootSchema(kind, version), ''),
  ]
}
