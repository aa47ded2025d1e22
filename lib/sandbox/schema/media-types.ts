/** In which formats a body may come. */
import { StatusError } from '../status.ts'

const formats: Readonly<Record<string, 'json' | 'yaml'>> = { 'application/json': 'json', 'application/yaml': 'yaml' }

/** The server reads it too; no client of the lesson writes it. */
const protobuf = 'application/vnd.kubernetes.protobuf'

/**
 * How to read a body; JSON where its type is not told.
 * @throws UnsupportedMediaType
 */
export function bodyFormat(contentType: string | undefined): 'json' | 'yaml' {
  if (!contentType) return 'json'
  const name = mediaType(contentType)
  const found = Object.hasOwn(formats, name) ? formats[name] : undefined
  if (found) return found
  throw unsupportedMediaType([...Object.keys(formats), ...(name === protobuf ? [] : [protobuf])])
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
