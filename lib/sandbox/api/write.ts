/** Requests that write an object: create, update, and every kind of patch. */

import { asStored, asVersion } from '../kinds/conversions.ts'
import type { Kind } from '../kinds/kind.ts'
import type { KubeObject } from '../objects.ts'
import { applyPatch } from '../schema/apply.ts'
import { decode, decodePatched } from '../schema/decode.ts'
import { bodyFormat, mediaType } from '../schema/media-types.ts'
import { patch } from '../schema/patch.ts'
import { badRequest, conflict, StatusError } from '../status.ts'
import type { Answer, Ask, Server } from './exchange.ts'
import { checkGrant } from './grants.ts'
import { applyType, contentType, fieldValidation, writing } from './options.ts'
import { present } from './present.ts'
import type { Writing } from './registry.ts'
import type { Target } from './target.ts'
import type { User } from './user.ts'

/** The object that a request brings; what may not stay so is warned of. @throws UnsupportedMediaType, BadRequest */
export async function readObject({ kind, version }: Pick<Target, 'kind' | 'version'>, ask: Ask): Promise<KubeObject> {
  // Whether a format is taken depends on the kind, and is said before the body is looked at.
  bodyFormat(contentType(ask), kind)
  const { object, warnings } = decode(kind, version, await ask.body(), contentType(ask), fieldValidation(ask))
  for (const warning of warnings) ask.warn(warning)
  return object
}

export async function create(target: Target, ask: Ask, { registry }: Server): Promise<Answer> {
  const { kind, resource } = target
  const options = writing(ask)
  const object = requested(placed(await readObject(target, ask), target), kind, ask.user)
  checkGrant(kind, object, ask.user, registry.store)
  const created = registry.create(resource, object, options)
  return present(target, created, 201, ask, registry.now())
}

/** Who asks for a certificate is not for the request to say. */
function requested(object: KubeObject, { group, kind }: Kind, { username, uid, groups, extra }: User): KubeObject {
  if (group !== 'certificates.k8s.io' || kind !== 'CertificateSigningRequest') return object
  const { username: _username, uid: _uid, groups: _groups, extra: _extra, ...spec } = object.spec ?? {}
  return { ...object, spec: { ...spec, username, ...(uid ? { uid } : {}), groups, ...(extra ? { extra } : {}) } }
}

export async function replace(target: Target, ask: Ask, { registry }: Server): Promise<Answer> {
  const { kind, resource } = target
  const options = writing(ask)
  const object = await readObject(target, ask)
  if (!object.metadata?.name) throw nameless(target)
  const given = placed(object, target)
  if (kind.custom && ['', '0', undefined].includes(given.metadata.resourceVersion)) {
    registry.get(resource, given.metadata.name, given.metadata.namespace)
    throw unconditional(given, kind)
  }
  checkGrant(kind, given, ask.user, registry.store)
  return present(target, registry.update(resource, given, options), 200, ask, registry.now())
}

function nameless({ name }: Target): StatusError {
  return badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`)
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

/** A patch of an object or of one of its subresources. */
export async function patched(
  target: Target,
  ask: Ask,
  { registry }: Server,
  subresource?: string,
): Promise<{ object: KubeObject; created: boolean }> {
  const { kind, version, resource, namespace } = target
  const name = target.name as string
  const options = writing(ask, { isPatch: true, ...(subresource ? { subresource } : {}) })
  const body = await ask.body()
  const media = mediaType(contentType(ask))
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
  if (!applied.metadata?.name) throw nameless(target)
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
