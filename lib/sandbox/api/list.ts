/** Lists: selected, in chunks, in the form that was asked for. */

import { numError } from '../go/strconv.ts'
import { asVersion } from '../kinds/conversions.ts'
import type { KubeObject } from '../objects.ts'
import { parseJson } from '../schema/json.ts'
import { inOrder } from '../schema/ordered.ts'
import { sorted } from '../schema/sorted-json.ts'
import { badRequest, StatusError, unexpected } from '../status.ts'
import { acceptedForm } from './accept.ts'
import { type Answer, type Ask, ok, type Server } from './exchange.ts'
import { fieldSelector, type Matches } from './field-selector.ts'
import { labelSelector } from './label-selector.ts'
import { type ListOptions, listOptions } from './list-options.ts'
import { includeOf } from './present.ts'
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
  const ordered = items.map((item) => inOrder(kind, version, item))
  // That of custom resources is a map too, and says whether it goes on even where it does not.
  if (kind.custom) {
    const known = sorted({ continue: '', ...metadata })
    return ok({ apiVersion, items: ordered, kind: kind.listKind, metadata: known }, form)
  }
  // Items of built-in lists do not repeat what the list says.
  const shown = ordered.map(({ apiVersion: _version, kind: _kind, ...rest }) => rest)
  return ok({ kind: kind.listKind, apiVersion, metadata, items: shown }, form)
}

/** One page of what the selectors leave, in the version of the request. */
export function selected(
  { kind, version, resource, namespace, name }: Target,
  { query }: Ask,
  { registry: { store }, history }: Server,
): { items: KubeObject[]; metadata: ListMeta } {
  const options = listOptions(query)
  const matches = selection(query, kind, name)
  const start = options.continue ? continued(options, namespace, store.revision) : undefined
  const revision = start?.revision ?? wantedRevision(options, store.revision)
  const objects = history.listAt(resource, namespace, revision)
  if (!objects)
    throw start ? expiredToken(start.key, namespace) : expired('The resourceVersion for the provided list is too old.')
  const all = objects.filter(matches)
  // What the watch cache has is answered whole, which is where version 0 is looked for.
  const limit = options.resourceVersion === '0' ? 0 : options.limit
  const rest = start ? all.filter((object) => keyOf(object) > start.key) : all
  const page = limit > 0 ? rest.slice(0, limit) : rest
  const left = rest.length - page.length
  const isSelective = query.get('labelSelector') || query.get('fieldSelector')
  const last = page.at(-1)
  const metadata: ListMeta = {
    resourceVersion: String(revision),
    ...(left > 0 && last ? { continue: token(revision, keyOf(last), namespace) } : {}),
    ...(left > 0 && !isSelective ? { remainingItemCount: left } : {}),
  }
  return { items: page.map((object) => asVersion(object, kind, version)), metadata }
}

/** The newest, unless exactly another is asked for. @throws BadRequest, Timeout for one that is still to come */
function wantedRevision({ resourceVersion, resourceVersionMatch }: ListOptions, newest: number): number {
  const asked = checkReached(resourceVersion, newest)
  return resourceVersionMatch === 'Exact' ? asked : newest
}

/** @throws 500, Timeout for a version that is still to come */
export function checkReached(resourceVersion: string, newest: number): number {
  const asked = readRevision(resourceVersion) ?? 0
  if (asked > newest) throw tooLarge(asked, newest)
  return asked
}

/** @returns undefined where any will do @throws 500 for what is no number, as the server does */
export function readRevision(text: string): number | undefined {
  if (text === '' || text === '0') return undefined
  if (!/^\d+$/.test(text))
    throw unexpected(`resourceVersion: Invalid value: ${JSON.stringify(text)}: ${numError('ParseUint', text)}`)
  return Number(text)
}

/** The real server waits three seconds for it. */
function tooLarge(asked: number, newest: number): StatusError {
  return new StatusError(504, 'Timeout', `Timeout: Too large resource version: ${asked}, current: ${newest}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  })
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

/** Keys in a token begin below what the list is of. */
function prefixOf(namespace: string | undefined): string {
  return namespace === undefined ? '' : `${namespace}/`
}

function token(revision: number, key: string, namespace: string | undefined): string {
  const start = `${key.slice(prefixOf(namespace).length)}\0`
  return Buffer.from(JSON.stringify({ v: TOKEN_VERSION, rv: revision, start })).toString('base64url')
}

const TOKEN_VERSION = 'meta.k8s.io/v1'

/** In a token: whatever is there when it is used. */
const INCONSISTENT = -1

/** @throws BadRequest */
function continued(
  { continue: text, resourceVersion }: ListOptions,
  namespace: string | undefined,
  newest: number,
): { revision: number; key: string } {
  if (resourceVersion !== '' && resourceVersion !== '0')
    throw badRequest('specifying resource version is not allowed when using continue')
  const { rv, start } = readToken(text)
  return { revision: rv === INCONSISTENT ? newest : rv, key: `${prefixOf(namespace)}${start.replace(/\0$/, '')}` }
}

/** @throws BadRequest, in the words of Go's readers */
function readToken(text: string): { rv: number; start: string } {
  const refused = (why: string) => badRequest(`invalid continue token: continue key is not valid: ${why}`)
  const wrong = /[^\w-]/.exec(text)?.index ?? (text.length % 4 === 1 ? text.length - 1 : undefined)
  if (wrong !== undefined) throw refused(`illegal base64 data at input byte ${wrong}`)
  try {
    const { value } = parseJson(Buffer.from(text, 'base64url').toString('latin1'))
    const { v, rv = 0, start = '' } = (value ?? {}) as { v?: string; rv?: number; start?: string }
    if (v !== TOKEN_VERSION)
      throw badRequest(
        `invalid continue token: continue key is not valid: server does not recognize this encoded version ${v ?? ''}`,
      )
    if (rv === 0) throw refused('incorrect encoded start resourceVersion (version meta.k8s.io/v1)')
    if (start === '') throw refused('encoded start key empty (version meta.k8s.io/v1)')
    return { rv, start }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw refused(error.message)
  }
}

export function expired(message: string): StatusError {
  return new StatusError(410, 'Expired', message)
}

/** With a token for who would rather have the rest as it is now. */
function expiredToken(key: string, namespace: string | undefined): StatusError {
  const error = expired(
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
  )
  error.continue = token(INCONSISTENT, key, namespace)
  return error
}
