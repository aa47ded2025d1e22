/** `kubectl apply`: what the manifest says, what it said before, and what is there, become a merge patch. */
import { ApiError } from '../cli/client.ts'
import { pathOf, shownName } from '../cli/resources.ts'
import type { KubeObject } from '../objects.ts'
import { type Manifest, readManifests } from './manifests.ts'
import { sortedJson } from './output.ts'
import type { Command, Session } from './session.ts'

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration'
const MANAGER = 'fieldManager=kubectl-client-side-apply&fieldValidation=Strict'

export const apply: Command = {
  usage: 'apply -f FILE|-',
  flags: { filename: { type: 'list', short: 'f' } },
  run: async (session) => {
    // In their order: a Namespace comes before what is in it.
    for (const manifest of await readManifests(session)) console.log(await applyOne(manifest, session))
  },
}

async function applyOne(manifest: Manifest, session: Session): Promise<string> {
  const { resource, name, namespace, source } = manifest
  const shown = `${shownName(resource)}/${name}`
  const object = withLastApplied(manifest.object)
  const live = await session.find(manifest)
  try {
    if (!live) {
      await session.client.send({ method: 'POST', path: `${pathOf(resource, namespace)}?${MANAGER}`, body: object })
      return `${shown} created`
    }
    const before = live.metadata.annotations?.[lastApplied]
    const patch = mergePatch(before ? JSON.parse(before) : {}, object, live)
    const path = `${pathOf(resource, namespace, name)}?${MANAGER}`
    const next = await session.client.send({
      method: 'PATCH',
      path,
      body: patch ?? {},
      contentType: 'application/merge-patch+json',
    })
    return `${shown} ${next.metadata.resourceVersion === live.metadata.resourceVersion ? 'unchanged' : 'configured'}`
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const { status } = error
    throw new ApiError({
      ...status,
      message: `error when ${live ? 'patching' : 'creating'} "${source}": ${status.message}`,
    })
  }
}

/** The manifest, with itself in an annotation. */
function withLastApplied(object: KubeObject): KubeObject {
  const { [lastApplied]: _, ...annotations } = object.metadata.annotations ?? {}
  const text = `${sortedJson({ ...object, metadata: { ...object.metadata, annotations } })}\n`
  return { ...object, metadata: { ...object.metadata, annotations: { ...annotations, [lastApplied]: text } } }
}

/**
 * What the manifest sets otherwise than it is, and null for what it no longer sets; undefined where nothing is to do.
 * Lists are replaced whole.
 */
export function mergePatch(before: unknown, wanted: unknown, live: unknown): unknown {
  if (!isMap(wanted) || !isMap(live)) return holds(live, wanted) ? undefined : wanted
  const old = isMap(before) ? before : {}
  const patch: Record<string, unknown> = {}
  for (const key of Object.keys(old)) if (!(key in wanted) && key in live) patch[key] = null
  for (const [key, value] of Object.entries(wanted)) {
    const change = mergePatch(old[key], value, live[key])
    if (change !== undefined) patch[key] = change
  }
  return Object.keys(patch).length > 0 ? patch : undefined
}

/** Whether what is there has all that is wanted; the server may have added to it. */
function holds(live: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted))
    return (
      Array.isArray(live) && live.length === wanted.length && wanted.every((item, index) => holds(live[index], item))
    )
  if (isMap(wanted)) return isMap(live) && Object.entries(wanted).every(([key, value]) => holds(live[key], value))
  return live === wanted
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
