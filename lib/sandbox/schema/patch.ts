/** Patches other than server-side apply. */
import type { Kind } from '../kinds/kind.ts'
import type { KubeObject } from '../objects.ts'
import { badRequest, StatusError } from '../status.ts'
import { rootSchema } from './built-in.ts'
import { parseJson } from './json.ts'
import { applyJsonPatch } from './json-patch.ts'
import { mediaType, unsupportedMediaType } from './media-types.ts'
import { isObject, mergePatch } from './merge-patch.ts'
import { strategicMergePatch } from './strategic-merge-patch.ts'
import { jsonType } from './typed.ts'

export const strategicMediaType = 'application/strategic-merge-patch+json'

type Apply = (current: KubeObject, patch: unknown, kind: Kind, version: string) => unknown

const mediaTypes: Readonly<Record<string, { apply: Apply; prefix: string }>> = {
  'application/json-patch+json': {
    apply: (current, patch) => applyJsonPatch(current, patch),
    prefix: 'error decoding patch: ',
  },
  'application/merge-patch+json': {
    apply: (current, patch) => mergePatch(current, asObject(patch, 'error decoding patch: ')),
    prefix: 'error decoding patch: ',
  },
  [strategicMediaType]: {
    apply: (current, patch, kind, version) =>
      strategicMergePatch(current, asObject(patch, ''), rootSchema(kind, version)),
    prefix: '',
  },
}

/**
 * The object as the patch makes it, not yet read again (see decodePatched).
 * @param version of the API the request came by
 * @param contentType that tells the kind of patch
 * @throws UnsupportedMediaType, among them a strategic merge patch of a custom resource; BadRequest, Invalid
 */
export function patch(kind: Kind, version: string, current: KubeObject, body: string, contentType: string): KubeObject {
  const name = mediaType(contentType)
  const found = Object.hasOwn(mediaTypes, name) ? mediaTypes[name] : undefined
  if (!found || (kind.custom && name === strategicMediaType)) throw unsupported(kind)
  return found.apply(current, parse(body, found.prefix), kind, version) as KubeObject
}

/** Of built-in kinds the server's router says so, before anybody looks at the patch. */
function unsupported(kind: Kind): StatusError {
  if (!kind.custom) return new StatusError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {})
  const accepted = Object.keys(mediaTypes).filter((name) => name !== strategicMediaType)
  return unsupportedMediaType([...accepted, 'application/apply-patch+yaml'])
}

function parse(body: string, prefix: string): unknown {
  try {
    return parseJson(body).value
  } catch (error) {
    if (error instanceof SyntaxError) throw badRequest(`${prefix}${error.message}`)
    throw error
  }
}

function asObject(patch: unknown, prefix: string): Record<string, unknown> {
  if (isObject(patch)) return patch
  throw badRequest(`${prefix}json: cannot unmarshal ${jsonType(patch)} into Go value of type map[string]interface {}`)
}
