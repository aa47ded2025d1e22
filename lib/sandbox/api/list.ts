/** Lists: selected, in chunks, in the form that was asked for. */

import { asVersion } from '../kinds/conversions.ts'
import type { KubeObject } from '../objects.ts'
import { badRequest, StatusError } from '../status.ts'
import { acceptedForm } from './accept.ts'
import { type Answer, type Ask, ok, type Server } from './exchange.ts'
import { includeOf } from './present.ts'
import { fieldSelector, labelSelector, type Matches } from './selectors.ts'
import { type ListMeta, partialMetadata, toTable } from './table.ts'
import { apiVersionOf, type Target } from './target.ts'

export function list(target: Target, ask: Ask, server: Server): Answer {
  const { kind, version } = target
  const form = acceptedForm(ask.headers.accept, ['table', 'metadata'])
  const { items, metadata } = selected(target, ask, server)
  if (form === 'table') {
    const options = { include: includeOf(ask), withColumns: true, now: server.registry.now() }
    return ok(toTable(kind, version, items, metadata, options))
  }
  if (form === 'metadata')
    return ok({
      kind: 'PartialObjectMetadataList',
      apiVersion: 'meta.k8s.io/v1',
      metadata,
      items: items.map(partialMetadata),
    })
  const apiVersion = apiVersionOf(target)
  // Items of built-in lists do not repeat what the list says.
  const shown = kind.custom ? items : items.map(({ apiVersion: _version, kind: _kind, ...rest }) => rest)
  return ok({ kind: kind.listKind, apiVersion, metadata, items: shown }, form)
}

/** One page of what the selectors leave, in the version of the request. */
export function selected(
  { kind, version, resource, namespace, name }: Target,
  { query }: Ask,
  { registry: { store } }: Server,
): { items: KubeObject[]; metadata: ListMeta } {
  const matches = selection(query, kind, name)
  const all = store.list(resource, namespace).filter(matches)
  const limit = Number(query.get('limit') ?? 0)
  const start = query.get('continue') ? continued(query.get('continue') as string) : undefined
  const rest = start ? all.filter((object) => keyOf(object) > start.key) : all
  const page = limit > 0 ? rest.slice(0, limit) : rest
  const resourceVersion = start?.revision ?? String(store.revision)
  const left = rest.length - page.length
  const isSelective = query.get('labelSelector') || query.get('fieldSelector')
  const last = page.at(-1)
  const metadata: ListMeta = {
    resourceVersion,
    ...(left > 0 && last ? { continue: token(resourceVersion, keyOf(last)) } : {}),
    ...(left > 0 && !isSelective ? { remainingItemCount: left } : {}),
  }
  return { items: page.map((object) => asVersion(object, kind, version)), metadata }
}

/** What a list or watch is about, by its selectors. @throws BadRequest */
export function selection(query: URLSearchParams, kind: Target['kind'], name?: string): Matches {
  const hasLabels = labelSelector(query.get('labelSelector'))
  const hasFields = fieldSelector(query.get('fieldSelector'), kind)
  return (object) => (name === undefined || object.metadata.name === name) && hasLabels(object) && hasFields(object)
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`
}

function token(revision: string, key: string): string {
  return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: Number(revision), start: key })).toString('base64url')
}

/** @throws BadRequest, Expired */
function continued(text: string): { revision: string; key: string } {
  try {
    const { rv, start } = JSON.parse(Buffer.from(text, 'base64url').toString())
    if (typeof start === 'string' && Number.isInteger(rv)) return { revision: String(rv), key: start }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw badRequest('continue key is not valid: illegal base64 data or JSON')
}

export function expired(message: string): StatusError {
  return new StatusError(410, 'Expired', message)
}
