/** Causes in virtual services: where calls between the services lead, and whom a rule holds for. */
import { meansService, sameHost } from '../hosts.ts'
import type { Item } from '../kube.ts'
import { type Cause, type State, titleOf } from './state.ts'

export const noRoute: Cause = ({ routes, wanted }) =>
  wanted && deciding(routes).length === 0 ? ['no VirtualService decides where reviews leads'] : []

/** There, and yet without effect on what productpage calls. */
export const withoutEffect: Cause = ({ routes }) =>
  namingReviews(routes)
    .filter((route) => !holdsForCalls(route))
    .map((route) => {
      const { gateways, exportTo } = route.spec
      const limits = isExported(route)
        ? `gateways ${JSON.stringify(gateways)} has no "mesh"`
        : `exportTo ${JSON.stringify(exportTo)} leaves out namespace default`
      return `VirtualService ${titleOf(route)} does not hold for calls between the services: ${limits}`
    })

export const severalRoutes: Cause = ({ routes }) => {
  const names = deciding(routes).map(titleOf)
  return names.length > 1
    ? [`several VirtualServices name the host reviews, of which Istio takes the oldest: ${names.join(', ')}`]
    : []
}

export const otherRoutes: Cause = ({ routes, wanted }) => {
  const needed = wanted?.map(({ user, subset }) => `${who(user)} to ${subset}`).join('; ')
  return deciding(routes).flatMap((route) => {
    const found = describeRoutes(route)
    if (!needed) return [`VirtualService ${titleOf(route)} decides: ${found}`]
    return found === needed ? [] : [`VirtualService ${titleOf(route)} sends ${found}; expected ${needed}`]
  })
}

/** `user jason to v2; everyone to v1` */
function describeRoutes({ spec }: Item): string {
  const routes: Item[] = spec.http ?? []
  if (routes.length === 0) return 'nothing over HTTP'
  return routes.map((http) => `${describeMatches(http.match)} to ${describeDestinations(http)}`).join('; ')
}

function describeMatches(matches?: readonly Item[]): string {
  if (!matches?.length) return who(undefined)
  return matches
    .map((match) => {
      const user = match.headers?.['end-user']?.exact
      return user && Object.keys(match).length === 1 && Object.keys(match.headers).length === 1
        ? who(user)
        : `requests that match ${JSON.stringify(match)}`
    })
    .join(' or ')
}

function who(user: string | undefined): string {
  return user ? `user ${user}` : 'everyone'
}

function describeDestinations({ name: _, match: __, route = [], ...rest }: Item): string {
  const weighted = route.length > 1
  const places = route.map(({ destination, weight, ...edits }: Item) => {
    const place = sameHost(destination.host, 'reviews') ? (destination.subset ?? 'any version') : destination.host
    return `${place}${weighted ? ` (${weight ?? 0} %)` : ''}${describeRest(edits)}`
  })
  return `${places.length > 0 ? places.join(' and ') : 'no destination'}${describeRest(rest)}`
}

/** What else a route does: a fault, a rewrite, a mirror, a time limit. */
function describeRest(fields: Readonly<Record<string, unknown>>): string {
  return Object.entries(fields)
    .map(([name, value]) => ` with ${name} ${JSON.stringify(value)}`)
    .join('')
}

export const undefinedSubsets: Cause = ({ routes, rules }) =>
  deciding(routes).flatMap((route) =>
    destinationsOf(route).flatMap(({ host, subset }) => {
      if (!subset) return []
      const defined = rules
        .filter((rule) => meansService(rule.spec.host, rule.metadata?.namespace, host))
        .flatMap((rule) => rule.spec.subsets ?? [])
      return defined.some(({ name }: { name: string }) => name === subset)
        ? []
        : [`VirtualService ${titleOf(route)} leads to subset ${subset} of ${host}, which no DestinationRule defines`]
    }),
  )

function destinationsOf({ spec }: Item): { host: string; subset?: string }[] {
  return (spec.http ?? []).flatMap((http: Item) => (http.route ?? []).map(({ destination }: Item) => destination))
}

function namingReviews(routes: State['routes']): Item[] {
  return routes.filter(({ spec, metadata }) =>
    (spec.hosts ?? []).some((name: string) => meansService(name, metadata?.namespace, 'reviews')),
  )
}

/** Those that decide where productpage's calls for reviews lead. */
function deciding(routes: State['routes']): Item[] {
  return namingReviews(routes).filter(holdsForCalls)
}

function holdsForCalls(route: Item): boolean {
  const { gateways = ['mesh'] } = route.spec
  return gateways.includes('mesh') && isExported(route)
}

/** Whether namespace default, where Bookinfo runs, gets to know of an object of Istio's. */
function isExported({ metadata, spec }: Item): boolean {
  const exportTo: string[] = spec.exportTo?.length ? spec.exportTo : ['*']
  return exportTo.some((to) => to === '*' || to === 'default' || (to === '.' && metadata?.namespace === 'default'))
}
