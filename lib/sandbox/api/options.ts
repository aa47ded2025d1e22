/** The options of requests that write: who says to do so, whether only for show, how strictly (ValidateCreateOptions ...). */
import type { FieldValidation } from '../schema/decode.ts'
import { mediaType } from '../schema/media-types.ts'
import {
  asGo,
  forbidden,
  goStrings,
  invalid,
  invalidError,
  notSupported,
  type Problem,
  tooLong,
} from '../schema/validation/problems.ts'
import { readBody } from './body.ts'
import type { DeleteOptions } from './deletion.ts'
import type { Ask } from './exchange.ts'
import { integer, isTrue } from './list-options.ts'
import type { Writing } from './registry.ts'

export const applyType = 'application/apply-patch+yaml'

const MOST_MANAGER_LETTERS = 128
const validations: readonly FieldValidation[] = ['Ignore', 'Strict', 'Warn']

/** @throws Invalid */
export function writing(ask: Ask, more: Writing = {}): Writing {
  const { method, query } = ask
  if (method === 'PATCH') check('PatchOptions', [...ofPatch(ask), ...ofWrite(query)])
  else check(method === 'POST' ? 'CreateOptions' : 'UpdateOptions', ofWrite(query))
  return { manager: managerOf(ask), dryRun: query.getAll('dryRun').length > 0, warn: ask.warn, ...more }
}

export function fieldValidation({ query }: Ask): FieldValidation {
  return (query.get('fieldValidation') || 'Warn') as FieldValidation
}

export function contentType({ headers }: Ask): string {
  return headers['content-type'] ?? 'application/json'
}

/** From the body, or where that is empty from the query. @throws UnsupportedMediaType, BadRequest, Invalid */
export async function deleteOptions(ask: Ask): Promise<DeleteOptions & { dryRun: boolean }> {
  const { query } = ask
  const body = await readBody(ask, { mayBeEmpty: true })
  const given = Object.keys(body).length > 0 ? (body as GivenDeletion) : fromQuery(query)
  const { gracePeriodSeconds, orphanDependents, preconditions } = given
  const propagationPolicy =
    given.propagationPolicy ?? (orphanDependents === undefined ? undefined : olderPolicy(orphanDependents))
  const dryRun = [...query.getAll('dryRun'), ...(given.dryRun ?? [])]
  check('DeleteOptions', [...ofDeletion(given), ...ofDryRun(dryRun)])
  return {
    ...(gracePeriodSeconds === undefined || gracePeriodSeconds === null ? {} : { gracePeriodSeconds }),
    ...(propagationPolicy ? { propagationPolicy } : {}),
    ...(preconditions ? { preconditions } : {}),
    dryRun: dryRun.length > 0,
  }
}

function olderPolicy(orphanDependents: boolean): 'Orphan' | 'Background' {
  return orphanDependents ? 'Orphan' : 'Background'
}

interface GivenDeletion extends DeleteOptions {
  orphanDependents?: boolean
  dryRun?: readonly string[]
}

/** @throws BadRequest */
function fromQuery(query: URLSearchParams): GivenDeletion {
  const [grace, policy] = [query.get('gracePeriodSeconds'), query.get('propagationPolicy')]
  return {
    ...(grace ? { gracePeriodSeconds: integer(grace) } : {}),
    ...(query.has('orphanDependents') ? { orphanDependents: isTrue(query.get('orphanDependents')) } : {}),
    ...(policy ? { propagationPolicy: policy as NonNullable<DeleteOptions['propagationPolicy']> } : {}),
  }
}

function check(kind: string, problems: readonly Problem[]): void {
  if (problems.length > 0) throw invalidError({ kind, group: 'meta.k8s.io' }, '', problems)
}

/** That who applies must say who it is, is seen to where that is done. */
function ofPatch(ask: Ask): Problem[] {
  const isApply = mediaType(contentType(ask)) === applyType
  return ask.query.has('force') && !isApply ? [forbidden('force', 'may not be specified for non-apply patch')] : []
}

function ofWrite(query: URLSearchParams): Problem[] {
  const validation = query.get('fieldValidation') ?? ''
  const isKnown = validation === '' || validations.some((known) => known === validation)
  return [
    ...ofManager(query.get('fieldManager') ?? ''),
    ...ofDryRun(query.getAll('dryRun')),
    ...(isKnown ? [] : [notSupported('fieldValidation', validation, ['', ...validations])]),
  ]
}

function ofDryRun(asked: readonly string[]): Problem[] {
  return asked.every((value) => value === 'All') ? [] : [notSupported('dryRun', goStrings(asked), ['All'])]
}

function ofDeletion({ orphanDependents, propagationPolicy: policy }: GivenDeletion): Problem[] {
  const path = 'propagationPolicy'
  if (!policy) return []
  if (orphanDependents !== undefined)
    return [invalid(path, policy, 'orphanDependents and deletionPropagation cannot be both set')]
  const policies = ['Foreground', 'Background', 'Orphan']
  return policies.includes(policy) ? [] : [notSupported(path, policy, [...policies, 'nil'])]
}

function ofManager(manager: string): Problem[] {
  const control = [...manager].findIndex((letter) => !/\P{C}/u.test(letter))
  return [
    ...(manager.length > MOST_MANAGER_LETTERS ? [tooLong('fieldManager', MOST_MANAGER_LETTERS)] : []),
    ...(control < 0 ? [] : [invalid('fieldManager', asGo(goQuoted(manager)), unprintable(manager, control))]),
  ]
}

function unprintable(text: string, at: number): string {
  const code = (text.codePointAt(at) as number).toString(16).toUpperCase().padStart(4, '0')
  return `invalid character U+${code} (at position ${at})`
}

/** In quotes as Go writes them. */
function goQuoted(text: string): string {
  return JSON.stringify(text).replace(/\\u00([0-9a-f]{2})/g, '\\x$1')
}

/** What a client says of itself, where it names no field manager: `kubectl/v1.29.0 (linux)` is `kubectl`. */
function managerOf({ query, headers }: Ask): string {
  return query.get('fieldManager') ?? headers['user-agent']?.split('/')[0] ?? 'unknown'
}
