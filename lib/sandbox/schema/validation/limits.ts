/** ResourceQuotas and LimitRanges. */
import type { KubeObject } from '../../objects.ts'
import { parseQuantity } from '../quantity.ts'
import { inFormat, isQualifiedName } from './formats.ts'
import { goQuantity } from './go-quantity.ts'
import {
  asGo,
  duplicate,
  each,
  forbidden,
  goStrings,
  immutable,
  invalid,
  type Part,
  type Problem,
  required,
} from './problems.ts'

const computing = ['cpu', 'memory', 'ephemeral-storage']
const counted = [
  'pods',
  'services',
  'replicationcontrollers',
  'resourcequotas',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
]
const ofQuotas = [
  ...computing,
  ...computing.flatMap((name) => [`requests.${name}`, `limits.${name}`]),
  'requests.storage',
  ...counted,
]
const isStandard = (name: string) => ofQuotas.includes(name) || /^(requests\.)?hugepages-/.test(name)

function nanos(amount: unknown): bigint {
  return parseQuantity(String(amount))?.nanos ?? 0n
}

export function checkQuota({ spec = {} }: KubeObject): Problem[] {
  const hard = Object.entries((spec.hard ?? {}) as Record<string, string>).sort(([a], [b]) => (a < b ? -1 : 1))
  return [
    ...hard.flatMap(([name, amount]) => {
      const path = `spec.hard[${name}]`
      return [...checkQuotaName(name, path), ...checkAmountOf(name, amount, path)]
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

function checkQuotaName(name: string, path: string): Problem[] {
  const malformed = inFormat(name, path, isQualifiedName)
  if (malformed.length > 0 || name.includes('/') || isStandard(name)) return malformed
  return [invalid(path, asGo(name), fullyQualified), invalid(path, asGo(name), 'must be a standard resource for quota')]
}

const fullyQualified = 'must be a standard resource type or fully qualified'

function checkAmountOf(name: string, amount: string, path: string): Problem[] {
  return [
    ...(nanos(amount) < 0n ? [invalid(path, amount, 'must be greater than or equal to 0')] : []),
    ...(counted.includes(name) && nanos(amount) % 1_000_000_000n !== 0n
      ? [invalid(path, asGo(amount), 'must be an integer')]
      : []),
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

function checkScopes(given: string[] | undefined, resources: readonly string[]): Problem[] {
  if (!given?.length) return []
  const path = 'spec.scopes'
  const shown = asGo(`[]core.ResourceQuotaScope{${given.map((scope) => JSON.stringify(scope)).join(', ')}}`)
  return [
    ...given.flatMap((scope) => {
      const known = scopes[scope]
      if (!known) return [invalid(path, shown, 'unsupported scope')]
      const isMisplaced = (name: string) => isStandard(name) && name !== 'pods' && !known.includes(name)
      return resources.filter(isMisplaced).map(() => invalid(path, shown, 'unsupported scope applied to resource'))
    }),
    ...opposites
      .filter((pair) => pair.every((scope) => given.includes(scope)))
      .map(() => invalid(path, shown, 'conflicting scopes')),
  ]
}

const operators = ['In', 'NotIn', 'Exists', 'DoesNotExist']

function checkScopeSelector(selector: Part, resources: readonly string[]): Problem[] {
  const path = 'spec.scopeSelector.matchExpressions'
  return each(selector?.matchExpressions, path, ({ scopeName, operator, values = [] }, at) => {
    const known = scopes[scopeName]
    if (!known) return [invalid(`${at}.scopeName`, scopeName, 'unsupported scope')]
    const isMisplaced = (name: string) => isStandard(name) && name !== 'pods' && !known.includes(name)
    const hasValues = operator === 'In' || operator === 'NotIn'
    return [
      ...resources
        .filter(isMisplaced)
        .map(() => invalid(path, asGo('core.ScopeSelector'), 'unsupported scope applied to resource')),
      ...(scopeName !== 'PriorityClass' && operator !== 'Exists'
        ? [
            invalid(
              `${at}.operator`,
              operator,
              "must be 'Exist' only operator when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort and ResourceQuotaScopeCrossNamespacePodAffinity",
            ),
          ]
        : []),
      ...(operators.includes(operator) ? [] : [invalid(`${at}.operator`, operator, 'not a valid selector operator')]),
      ...(hasValues && values.length === 0
        ? [required(`${at}.values`, "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector")]
        : []),
      ...(!hasValues && operators.includes(operator) && values.length > 0
        ? [
            invalid(
              `${at}.values`,
              goStrings(values),
              "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector",
            ),
          ]
        : []),
    ]
  })
}

/** A quota stays about the same objects. */
export function checkQuotaChange({ spec = {} }: KubeObject, { spec: old = {} }: KubeObject): Problem[] {
  const sorted = (list: string[] | undefined) => [...(list ?? [])].sort()
  return immutable(sorted(spec.scopes), sorted(old.scopes), 'spec.scopes', (list) =>
    asGo(`[]core.ResourceQuotaScope{${(list as string[]).map((scope) => JSON.stringify(scope)).join(', ')}}`),
  )
}

const limitTypes = ['Container', 'PersistentVolumeClaim', 'Pod']
const amountsOf = ['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio'] as const

export function checkLimitRange({ spec = {} }: KubeObject): Problem[] {
  const seen = new Set<string>()
  return each(spec.limits, 'spec.limits', (item, path) => {
    const { type = '' } = item
    const problems = [
      ...checkLimitType(type, `${path}.type`),
      ...(seen.has(type) ? [duplicate(`${path}.type`, type)] : []),
      ...checkItem(item, path),
    ]
    seen.add(type)
    return problems
  })
}

function checkLimitType(type: string, path: string): Problem[] {
  const malformed = inFormat(type, path, isQualifiedName)
  if (malformed.length > 0 || type.includes('/') || limitTypes.includes(type)) return malformed
  return [invalid(path, type, 'must be a standard limit type or fully qualified')]
}

function checkItem(item: Part, path: string): Problem[] {
  const { type, min = {}, max = {} } = item
  const isOfPods = type === 'Pod'
  const names = [...new Set(amountsOf.flatMap((field) => Object.keys(item[field] ?? {})))].sort()
  return [
    ...amountsOf.flatMap((field) => {
      const amounts = Object.keys(item[field] ?? {})
      if (isOfPods && field.startsWith('default'))
        return amounts.length > 0 ? [forbidden(`${path}.${field}`, "may not be specified when `type` is 'Pod'")] : []
      return amounts.flatMap((name) => checkLimitName(name, type, `${path}.${field}[${name}]`))
    }),
    ...(type === 'PersistentVolumeClaim' && min.storage === undefined && max.storage === undefined
      ? [required(path, 'either minimum or maximum storage value is required, but neither was provided')]
      : []),
    ...names.flatMap((name) => compared(item, name, path)),
  ]
}

type Amount = (typeof amountsOf)[number]

/** What must not be more than what, the field that is blamed, and the one whose value is shown. */
const orders: readonly [low: Amount, lowWord: string, high: Amount, highWord: string, blamed: Amount, shown: Amount][] =
  [
    ['min', 'min', 'max', 'max', 'min', 'min'],
    ['min', 'min', 'defaultRequest', 'default request', 'defaultRequest', 'defaultRequest'],
    ['defaultRequest', 'default request', 'max', 'max', 'defaultRequest', 'defaultRequest'],
    ['defaultRequest', 'default request', 'default', 'default limit', 'defaultRequest', 'defaultRequest'],
    ['min', 'min', 'default', 'default', 'default', 'min'],
    ['default', 'default', 'max', 'max', 'default', 'max'],
  ]

function compared(item: Part, name: string, path: string): Problem[] {
  const of = (field: Amount): string | undefined => item[field]?.[name]
  const ratio = of('maxLimitRequestRatio')
  return [
    ...orders
      .filter(([low, , high]) => of(low) !== undefined && of(high) !== undefined && nanos(of(low)) > nanos(of(high)))
      .map(([low, lowWord, high, highWord, blamed, shown]) =>
        invalid(
          `${path}.${blamed}[${name}]`,
          goQuantity(String(of(shown)), true),
          `${lowWord} value ${of(low)} is greater than ${highWord} value ${of(high)}`,
        ),
      ),
    ...(ratio !== undefined && nanos(ratio) < 1_000_000_000n
      ? [invalid(`${path}.maxLimitRequestRatio[${name}]`, goQuantity(ratio, true), `ratio ${ratio} is less than 1`)]
      : []),
  ]
}

function checkLimitName(name: string, type: string, path: string): Problem[] {
  const malformed = inFormat(name, path, isQualifiedName)
  if (malformed.length > 0 || name.includes('/') || computing.includes(name) || name.startsWith('hugepages-'))
    return malformed
  if (type === 'Container' || type === 'Pod')
    return [invalid(path, asGo(name), 'must be a standard resource for containers')]
  return name === 'storage' || isStandard(name) ? [] : [invalid(path, asGo(name), fullyQualified)]
}
