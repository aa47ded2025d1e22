/** The scale of an object, as the subresource of that name shows and changes it. */
import { age, column, nameColumn } from '../kinds/columns/common.ts'
import { asVersion } from '../kinds/conversions.ts'
import { readPath } from '../kinds/json-path.ts'
import { type Scale, scaleOf, scalePaths, scaleResource, withReplicas } from '../kinds/scale.ts'
import type { KubeObject } from '../objects.ts'
import { decodePatched } from '../schema/decode.ts'
import { mediaType } from '../schema/media-types.ts'
import { patch } from '../schema/patch.ts'
import { invalid, invalidError } from '../schema/validation/problems.ts'
import { notFound, StatusError } from '../status.ts'
import { acceptedForm } from './accept.ts'
import { bodyKind, readAs } from './bodies.ts'
import { type Answer, type Ask, ok, type Server } from './exchange.ts'
import { contentType, fieldValidation, writing } from './options.ts'
import { includeOf } from './present.ts'
import { readVersion } from './registry.ts'
import { toTable } from './table.ts'
import type { Target } from './target.ts'
import { placed } from './write.ts'

/** What is read and written by way of it is of a kind of its own, whatever it is the scale of. */
const scaleKind = bodyKind('autoscaling', 'Scale')

/** @throws NotFound, InternalError of a custom resource that does not say how many it wants */
export function getScale(target: Target, ask: Ask, server: Server): Answer {
  const { resource, name = '', namespace } = target
  // Who reads it is told of the subresource, who writes it of the object.
  if (!server.registry.store.get(resource, name, namespace)) throw notFound(scaleResource(target.kind), name)
  const object = stored(target, server)
  const { spec } = scalePaths(target)
  if (target.kind.custom && readPath(object, spec) === undefined) throw missing(spec)
  return shown(target, object, ask, server)
}

function missing(path: string): StatusError {
  const message = `the spec replicas field ${JSON.stringify(path)} does not exist`
  return new StatusError(500, 'InternalError', `Internal error occurred: ${message}`, { causes: [{ message }] })
}

export async function replaceScale(target: Target, ask: Ask, server: Server): Promise<Answer> {
  return write(placed(await readAs(scaleKind, ask), target) as Scale, target, ask, server)
}

export async function patchScale(target: Target, ask: Ask, server: Server): Promise<Answer> {
  const current = scaleOf(stored(target, server), scalePaths(target))
  const body = await ask.body()
  const next = patch(target.kind, target.version, current, body, contentType(ask))
  const source = { body, mediaType: mediaType(contentType(ask)) }
  const { object, warnings } = decodePatched(scaleKind, 'v1', next, fieldValidation(ask), source)
  for (const warning of warnings) ask.warn(warning)
  return write(object as Scale, target, ask, server)
}

/** @throws NotFound */
function stored({ kind, version, resource, name = '', namespace }: Target, { registry }: Server): KubeObject {
  return asVersion(registry.get(resource, name, namespace), kind, version)
}

const columns = [
  nameColumn,
  column('Desired', ({ spec }) => spec.replicas ?? 0, { type: 'integer' }),
  column('Available', ({ status }) => status.replicas, { type: 'integer' }),
  age,
]

function shown(target: Target, object: KubeObject, ask: Ask, { registry }: Server): Answer {
  const scale = scaleOf(object, scalePaths(target))
  const form = acceptedForm(ask.headers.accept, ['table'])
  if (form !== 'table') return ok(scale, form)
  const { resourceVersion = '' } = scale.metadata
  const options = { include: includeOf(ask), withColumns: true, now: registry.now() }
  return ok(toTable({ ...target.kind, columns: () => columns }, 'v1', [scale], { resourceVersion }, options))
}

function write({ metadata, spec }: Scale, target: Target, ask: Ask, server: Server): Answer {
  const current = stored(target, server)
  const replicas = spec?.replicas ?? 0
  // Of custom resources their own validation says so.
  if (!Number.isInteger(replicas) || (replicas < 0 && !target.kind.custom))
    throw invalidError({ kind: 'Scale', group: 'autoscaling' }, target.name as string, [
      invalid('spec.replicas', replicas, 'must be greater than or equal to 0'),
    ])
  const { resourceVersion: _current, ...kept } = current.metadata
  const asked = readVersion(metadata?.resourceVersion)
  const next = withReplicas(current, scalePaths(target), replicas)
  const object = { ...next, metadata: { ...kept, ...(asked ? { resourceVersion: asked } : {}) } }
  const written = server.registry.update(target.resource, object, writing(ask, { subresource: 'scale' }))
  return shown(target, written, ask, server)
}
