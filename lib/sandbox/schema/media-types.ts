/** In which formats a body may come. */
import { StatusError } from '../status.ts'

type Formats = Readonly<Record<string, 'json' | 'yaml'>>

const protobuf = 'application/vnd.kubernetes.protobuf'

/** Those of a custom resource, whose fields have no numbers. */
const ofCustom: Formats = { 'application/json': 'json', 'application/yaml': 'yaml' }

/** What came in protobuf is JSON by the time it is read. */
const ofBuiltIn: Formats = { ...ofCustom, [protobuf]: 'json' }

export function isProtobuf(contentType: string | undefined): boolean {
  return mediaType(contentType ?? '') === protobuf
}

/**
 * How to read a body; JSON where its type is not told.
 * @throws UnsupportedMediaType
 */
export function bodyFormat(contentType: string | undefined, { custom = false } = {}): 'json' | 'yaml' {
  if (!contentType) return 'json'
  const name = mediaType(contentType)
  const accepted = custom ? ofCustom : ofBuiltIn
  const found = Object.hasOwn(accepted, name) ? accepted[name] : undefined
  if (found) return found
  // Of a custom resource the server names protobuf too, unless it was just tried.
  throw unsupportedMediaType(Object.keys(name === protobuf ? ofCustom : ofBuiltIn))
}

/** Without its parameters. */
export function mediaType(contentType: string): string {
  return (contentType.split(';')[0] ?? '').trim()
}

export function unsupportedMediaType(accepted: readonly string[]): StatusError {
  return new StatusError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  )
}
