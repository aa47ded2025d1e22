/**
 * Why traffic does not go where it should, as far as the cluster's own objects tell: each rule below looks for one
 * cause and says it in a sentence. The first causes are the likelier ones.
 */
import { hasSidecar, isPodOf, nameOf } from './conditions.ts'
import { meansService, sameHost } from './hosts.ts'
import { type Item, type Kube, resources } from './kube.ts'
import { troubleOf } from './pods.ts'

/** A rule for reviews as the lesson wants it. */
export interface WantedRule {
  /** Only for this user; for all the rest where there is none. */
  user?: string
  subset: string
}

interface State {
  deployments: readonly Item[]
  pods: readonly Item[]
  routes: readonly Item[]
  rules: readonly Item[]
  gateways: readonly Item[]
  wanted: readonly WantedRule[] | undefined
}

const deploymentsOfBookinfo = ['productpage-v1', 'details-v1', 'ratings-v1', 'reviews-v1', 'reviews-v2', 'reviews-v3']

const causes: readonly ((state: State) => string[])[] = [
  notRunning,
  withoutSidecar,
  noWayIn,
  noRoute,
  severalRoutes,
  otherRules,
  undefinedSubsets,
  subsetsOfOtherPods,
  severalDestinationRules,
]

/** @param fault what a visit complained of, said when no object explains it */
export async function routeCauses(
  kube: Kube,
  wanted: readonly WantedRule[] | undefined,
  fault?: string | readonly string[],
): Promise<string[]> {
  const read = async (resource: Parameters<Kube['list']>[0], namespace?: string) =>
    (await kube.list(resource, namespace)).items
  try {
    const [deployments, pods, routes, rules, gateways] = await Promise.all([
      read(resources.deployments, 'default'),
      read(resources.pods, 'default'),
      // Rules of any namespace hold for a service when they name it in full.
      read(resources.virtualServices),
      read(resources.destinationRules),
      read(resources.gateways, 'default'),
    ])
    const state: State = { deployments, pods, routes, rules, gateways, wanted }
    const found = causes.flatMap((cause) => cause(state))
    if (found.length > 0) return found
    const said = [fault ?? []].flat().join(', ')
    return said ? [`the page says: ${said}`] : []
  } catch (error) {
    return [`the cluster's API cannot be asked: ${error instanceof Error ? error.message : String(error)}`]
  }
}

function notRunning({ deployments, pods }: State): string[] {
  return deploymentsOfBookinfo.flatMap((name) => {
    const deployment = deployments.find((item) => nameOf(item) === name)
    if (!deployment) return [`deployment ${name} is not there`]
    if (deployment.spec.replicas === 0) return [`deployment ${name} is scaled to zero`]
    if ((deployment.status?.availableReplicas ?? 0) > 0) return []
    const troubles = pods.filter((pod) => isPodOf(pod, name)).flatMap((pod) => troubleOf(pod) ?? [])
    return [`deployment ${name} has no available pod${troubles[0] ? ` (${troubles[0]})` : ''}`]
  })
}

function withoutSidecar({ pods }: State): string[] {
  return pods
    .filter((pod) => deploymentsOfBookinfo.some((name) => isPodOf(pod, name)) && !hasSidecar(pod))
    .map((pod) => `pod ${nameOf(pod)} has no sidecar: rules do not hold for what it sends`)
}

function noWayIn({ gateways, routes }: State): string[] {
  return [
    ...(gateways.some((item) => nameOf(item) === 'bookinfo-gateway')
      ? []
      : ['the Gateway bookinfo-gateway is not there']),
    ...(routes.some((item) => nameOf(item) === 'bookinfo') ? [] : ['the VirtualService bookinfo is not there']),
  ]
}

function noRoute({ routes, wanted }: State): string[] {
  return wanted && routesOf(routes, 'reviews').length === 0 ? ['no VirtualService decides where reviews leads'] : []
}

function severalRoutes({ routes }: State): string[] {
  const names = routesOf(routes, 'reviews').map(titleOf)
  return names.length > 1
    ? [`several VirtualServices name the host reviews, of which Istio takes the oldest: ${names.join(', ')}`]
    : []
}

function otherRules({ routes, wanted }: State): string[] {
  const needed = wanted?.map(({ user, subset }) => `${who(user)} to ${subset}`).join('; ')
  return routesOf(routes, 'reviews').flatMap((route) => {
    const found = describeRules(route)
    if (!needed) return [`VirtualService ${titleOf(route)} decides: ${found}`]
    return found === needed ? [] : [`VirtualService ${titleOf(route)} sends ${found}; expected ${needed}`]
  })
}

/** `user jason to v2; everyone to v1` */
function describeRules(route: Item): string {
  return (route.spec.http ?? [])
    .map((http: Item) => `${describeMatches(http.match)} to ${describeDestinations(http)}`)
    .join('; ')
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

function describeDestinations(http: Item): string {
  const destinations: Item[] = http.route ?? []
  const faults = http.fault ? ` with a fault (${JSON.stringify(http.fault)})` : ''
  if (destinations.length === 0) return `no destination${faults}`
  const weighted = destinations.length > 1
  return (
    destinations
      .map(({ destination, weight }) => {
        const place = sameHost(destination.host, 'reviews') ? (destination.subset ?? 'any version') : destination.host
        return weighted ? `${place} (${weight ?? 0} %)` : place
      })
      .join(' and ') + faults
  )
}

function undefinedSubsets({ routes, rules }: State): string[] {
  return routes.flatMap((route) =>
    destinationsOf(route).flatMap(({ host, subset }) => {
      if (!subset) return []
      const defined = rulesOf(rules, host).flatMap((rule) => rule.spec.subsets ?? [])
      return defined.some(({ name }: { name: string }) => name === subset)
        ? []
        : [`VirtualService ${titleOf(route)} leads to subset ${subset} of ${host}, which no DestinationRule defines`]
    }),
  )
}

/** In the lesson a subset has the name of the version it selects. */
function subsetsOfOtherPods({ rules }: State): string[] {
  const ofReviews = rulesOf(rules, 'reviews')
  return ofReviews.flatMap((rule) =>
    (rule.spec.subsets ?? [])
      .filter(({ name, labels }: Item) => labels?.version !== name)
      .map(
        ({ name, labels }: Item) =>
          `subset ${name} of DestinationRule ${titleOf(rule)} selects version=${labels?.version ?? '<none>'}`,
      ),
  )
}

function severalDestinationRules({ rules }: State): string[] {
  const names = rulesOf(rules, 'reviews').map(titleOf)
  return names.length > 1 ? [`several DestinationRules name the host reviews: ${names.join(', ')}`] : []
}

/** Its name, with the namespace where that is not the lesson's. */
function titleOf(item: Item): string {
  const { namespace = 'default' } = item.metadata ?? {}
  return namespace === 'default' ? nameOf(item) : `${nameOf(item)} of namespace ${namespace}`
}

function routesOf(routes: readonly Item[], host: string): Item[] {
  return routes.filter((route) =>
    (route.spec.hosts ?? []).some((name: string) => meansService(name, route.metadata?.namespace, host)),
  )
}

function rulesOf(rules: readonly Item[], host: string): Item[] {
  return rules.filter((rule) => meansService(rule.spec.host, rule.metadata?.namespace, host))
}

function destinationsOf(route: Item): { host: string; subset?: string }[] {
  return (route.spec.http ?? []).flatMap((http: Item) => (http.route ?? []).map(({ destination }: Item) => destination))
}
