/** ClusterRoles that are made of others: their rules are those of all that they select, by name. */
import { isDeepStrictEqual } from 'node:util'
import type { KubeObject } from '../objects.ts'
import { type LabelSelector, selects } from '../selectors.ts'
import type { Controller } from './controller.ts'

const roles = 'clusterroles.rbac.authorization.k8s.io'

export const clusterRoleAggregationController: Controller = {
  name: 'clusterrole-aggregation-controller',
  client: 'kube-controller-manager',
  keys: ({ resource, object }, { store }) => {
    if (resource !== roles) return []
    const made = store.list(roles).filter(({ aggregationRule }) => aggregationRule)
    return made.filter((role) => role.metadata.name === object.metadata.name || isPart(role, object)).map(nameOf)
  },
  reconcile: (name, { store, write }) => {
    const role = store.get(roles, name)
    if (!role?.aggregationRule) return undefined
    const parts = store.list(roles).filter((part) => isPart(role, part))
    const rules = distinct(parts.flatMap((part) => part.rules ?? []))
    if (!isDeepStrictEqual(rules, role.rules ?? [])) write.update(roles, { ...role, rules })
    return undefined
  },
}

function isPart({ metadata, aggregationRule }: KubeObject, part: KubeObject): boolean {
  const selectors: readonly LabelSelector[] = aggregationRule?.clusterRoleSelectors ?? []
  return part.metadata.name !== metadata.name && selectors.some((one) => selects(one, part.metadata.labels))
}

function nameOf({ metadata }: KubeObject): string {
  return metadata.name
}

function distinct(rules: readonly object[]): object[] {
  return rules.filter((rule, index) => !rules.slice(0, index).some((before) => isDeepStrictEqual(before, rule)))
}
