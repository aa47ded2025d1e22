/** Requests that write an object: create, update, and every kind of patch. */

import { asStored, asVersion } from '../kinds/conversions.ts'
import type { Kind } from '../kinds/kind.ts'
import type { KubeObject } from '../objects.ts'
import { applyPatch } from '../schema/apply.ts'
import { decode, decodePatched } from '../schema/decode.ts'
import { bodyFormat, mediaType } from '../schema/media-types.ts'
import { patch } from '../schema/patch.ts'
import { asGo, invalid, invalidError, tooLong } from '../schema/validation/problems.ts'
import { badRequest, conflict, StatusError } from '../status.ts'
import { type Answer, type Ask, fieldValidation, isDryRun, managerOf, type Server } from './exchange.ts'
import { checkGrant } from './grants.ts'
import { present } from './present.ts'
import type { Writing } from './registry.ts'
import type { Target } from './target.ts'

/** The object that a request brings; what may not stay so is warned of. @throws UnsupportedMediaType, BadRequest */
export async function readObject({ kind, version }: Target, ask: Ask): Promise<KubeObject> {
  // Whether a format is taken depends on the kind, and is said before the body is looked at.
  bodyFormat(contentType(ask), kind)
  const { object, warnings } = decode(kind, version, await ask.body(), contentType(ask), fieldValidation(ask))
  for (const warning of warnings) ask.warn(warning)
  return object
}

export async function create(target: Target, ask: Ask, { registry }: Server): Promise<Answer> {
  const { kind, resource } = target
  const object = await readObject(target, ask)
  checkGrant(kind, placed(object, target), ask.user, registry.store)
  const created = registry.create(resource, placed(object, target), writing(ask))
  return present(target, created, 201, ask, registry.now())
}

export async function replace(target: Target, ask: Ask, { registry }: Server): Promise<Answer> {
  const { kind, resource } = target
  const object = await readObject(target, ask)
  if (!object.metadata?.name)
    throw badRequest(`the name of the object (${target.name} based on URL) was undeterminable: name must be provided`)
  const given = placed(object, target)
  if (kind.custom && ['', '0', undefined].includes(given.metadata.resourceVersion)) {
    registry.get(resource, given.metadata.name, given.metadata.namespace)
    throw unconditional(given, kind)
  }
  checkGrant(kind, given, ask.user, registry.store)
  return present(target, registry.update(resource, given, writing(ask)), 200, ask, registry.now())
}

/** Custom resources are only replaced by who knows what they replace. */
export function unconditional({ metadata }: KubeObject, { group, plural }: Kind): StatusError {
  const message = 'Invalid value: 0x0: must be specified for an update'
  return new StatusError(
    422,
    'Invalid',
    `${plural}.${group} "${metadata.name}" is invalid: metadata.resourceVersion: ${message}`,
    {
      name: metadata.name,
      group,
      kind: plural,
      causes: [{ reason: 'FieldValueInvalid', message, field: 'metadata.resourceVersion' }],
    },
  )
}

export async function change(target: Target, ask: Ask, server: Server): Promise<Answer> {
  const { object, created } = await patched(target, ask, server)
  return present(target, object, created ? 201 : 200, ask, server.registry.now())
}

const applyType = 'application/apply-patch+yaml'

/** A patch of an object or of one of its subresources. */
export async function patched(
  target: Target,
  ask: Ask,
  { registry }: Server,
  subresource?: string,
): Promise<{ object: KubeObject; created: boolean }> {
  const { kind, version, resource, namespace } = target
  const name = target.name as string
  const body = await ask.body()
  const media = mediaType(contentType(ask))
  const options = writing(ask, { isPatch: true, ...(subresource ? { subresource } : {}) })
  if (media === applyType) return apply(target, body, ask, registry, options)
  const current = asVersion(registry.get(resource, name, namespace), kind, version)
  const result = patch(kind, version, current, body, media)
  const { object, warnings } = decodePatched(kind, version, result, fieldValidation(ask), { body, mediaType: media })
  for (const warning of warnings) ask.warn(warning)
  const changed = placed(object, target)
  checkGrant(kind, changed, ask.user, registry.store)
  return { object: registry.update(resource, changed, options), created: false }
}

function apply(
  target: Target,
  body: string,
  ask: Ask,
  registry: Server['registry'],
  options: Writing,
): { object: KubeObject; created: boolean } {
  const { kind, version, resource, namespace } = target
  const name = target.name as string
  const manager = ask.query.get('fieldManager') ?? ''
  const stored = registry.store.get(resource, name, namespace)
  const current = stored && asVersion(stored, kind, version)
  const force = ['1', 'true'].includes(ask.query.get('force') ?? '')
  const applied = applyPatch(kind, version, current, body, { manager, force, now: registry.now() })
  const result = placed(applied, target)
  if (!current && result.metadata.uid)
    throw conflict(
      resource,
      name,
      `uid mismatch: the provided object specified uid ${result.metadata.uid}, and no existing object was found`,
    )
  checkGrant(kind, result, ask.user, registry.store)
  const tracked = { ...options, manager, isTracked: true }
  if (current) return { object: registry.update(resource, result, tracked), created: false }
  return { object: registry.create(resource, result, tracked), created: true }
}

export function writing(ask: Ask, more: Writing = {}): Writing {
  checkManager(ask)
  return { manager: managerOf(ask), dryRun: isDryRun(ask), warn: ask.warn, ...more }
}

const optionKinds: Readonly<Record<string, string>> = {
  POST: 'CreateOptions',
  PUT: 'UpdateOptions',
  PATCH: 'PatchOptions',
}
const MOST_MANAGER_LETTERS = 128

/** @throws Invalid where nobody can be called so */
function checkManager({ method, query }: Ask): void {
  const manager = query.get('fieldManager') ?? ''
  const control = [...manager].findIndex((letter) => !/\P{C}/u.test(letter))
  const problems = [
    ...(manager.length > MOST_MANAGER_LETTERS ? [tooLong('fieldManager', MOST_MANAGER_LETTERS)] : []),
    ...(control < 0 ? [] : [invalid('fieldManager', asGo(goQuoted(manager)), unprintable(manager, control))]),
  ]
  const kind = optionKinds[method] ?? 'PatchOptions'
  if (problems.length > 0) throw invalidError({ kind, group: 'meta.k8s.io' }, '', problems)
}

function unprintable(text: string, at: number): string {
  const code = (text.codePointAt(at) as number).toString(16).toUpperCase().padStart(4, '0')
  return `invalid character U+${code} (at position ${at})`
}

/** In quotes as Go writes them. */
function goQuoted(text: string): string {
  return JSON.stringify(text).replace(/\\u00([0-9a-f]{2})/g, '\\x$1')
}

export function contentType({ headers }: Ask): string {
  return headers['content-type'] ?? 'application/json'
}

/** The object in the namespace of its path, as it is stored. @throws BadRequest where it names another namespace or name */
export function placed(object: KubeObject, { kind, namespace, name }: Target): KubeObject {
  const metadata = object.metadata ?? {}
  const inPath = kind.namespaced ? namespace : undefined
  if (kind.namespaced && metadata.namespace && metadata.namespace !== inPath)
    throw badRequest(`the namespace of the provided object does not match the namespace sent on the request`)
  if (name !== undefined && metadata.name && metadata.name !== name)
    throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`)
  const { namespace: _namespace, ...rest } = metadata
  const located = { ...rest, ...(name ? { name } : {}), ...(inPath ? { namespace: inPath } : {}) }
  return asStored({ ...object, metadata: located }, kind)
}
