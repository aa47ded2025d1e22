import type { KubeObject } from '../../objects.ts'
import { goExpressionError } from './expressions.ts'
import type { Part } from './part.ts'
import { Problems } from './problems.ts'
import { checkLabelSelector } from './selectors.ts'

/** Envoy's own part of a patch is not looked into: that would take all of its types. */
export function checkEnvoyFilter({ spec }: KubeObject): Problems {
  const problems = new Problems()
  if (!checkLabelSelector(spec.workloadSelector, 'Envoy filter', problems)) return problems
  for (const patch of spec.configPatches ?? []) {
    const error = missingPart(patch) ?? mismatch(patch, problems)
    if (error !== undefined) problems.add(`Envoy filter: ${error}`)
  }
  return problems
}

function missingPart({ applyTo = 'INVALID', match, patch }: Part): string | undefined {
  if (applyTo === 'INVALID') return 'missing applyTo'
  if (!patch) return 'missing patch'
  const { operation = 'INVALID', value } = patch
  if (operation === 'INVALID') return 'missing patch operation'
  if (operation !== 'REMOVE' && !value) return 'missing patch value for non-remove operation'
  const version = match?.proxy?.proxyVersion
  const error = version && goExpressionError(version)
  return error && `invalid regex for proxy version, [${error}]`
}

/** What a patch may be matched by, by what it is applied to. */
const classes: readonly { appliesTo: readonly string[]; match: string; words: string }[] = [
  {
    appliesTo: ['LISTENER', 'FILTER_CHAIN', 'NETWORK_FILTER', 'HTTP_FILTER'],
    match: 'listener',
    words: 'applyTo for listener class objects cannot have non listener match',
  },
  {
    appliesTo: ['ROUTE_CONFIGURATION', 'VIRTUAL_HOST', 'HTTP_ROUTE'],
    match: 'routeConfiguration',
    words: 'applyTo for http route class objects cannot have non route configuration match',
  },
  {
    appliesTo: ['CLUSTER'],
    match: 'cluster',
    words: 'applyTo for cluster class objects cannot have non cluster match',
  },
]

function mismatch({ applyTo, match = {} }: Part, problems: Problems): string | undefined {
  const own = classes.find(({ appliesTo }) => appliesTo.includes(applyTo))
  if (!own) return undefined
  if (classes.some((other) => match[other.match]) && !match[own.match]) return own.words
  const filter = match.listener?.filterChain?.filter
  return own.match === 'listener' && filter ? filterError(applyTo, filter, problems) : undefined
}

const connectionManager = 'envoy.filters.network.http_connection_manager'

function filterError(applyTo: string, { name, subFilter }: Part, problems: Problems): string | undefined {
  if (['LISTENER', 'FILTER_CHAIN'].includes(applyTo))
    problems.warn(`Envoy filter: filter match has no effect when used with ${applyTo}`)
  if (!name) return 'filter match has no name to match on'
  if (subFilter) {
    if (applyTo !== 'HTTP_FILTER') return 'subfilter match can be used with applyTo HTTP_FILTER only'
    if (![connectionManager, 'envoy.http_connection_manager'].includes(name))
      return `subfilter match requires filter match with ${connectionManager}`
    if (!subFilter.name) return 'subfilter match has no name to match on'
  }
  for (const used of [name, subFilter?.name]) {
    const today = renamed[used ?? '']
    if (today)
      problems.warn(`using deprecated filter name ${JSON.stringify(used)}; use ${JSON.stringify(today)} instead`)
  }
  return undefined
}

/** Envoy's old names of filters. */
const renamed: Readonly<Record<string, string>> = {
  'envoy.buffer': 'envoy.filters.http.buffer',
  'envoy.cors': 'envoy.filters.http.cors',
  'envoy.csrf': 'envoy.filters.http.csrf',
  'envoy.ext_authz': 'envoy.filters.http.ext_authz',
  'envoy.fault': 'envoy.filters.http.fault',
  'envoy.grpc_web': 'envoy.filters.http.grpc_web',
  'envoy.health_check': 'envoy.filters.http.health_check',
  'envoy.http_connection_manager': connectionManager,
  'envoy.lua': 'envoy.filters.http.lua',
  'envoy.router': 'envoy.filters.http.router',
  'envoy.tcp_proxy': 'envoy.filters.network.tcp_proxy',
}
