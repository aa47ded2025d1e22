/** What a list or watch is asked for in its query, as the server reads and checks it. */
import { numError } from '../go/strconv.ts'
import { forbidden, invalidError, notSupported, type Problem } from '../schema/validation/problems.ts'
import { badRequest } from '../status.ts'

export interface ListOptions {
  /** 0: no limit */
  limit: number
  continue: string
  /** '' where any will do */
  resourceVersion: string
  resourceVersionMatch: string
  isWatch: boolean
  allowWatchBookmarks: boolean
  /** 0: as long as the server likes */
  timeoutSeconds: number
}

/** @throws BadRequest for what is no number, Invalid for what does not go together */
export function listOptions(query: URLSearchParams, isWatchPath = false): ListOptions {
  const text = (name: string) => query.get(name) ?? ''
  const options: ListOptions = {
    limit: integer(text('limit')),
    continue: text('continue'),
    resourceVersion: text('resourceVersion'),
    resourceVersionMatch: text('resourceVersionMatch'),
    isWatch: isWatchPath || isTrue(query.get('watch')),
    allowWatchBookmarks: isTrue(query.get('allowWatchBookmarks')),
    timeoutSeconds: integer(text('timeoutSeconds')),
  }
  const hasInitialEvents = query.has('sendInitialEvents')
  const problems = (options.isWatch ? checkWatch : checkList)(options, hasInitialEvents)
  if (problems.length > 0) throw invalidError({ kind: 'ListOptions', group: 'meta.k8s.io' }, '', problems)
  return options
}

/** As the server reads a boolean of a query: all but 0 and false is true, and so is a name alone. */
export function isTrue(text: string | null): boolean {
  return text !== null && !['0', 'false'].includes(text.toLowerCase())
}

/** As the server reads a number of a query; 0 where there is none. @throws BadRequest */
export function integer(text: string): number {
  if (text === '') return 0
  if (/^[+-]?\d+$/.test(text)) return Number(text)
  throw badRequest(numError('ParseInt', text))
}

const MATCH = 'resourceVersionMatch'

function checkList(options: ListOptions, hasInitialEvents: boolean): Problem[] {
  const { resourceVersion, resourceVersionMatch: match } = options
  const initial = hasInitialEvents ? [forbidden('sendInitialEvents', 'sendInitialEvents is forbidden for list')] : []
  if (match === '') return initial
  return [
    ...(resourceVersion === ''
      ? [forbidden(MATCH, 'resourceVersionMatch is forbidden unless resourceVersion is provided')]
      : []),
    ...notContinued(options),
    ...(['Exact', 'NotOlderThan'].includes(match) ? [] : [notSupported(MATCH, match, ['Exact', 'NotOlderThan', ''])]),
    ...(match === 'Exact' && resourceVersion === '0'
      ? [forbidden(MATCH, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"')]
      : []),
    ...initial,
  ]
}

function checkWatch(options: ListOptions, hasInitialEvents: boolean): Problem[] {
  const { resourceVersionMatch: match } = options
  const isNewer = match === 'NotOlderThan'
  const initial = hasInitialEvents
    ? [
        ...(isNewer
          ? []
          : [forbidden(MATCH, 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan')]),
        forbidden(
          'sendInitialEvents',
          'sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled',
        ),
      ]
    : []
  if (match === '') return initial
  return [
    ...initial,
    ...(hasInitialEvents
      ? []
      : [forbidden(MATCH, 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided')]),
    ...(isNewer ? [] : [notSupported(MATCH, match, ['NotOlderThan'])]),
    ...notContinued(options),
  ]
}

function notContinued(options: ListOptions): Problem[] {
  return options.continue === ''
    ? []
    : [forbidden(MATCH, 'resourceVersionMatch is forbidden when continue is provided')]
}
