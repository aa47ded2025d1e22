/** Requests that delete. */
import { type Answer, type Ask, ok, type Server } from './exchange.ts'
import { selected } from './list.ts'
import { deleteOptions } from './options.ts'
import { present } from './present.ts'
import type { Target } from './target.ts'

type Options = Awaited<ReturnType<typeof deleteOptions>>

/** Their first versions knew no other way (DefaultGarbageCollectionPolicy of their strategies). */
const orphaning: readonly string[] = ['jobs.batch', 'replicationcontrollers']
const orphanedPods =
  'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning'

/** What becomes of dependents where the client has not said it. */
function withDefault(options: Options, { resource }: Target, ask: Ask): Options {
  if (options.propagationPolicy || !orphaning.includes(resource)) return options
  if (resource === 'jobs.batch') ask.warn(orphanedPods)
  return { ...options, propagationPolicy: 'Orphan' }
}

export async function remove(target: Target, ask: Ask, { registry }: Server): Promise<Answer> {
  const { kind, resource, namespace } = target
  const options = withDefault(await deleteOptions(ask), target, ask)
  const { object, isWaiting } = registry.delete(resource, target.name as string, namespace, options)
  // A pod is answered whole, and so is what still waits.
  if (isWaiting || resource === 'pods') return present(target, object, 200, ask, registry.now())
  const { name, uid } = object.metadata
  const details = { name, ...(kind.group ? { group: kind.group } : {}), kind: kind.plural, uid }
  return ok({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details })
}

export async function deleteCollection(target: Target, ask: Ask, server: Server): Promise<Answer> {
  const options = withDefault(await deleteOptions(ask), target, ask)
  const { kind, version, resource } = target
  const { items } = selected(target, ask, server)
  for (const { metadata } of items) server.registry.delete(resource, metadata.name, metadata.namespace, options)
  return ok({
    kind: kind.listKind,
    apiVersion: kind.group ? `${kind.group}/${version}` : version,
    metadata: { resourceVersion: String(server.registry.store.revision) },
    items,
  })
}
