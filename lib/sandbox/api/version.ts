/** An object in the API version that was asked for: the kinds here have the same content in all their versions. */
import type { Kind } from '../kinds/kind.ts'
import type { KubeObject } from '../objects.ts'

export function asVersion(object: KubeObject, { group }: Kind, version: string): KubeObject {
  const apiVersion = group ? `${group}/${version}` : version
  return object.apiVersion === apiVersion ? object : { ...object, apiVersion }
}
