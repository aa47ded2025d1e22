/** From the body of a request to an object, as the server reads it: types, unknown and duplicate fields. */
import type { Kind } from '../kinds/kind.ts'
import { groupVersion, type KubeObject } from '../objects.ts'
import { badRequest, type StatusError } from '../status.ts'
import { builtInSchema, objectMeta, rootSchema } from './built-in.ts'
import { type Parsed, parseJson } from './json.ts'
import { isObject } from './merge-patch.ts'
import { prune } from './prune.ts'
import { jsonType, readTyped, TypeMismatch } from './typed.ts'
import { parseYaml } from './yaml.ts'

export type FieldValidation = 'Strict' | 'Warn' | 'Ignore'

export interface Decoded {
  object: KubeObject
  /** Texts for `Warning:` headers: with `Warn`, what `Strict` would refuse. */
  warnings: string[]
}

/**
 * @param kind of the resource the request is for
 * @param version of the API the request came by
 * @param text of the body
 * @param mediaType JSON unless it names YAML
 * @throws BadRequest: no JSON, another kind or version, a wrong type, and with `Strict` an unknown or duplicate field
 */
export function decode(
  kind: Kind,
  version: string,
  text: string,
  mediaType: string,
  fieldValidation: FieldValidation,
): Decoded {
  const unrecognized = (why: string) =>
    badRequest(`the object provided is unrecognized (must be of type ${kind.kind}): ${why} (${summary(text)})`)
  const parsed = parse(text, mediaType, unrecognized)
  const { value } = parsed
  checkTypeMeta(value, unrecognized)
  if (kind.custom && !(isObject(value) && value.kind))
    throw unrecognized(`Object 'Kind' is missing in '${text.trimEnd()}'`)
  const given = isObject(value) ? value : {}
  const found = {
    apiVersion: (given.apiVersion as string) || (kind.custom ? '' : apiVersion(kind, version)),
    kind: (given.kind as string) || kind.kind,
  }
  const [, foundVersion] = groupVersion(found.apiVersion)
  const cannotBe = (why: string) =>
    badRequest(`${found.kind} in version "${foundVersion}" cannot be handled as a ${kind.kind}: ${why}`)
  if (!kind.custom) checkRegistered(kind, found, cannotBe)
  const { object, unknown } = read(kind, version, given, cannotBe)
  const isYaml = mediaType.includes('yaml')
  const problems = [
    ...parsed.duplicates.map((path) => (isYaml ? path : `duplicate field "${path}"`)),
    ...[...parsed.unsafe, ...unknown].map((path) => `unknown field "${path}"`),
  ]
  if (fieldValidation === 'Strict' && problems.length > 0)
    throw cannotBe(`strict decoding error: ${problems.join(', ')}`)
  if (found.apiVersion !== apiVersion(kind, version))
    throw badRequest(
      `the API version in the data (${found.apiVersion}) does not match the expected API version (${apiVersion(kind, version)})`,
    )
  return { object: { ...object, ...found }, warnings: fieldValidation === 'Warn' ? problems : [] }
}

/**
 * The object after a patch, read again as the server does: a patch brings types and fields that were not looked at.
 * @throws BadRequest
 */
export function decodePatched(kind: Kind, version: string, value: unknown, fieldValidation: FieldValidation): Decoded {
  return decode(kind, version, JSON.stringify(value), 'application/json', fieldValidation)
}

function parse(text: string, mediaType: string, unrecognized: (why: string) => StatusError): Parsed {
  const isYaml = mediaType.includes('yaml')
  try {
    return isYaml ? parseYaml(text) : parseJson(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw unrecognized(
      isYaml
        ? `error converting YAML to JSON: ${error.message}`
        : `couldn't get version/kind; json parse error: ${error.message}`,
    )
  }
}

/** Go's own words for the struct into which the server first reads kind and version. */
const typeMeta =
  'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }'

function checkTypeMeta(value: unknown, unrecognized: (why: string) => StatusError): void {
  const wrong = (found: unknown, into: string) =>
    unrecognized(`couldn't get version/kind; json parse error: json: cannot unmarshal ${jsonType(found)} into ${into}`)
  if (value === null) return
  if (!isObject(value)) throw wrong(value, `Go value of type ${typeMeta}`)
  for (const field of ['apiVersion', 'kind'])
    if (value[field] !== undefined && value[field] !== null && typeof value[field] !== 'string')
      throw wrong(value[field], `Go struct field .${field} of type string`)
  const version = (value.apiVersion ?? '') as string
  if (version.split('/').length > 2) throw unrecognized(`unexpected GroupVersion string: ${version}`)
}

function checkRegistered(
  kind: Kind,
  found: { apiVersion: string; kind: string },
  cannotBe: (why: string) => StatusError,
): void {
  const [group, version] = groupVersion(found.apiVersion)
  if (group === kind.group && found.kind === kind.kind && kind.versions.includes(version)) return
  if (!builtInSchema(group, version, found.kind))
    throw cannotBe(
      `no kind "${found.kind}" is registered for version "${found.apiVersion}" in scheme "pkg/runtime/scheme.go:100"`,
    )
  if (found.kind !== kind.kind)
    throw cannotBe(
      `converting (${version}.${found.kind}) to (${kind.group.split('.')[0] || 'core'}.${kind.kind}): unknown conversion`,
    )
}

function read(
  kind: Kind,
  version: string,
  given: Record<string, unknown>,
  cannotBe: (why: string) => StatusError,
): { object: KubeObject; unknown: string[] } {
  const schema = rootSchema(kind, version)
  try {
    if (!kind.custom) {
      const { value, unknown } = readTyped(given, schema, kind.kind)
      return { object: value as KubeObject, unknown }
    }
    const metadata = readTyped(given.metadata, objectMeta, 'ObjectMeta', 'metadata')
    const pruned = prune({ ...given, metadata: metadata.value }, schema)
    return { object: pruned.value as KubeObject, unknown: [...metadata.unknown, ...pruned.unknown] }
  } catch (error) {
    if (error instanceof TypeMismatch) throw cannotBe(error.message)
    throw error
  }
}

function apiVersion({ group }: Kind, version: string): string {
  return group === '' ? version : `${group}/${version}`
}

/** The beginning of a body as errors show it: as it is where it looks like JSON, else in hexadecimal. */
function summary(text: string): string {
  const most = 30
  const bytes = Buffer.from(text)
  if (bytes.length === 0) return '<empty>'
  const encoding = text.startsWith('{') ? 'utf8' : 'hex'
  return bytes.length > most ? `${bytes.subarray(0, most).toString(encoding)} ...` : bytes.toString(encoding)
}
