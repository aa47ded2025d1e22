/** Requests that delete. */
import { readBody } from './body.ts'
import type { DeleteOptions } from './deletion.ts'
import { type Answer, type Ask, isDryRun, ok, type Server } from './exchange.ts'
import { selected } from './list.ts'
import { present } from './present.ts'
import type { Target } from './target.ts'

export async function remove(target: Target, ask: Ask, { registry }: Server): Promise<Answer> {
  const { kind, resource, namespace } = target
  const options = await deleteOptions(ask)
  const { object, isWaiting } = registry.delete(resource, target.name as string, namespace, options)
  // A pod is answered whole, and so is what still waits.
  if (isWaiting || resource === 'pods') return present(target, object, 200, ask, registry.now())
  const { name, uid } = object.metadata
  const details = { name, ...(kind.group ? { group: kind.group } : {}), kind: kind.plural, uid }
  return ok({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details })
}

export async function deleteCollection(target: Target, ask: Ask, server: Server): Promise<Answer> {
  const options = await deleteOptions(ask)
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

/** From the body or the query. @throws UnsupportedMediaType, BadRequest */
async function deleteOptions(ask: Ask): Promise<DeleteOptions & { dryRun: boolean }> {
  const given: DeleteOptions & { dryRun?: string[] } = await readBody(ask, { mayBeEmpty: true })
  const { query } = ask
  const grace = query.get('gracePeriodSeconds') ?? given.gracePeriodSeconds
  const policy = query.get('propagationPolicy') ?? given.propagationPolicy
  return {
    ...(grace === undefined || grace === null ? {} : { gracePeriodSeconds: Number(grace) }),
    ...(policy ? { propagationPolicy: policy as NonNullable<DeleteOptions['propagationPolicy']> } : {}),
    ...(given.preconditions ? { preconditions: given.preconditions } : {}),
    dryRun: isDryRun(ask, given.dryRun),
  }
}
