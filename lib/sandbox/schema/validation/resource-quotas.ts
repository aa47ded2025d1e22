/** ResourceQuotas. */
import type { KubeObject } from '../../objects.ts'
import { asGo, type GoText, goStrings, immutable, invalid, type Part, type Problem, required } from './problems.ts'
import { checkQuantity } from './quantities.ts'
import { checkQuotaResourceName, isQuotaResource } from './resource-names.ts'

export function checkQuota({ spec = {} }: KubeObject): Problem[] {
  const hard = Object.entries((spec.hard ?? {}) as Record<string, string>).sort(([a], [b]) => (a < b ? -1 : 1))
  return [
    ...hard.flatMap(([name, amount]) => {
      const path = `spec.hard[${name}]`
      return [...checkQuotaResourceName(name, path), ...checkQuantity(name, amount, path)]
    }),
    ...checkScopes(
      spec.scopes,
      hard.map(([name]) => name),
    ),
    ...checkScopeSelector(
      spec.scopeSelector,
      hard.map(([name]) => name),
    ),
  ]
}

const computeOnly = ['cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory']
/** Which resources go with a scope; pods go with all. */
const scopes: Readonly<Record<string, readonly string[]>> = {
  BestEffort: [],
  CrossNamespacePodAffinity: computeOnly,
  NotBestEffort: computeOnly,
  NotTerminating: computeOnly,
  PriorityClass: computeOnly,
  Terminating: computeOnly,
}
const opposites = [
  ['BestEffort', 'NotBestEffort'],
  ['Terminating', 'NotTerminating'],
] as const

function isMisplaced(name: string, scope: string): boolean {
  const known = scopes[scope]
  return known !== undefined && isQuotaResource(name) && name !== 'pods' && !known.includes(name)
}

function goScopes(given: readonly string[]): GoText {
  return asGo(`[]core.ResourceQuotaScope{${given.map((scope) => JSON.stringify(scope)).join(', ')}}`)
}

const UNSUPPORTED = 'unsupported scope'
const MISPLACED = 'unsupported scope applied to resource'
const CONFLICTING = 'conflicting scopes'

function areOpposite(given: readonly string[]): boolean {
  return opposites.some((pair) => pair.every((scope) => given.includes(scope)))
}

function checkScopes(given: string[] | undefined, resources: readonly string[]): Problem[] {
  if (!given?.length) return []
  const wrong = (why: string) => invalid('spec.scopes', goScopes(given), why)
  return [
    ...given.flatMap((scope) => [
      ...(scopes[scope] ? [] : [wrong(UNSUPPORTED)]),
      ...resources.filter((name) => isMisplaced(name, scope)).map(() => wrong(MISPLACED)),
    ]),
    ...(areOpposite(given) ? [wrong(CONFLICTING)] : []),
  ]
}

const operators = ['In', 'NotIn', 'Exists', 'DoesNotExist']
const ONLY_EXISTS =
  "must be 'Exist' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity"

/** The server names none of the expressions. */
function checkScopeSelector(selector: Part, resources: readonly string[]): Problem[] {
  const path = 'spec.scopeSelector.matchExpressions'
  const expressions = (selector?.matchExpressions ?? []) as Part[]
  return [
    ...expressions.flatMap(({ scopeName = '', operator = '', values = [] }) => [
      ...(scopes[scopeName] ? [] : [invalid(`${path}.scopeName`, scopeName, UNSUPPORTED)]),
      ...resources
        .filter((name) => isMisplaced(name, scopeName))
        .map(() => invalid(path, goSelector(expressions), MISPLACED)),
      ...(scopes[scopeName] && scopeName !== 'PriorityClass' && operator !== 'Exists'
        ? [invalid(`${path}.operator`, operator, ONLY_EXISTS)]
        : []),
      ...checkValues(operator, values, path),
    ]),
    ...(areOpposite(expressions.map(({ scopeName }) => scopeName))
      ? [invalid(path, asGo('[]core.ResourceQuotaScope(nil)'), CONFLICTING)]
      : []),
  ]
}

function checkValues(operator: string, values: readonly string[], path: string): Problem[] {
  if (!operators.includes(operator)) return [invalid(`${path}.operator`, operator, 'not a valid selector operator')]
  if (operator === 'In' || operator === 'NotIn')
    return values.length > 0
      ? []
      : [required(`${path}.values`, "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector")]
  const none = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector"
  return values.length > 0 ? [invalid(`${path}.values`, goStrings(values), none)] : []
}

function goSelector(expressions: readonly Part[]): GoText {
  const shown = expressions.map(({ scopeName = '', operator = '', values }) => {
    const [scope, how] = [scopeName, operator].map((text) => JSON.stringify(text))
    const list = values ? goStrings(values).text : '[]string(nil)'
    return `core.ScopedResourceSelectorRequirement{ScopeName:${scope}, Operator:${how}, Values:${list}}`
  })
  return asGo(`core.ScopeSelector{MatchExpressions:[]core.ScopedResourceSelectorRequirement{${shown.join(', ')}}}`)
}

/** A quota stays about the same objects. */
export function checkQuotaChange({ spec = {} }: KubeObject, { spec: old = {} }: KubeObject): Problem[] {
  const sorted = (list: string[] | undefined) => [...(list ?? [])].sort()
  return immutable(sorted(spec.scopes), sorted(old.scopes), 'spec.scopes', (list) => goScopes(list as string[]))
}
