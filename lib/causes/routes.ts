/** Causes in virtual services: where calls between the services lead, and whom a rule holds for. */
import { meansService, sameHost } from '../hosts.ts'
import type { Item } from '../kube.ts'
import type { Words } from '../words/en.ts'
import { scriptOfStep } from '../words/lesson.ts'
import { type Cause, deletionOf, type Finding, isNamed, type State, titleOf } from './state.ts'

type RulesState = Pick<State, 'routes' | 'rules' | 'wanted' | 'words'>

/** There, and yet without effect on what productpage calls. */
export const withoutEffect: Cause = ({ routes, words }) =>
  naming('reviews', routes)
    .filter((route) => !holdsForCalls(route))
    .map((route) => {
      const { gateways, exportTo } = route.spec
      const limits = isExported(route)
        ? words.causes.noMesh(JSON.stringify(gateways))
        : words.causes.notExported(JSON.stringify(exportTo))
      return { why: words.causes.notForCalls(titleOf(route, words), limits), mend: deletionOf(route) }
    })

/** The lesson's own route, as the steps that change it find it. */
const ownRoute = 'kubectl apply -f manifests/virtual-service-all-v1.yaml'

export const noRoute = ({ routes, wanted, words }: RulesState): Finding[] =>
  wanted && deciding(routes).length === 0 ? [{ why: words.causes.noRoute, mend: ownRoute }] : []

export const severalRoutes = ({ routes, words }: RulesState): Finding[] => {
  const all = deciding(routes)
  if (all.length < 2) return []
  const names = all.map((route) => titleOf(route, words)).join(', ')
  return [{ why: words.causes.severalRoutes(names), mend: withoutForeign(all, all) }]
}

export const otherRoutes = ({ routes, wanted, words }: RulesState): Finding[] => {
  const { causes } = words
  const needed = wanted?.map(({ user, subset }) => causes.leads(who(user, words), subset)).join('; ')
  const all = deciding(routes)
  return all.flatMap((route) => {
    const found = describeRoutes(route, 'reviews', words)
    const title = titleOf(route, words)
    if (!needed) return [{ why: causes.decides(title, found), mend: deletionOf(route) }]
    if (found === needed) return []
    const why = causes.sends(title, found, needed)
    // Running the step again puts the lesson's own route right.
    return [isOwn(route) ? { why } : { why, mend: withoutForeign([route], all) }]
  })
}

/** The services beside reviews have one version; a route of theirs that is there leads to it. */
export const otherServices = ({ routes, words }: RulesState): Finding[] =>
  ['productpage', 'details', 'ratings'].flatMap((service) =>
    naming(service, routes)
      .filter(holdsForCalls)
      .flatMap((route) => {
        const found = describeRoutes(route, service, words)
        const needed = words.causes.leads(who(undefined, words), 'v1')
        return found === needed ? [] : [{ why: words.causes.sends(titleOf(route, words), found, needed) }]
      }),
  )

/** Takes away those of others; where no other is left to decide, the lesson's comes back. */
function withoutForeign(routes: readonly Item[], all: readonly Item[]): string {
  const deletions = routes.filter((route) => !isOwn(route)).map(deletionOf)
  return [...deletions, ...(all.some(isOwn) ? [] : [ownRoute])].join('\n')
}

const isOwn = (route: Item) => isNamed(route, 'VirtualService', 'reviews')

/** `user jason to v2; everyone to v1` */
function describeRoutes({ spec }: Item, service: string, words: Words): string {
  const routes: Item[] = spec.http ?? []
  if (routes.length === 0) return words.causes.nothingOverHttp
  return routes
    .map((http) => words.causes.leads(describeMatches(http.match, words), describeDestinations(http, service, words)))
    .join('; ')
}

function describeMatches(matches: readonly Item[] | undefined, words: Words): string {
  if (!matches?.length) return who(undefined, words)
  return matches
    .map((match) => {
      const user = match.headers?.['end-user']?.exact
      return user && Object.keys(match).length === 1 && Object.keys(match.headers).length === 1
        ? who(user, words)
        : words.causes.matching(JSON.stringify(match))
    })
    .join(words.causes.or)
}

function who(user: string | undefined, { causes }: Words): string {
  return user ? causes.user(user) : causes.everyone
}

function describeDestinations(
  { name: _, match: __, route = [], ...rest }: Item,
  service: string,
  words: Words,
): string {
  const { causes } = words
  const weighted = route.length > 1
  const places = route.map(({ destination, weight, ...edits }: Item) => {
    const place = sameHost(destination.host, service) ? (destination.subset ?? causes.anyVersion) : destination.host
    return `${place}${weighted ? ` (${weight ?? 0} %)` : ''}${describeRest(edits, words)}`
  })
  return `${places.length > 0 ? places.join(causes.and) : causes.noDestination}${describeRest(rest, words)}`
}

/** What else a route does: a fault, a rewrite, a mirror, a time limit. */
function describeRest(fields: Readonly<Record<string, unknown>>, { causes }: Words): string {
  return Object.entries(fields)
    .map(([name, value]) => causes.withField(name, JSON.stringify(value)))
    .join('')
}

export const undefinedSubsets = ({ routes, rules, wanted, words }: RulesState): Finding[] =>
  deciding(routes).flatMap((route) =>
    destinationsOf(route).flatMap(({ host, subset }) => {
      if (!subset) return []
      const defined = rules
        .filter((rule) => meansService(rule.spec.host, rule.metadata?.namespace, host))
        .flatMap((rule) => rule.spec.subsets ?? [])
      return defined.some(({ name }: { name: string }) => name === subset)
        ? []
        : [
            {
              why: words.causes.undefinedSubset(titleOf(route, words), subset, host),
              // A subset that the lesson knows has lost its rule; any other is the route's own mistake.
              ...(wanted?.some((rule) => rule.subset === subset)
                ? { mend: `${scriptOfStep('destination-rules')} --only destination-rules` }
                : {}),
            },
          ]
    }),
  )

function destinationsOf({ spec }: Item): { host: string; subset?: string }[] {
  return (spec.http ?? []).flatMap((http: Item) => (http.route ?? []).map(({ destination }: Item) => destination))
}

function naming(service: string, routes: State['routes']): Item[] {
  return routes.filter(({ spec, metadata }) =>
    (spec.hosts ?? []).some((name: string) => meansService(name, metadata?.namespace, service)),
  )
}

/** Those that decide where productpage's calls for reviews lead. */
function deciding(routes: State['routes']): Item[] {
  return naming('reviews', routes).filter(holdsForCalls)
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
