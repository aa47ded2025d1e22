/** What the rules in the cluster say, whatever the traffic does by now. */
import { type Kube, type Resource, resources } from '../kube.ts'
import type { Words } from '../words/en.ts'
import { noRoute, otherRoutes, otherServices, severalRoutes, undefinedSubsets } from './routes.ts'
import type { WantedRule } from './state.ts'
import { wayIn } from './way-in.ts'

const causes = [noRoute, severalRoutes, otherRoutes, otherServices, undefinedSubsets, wayIn]

/** Whether the lesson's way in, or its rules for the services, are others than those wanted. */
export async function rulesSayOtherwise(
  kube: Kube,
  words: Words,
  wanted: readonly WantedRule[] | undefined,
): Promise<boolean> {
  const read = async (resource: Resource) => (await kube.list(resource, 'default')).items
  const [routes, rules, gateways] = await Promise.all([
    read(resources.virtualServices),
    read(resources.destinationRules),
    read(resources.gateways),
  ])
  const state = { routes, rules, gateways, wanted, words }
  return causes.some((cause) => cause(state).length > 0)
}
