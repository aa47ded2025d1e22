/** From the body of a request to an object, as the server reads it: types, unknown and duplicate fields. */
import type { Kind } from '../kinds/kind.ts'
import { groupVersion, type KubeObject } from '../objects.ts'
import { badRequest, StatusError } from '../status.ts'
import { builtInSchema, objectMeta, rootSchema } from './built-in.ts'
import { goValue } from './go-value.ts'
import { type Parsed, parseJson } from './json.ts'
import { bodyFormat } from './media-types.ts'
import { isObject } from './merge-patch.ts'
import { inOrder } from './ordered.ts'
import { strategicMediaType } from './patch.ts'
import { patchedText } from './patched-text.ts'
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
 * @param contentType JSON where it is undefined
 * @throws UnsupportedMediaType; BadRequest: no JSON, another kind or version, a wrong type, and with `Strict` an unknown or duplicate field
 */
export function decode(
  kind: Kind,
  version: string,
  text: string,
  contentType: string | undefined,
  fieldValidation: FieldValidation,
): Decoded {
  const isYaml = bodyFormat(contentType, kind) === 'yaml'
  const unrecognized = (why: string) =>
    badRequest(`the object provided is unrecognized (must be of type ${kind.kind}): ${why} (${summary(text)})`)
  const parsed = parse(text, isYaml, unrecognized)
  const { value } = parsed
  checkTypeMeta(value, unrecognized)
  if (kind.custom && !(isObject(value) && value.kind))
    throw unrecognized(`Object 'Kind' is missing in '${text.trimEnd()}'`)
  const given = isObject(value) ? value : {}
  const [, foundVersion] = groupVersion((given.apiVersion as string) || apiVersion(kind, version))
  const cannotBe = (why: string) =>
    badRequest(`${given.kind || kind.kind} in version "${foundVersion}" cannot be handled as a ${kind.kind}: ${why}`)
  const duplicates = parsed.duplicates.map((path) => (isYaml ? path : `duplicate field "${path}"`))
  const unsafe = parsed.unsafe.map((path) => `unknown field "${path}"`)
  const decoded = decodeObject(kind, version, given, [...duplicates, ...unsafe], fieldValidation, cannotBe)
  const found = decoded.object.apiVersion
  if (found !== apiVersion(kind, version))
    throw badRequest(
      `the API version in the data (${found}) does not match the expected API version (${apiVersion(kind, version)})`,
    )
  return decoded
}

/** What a patched object comes from, which errors quote. */
export interface PatchSource {
  body: string
  mediaType: string
}

/**
 * The object after a patch, read again as the server does: a patch brings types and fields that were not looked at.
 * @throws Invalid, as the server refuses a patch whose result it cannot read
 */
export function decodePatched(
  kind: Kind,
  version: string,
  value: unknown,
  fieldValidation: FieldValidation,
  { body, mediaType }: PatchSource,
): Decoded {
  const isStrategic = mediaType.startsWith(strategicMediaType)
  const { value: given, duplicates } = parseJson(body)
  const refused = (why: string, restored = why) =>
    isStrategic
      ? invalidPatch(goValue(given), restored)
      : invalidPatch(patchedText(inOrder(kind, version, value as KubeObject), given), why)
  const problems = duplicates.map((path) => `duplicate field "${path}"`)
  const patched = (value ?? {}) as Record<string, unknown>
  // A strategic merge patch is put into a Go object, which knows its kind.
  const result = isStrategic ? { ...patched, apiVersion: apiVersion(kind, version), kind: kind.kind } : patched
  if (kind.custom && !result.kind) throw refused(`Object 'Kind' is missing in '${JSON.stringify(value)}'`)
  return decodeObject(kind, version, result, problems, fieldValidation, refused)
}

/** An object that was made of read ones, read again: empty values go, values that are never absent come. */
export function restoreObject(kind: Kind, version: string, value: unknown): KubeObject {
  const refused = (why: string) => new StatusError(500, undefined, `failed to convert new typed object: ${why}`)
  return decodeObject(kind, version, value as Record<string, unknown>, [], 'Ignore', refused).object
}

/** @param problems found already that are none where fields are not validated strictly */
function decodeObject(
  kind: Kind,
  version: string,
  given: Record<string, unknown>,
  problems: readonly string[],
  fieldValidation: FieldValidation,
  refused: Refusal,
): Decoded {
  const found = {
    apiVersion: (given.apiVersion as string) || (kind.custom ? '' : apiVersion(kind, version)),
    kind: (given.kind as string) || kind.kind,
  }
  if (!kind.custom) checkRegistered(kind, found, refused)
  const { object, unknown } = read(kind, version, given, refused)
  const all = [...problems, ...unknown.map((path) => `unknown field "${path}"`)]
  if (fieldValidation === 'Strict' && all.length > 0) throw refused(`strict decoding error: ${all.join(', ')}`)
  return { object: { ...object, ...found }, warnings: fieldValidation === 'Warn' ? all : [] }
}

/** Makes an error of why; `restored` says it in the words of what reads a value that was JSON no longer. */
type Refusal = (why: string, restored?: string) => StatusError

function invalidPatch(shown: string, why: string): StatusError {
  const message = `Invalid value: ${JSON.stringify(shown)}: ${why}`
  return new StatusError(422, 'Invalid', ` "" is invalid: patch: ${message}`, {
    causes: [{ reason: 'FieldValueInvalid', message, field: 'patch' }],
  })
}

function parse(text: string, isYaml: boolean, unrecognized: (why: string) => StatusError): Parsed {
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

function checkRegistered(kind: Kind, found: { apiVersion: string; kind: string }, refused: Refusal): void {
  const [group, version] = groupVersion(found.apiVersion)
  if (group === kind.group && found.kind === kind.kind && kind.versions.includes(version)) return
  if (!builtInSchema(group, version, found.kind))
    throw refused(
      `no kind "${found.kind}" is registered for version "${found.apiVersion}" in scheme "pkg/runtime/scheme.go:100"`,
    )
  if (found.kind !== kind.kind)
    throw refused(
      `converting (${version}.${found.kind}) to (${kind.group.split('.')[0] || 'core'}.${kind.kind}): unknown conversion`,
    )
}

function read(
  kind: Kind,
  version: string,
  given: Record<string, unknown>,
  refused: Refusal,
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
    if (error instanceof TypeMismatch) throw refused(error.message, error.restored)
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
