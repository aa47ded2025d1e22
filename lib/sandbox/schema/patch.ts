/** Patches other than server-side apply. */
import type { Kind } from '../kinds/kind.ts'
import type { KubeObject } from '../objects.ts'
import { mergePatch } from './merge-patch.ts'

export function patch(
  _kind: Kind,
  _version: string,
  current: KubeObject,
  body: string,
  _mediaType: string,
): KubeObject {
  return mergePatch(current, JSON.parse(body)) as KubeObject
}
