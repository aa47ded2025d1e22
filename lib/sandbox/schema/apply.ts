/** Server-side apply. */
import { parse } from 'yaml'
import type { Kind } from '../kinds/kind.ts'
import type { KubeObject } from '../objects.ts'
import { mergePatch } from './merge-patch.ts'

export interface ApplyOptions {
  manager: string
  force: boolean
  now: Date
}

export function applyPatch(
  _kind: Kind,
  _version: string,
  current: KubeObject | undefined,
  body: string,
  _options: ApplyOptions,
): KubeObject {
  return mergePatch(current ?? {}, parse(body)) as KubeObject
}
