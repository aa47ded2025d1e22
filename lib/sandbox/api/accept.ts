/** Which form of an answer a client asks for. */
import { StatusError } from '../status.ts'

export type Form = 'json' | 'yaml' | 'table' | 'metadata' | 'discovery'

/** Forms by the `as` of a media type's parameters. */
const transformed: Readonly<Record<string, Form>> = {
  Table: 'table',
  PartialObjectMetadata: 'metadata',
  PartialObjectMetadataList: 'metadata',
  APIGroupDiscoveryList: 'discovery',
}

/**
 * The first form in an Accept header that the server has.
 * @param offered the transformations that make sense for what is asked
 * @throws NotAcceptable
 */
export function acceptedForm(header: string | undefined, offered: readonly Form[]): Form {
  if (!header) return 'json'
  for (const range of header.split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim())
    const values = Object.fromEntries(parameters.map((parameter) => parameter.split('=', 2)))
    const form =
      values.as === undefined ? plainForm(type) : type === 'application/json' ? transformed[values.as] : undefined
    if (form && (values.as === undefined || (offered.includes(form) && isServed(form, values.v)))) return form
  }
  throw new StatusError(
    406,
    'NotAcceptable',
    'only the following media types are accepted: application/json, application/yaml',
  )
}

function plainForm(type: string): Form | undefined {
  if (['*/*', 'application/*', 'application/json', ''].includes(type)) return 'json'
  return type === 'application/yaml' ? 'yaml' : undefined
}

function isServed(form: Form, version: string | undefined): boolean {
  return version === (form === 'discovery' ? 'v2beta1' : 'v1')
}
