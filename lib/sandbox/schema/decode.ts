/** From the body of a request to an object. */
import { parse } from 'yaml'
import type { Kind } from '../kinds/kind.ts'
import type { KubeObject } from '../objects.ts'

export type FieldValidation = 'Strict' | 'Warn' | 'Ignore'

export function decode(
  _kind: Kind,
  _version: string,
  text: string,
  mediaType: string,
  _fieldValidation: FieldValidation,
): { object: KubeObject; warnings: string[] } {
  return { object: mediaType.includes('yaml') ? parse(text) : JSON.parse(text), warnings: [] }
}
