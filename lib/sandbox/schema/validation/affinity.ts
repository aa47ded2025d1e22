/** Where a pod wants to run: on which nodes, beside which pods, and how far apart. */
import { inFormat, isDnsLabel, isDnsSubdomain, isQualifiedName } from './formats.ts'
import { checkSelector } from './labels.ts'
import {
  type Check,
  duplicate,
  each,
  forbidden,
  invalid,
  oneOf,
  type Part,
  type Problem,
  required,
} from './problems.ts'

const hard = 'requiredDuringSchedulingIgnoredDuringExecution'
const soft = 'preferredDuringSchedulingIgnoredDuringExecution'

export const checkAffinity: Check = ({ nodeAffinity, podAffinity, podAntiAffinity }, path) => [
  ...(nodeAffinity?.[hard] ? checkNodeSelector(nodeAffinity[hard], `${path}.nodeAffinity.${hard}`) : []),
  ...each(nodeAffinity?.[soft], `${path}.nodeAffinity.${soft}`, ({ weight, preference = {} }, at) => [
    ...checkWeight(weight, `${at}.weight`),
    ...checkNodeTerm(preference, `${at}.preference`),
  ]),
  ...checkPodAffinity(podAffinity, `${path}.podAffinity`),
  ...checkPodAffinity(podAntiAffinity, `${path}.podAntiAffinity`),
]

function checkWeight(weight = 0, path: string): Problem[] {
  return weight < 1 || weight > 100 ? [invalid(path, weight, 'must be in the range 1-100')] : []
}

const checkNodeSelector: Check = ({ nodeSelectorTerms: terms }, path) =>
  terms?.length
    ? each(terms, `${path}.nodeSelectorTerms`, checkNodeTerm)
    : [required(`${path}.nodeSelectorTerms`, 'must have at least one node selector term')]

const checkNodeTerm: Check = ({ matchExpressions, matchFields }, path) => [
  ...each(matchExpressions, `${path}.matchExpressions`, checkRequirement),
  ...each(matchFields, `${path}.matchFields`, checkFieldRequirement),
]

/** How many values go with an operator. */
const operators: Readonly<Record<string, (count: number, path: string) => Problem[]>> = {
  In: some,
  NotIn: some,
  Exists: none,
  DoesNotExist: none,
  Gt: single,
  Lt: single,
}

function some(count: number, path: string): Problem[] {
  return count > 0 ? [] : [required(path, "must be specified when `operator` is 'In' or 'NotIn'")]
}

function none(count: number, path: string): Problem[] {
  return count > 0 ? [forbidden(path, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")] : []
}

function single(count: number, path: string): Problem[] {
  return count === 1 ? [] : [required(path, "must be specified single value when `operator` is 'Lt' or 'Gt'")]
}

const checkRequirement: Check = ({ key = '', operator = '', values = [] }, path) => [
  ...(operators[operator]?.(values.length, `${path}.values`) ?? [unknownOperator(operator, path)]),
  ...inFormat(key, `${path}.key`, isQualifiedName),
]

function unknownOperator(operator: string, path: string): Problem {
  return invalid(`${path}.operator`, operator, 'not a valid selector operator')
}

const ONE_VALUE = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"

/** Of a node's fields only the name can be asked for. */
const checkFieldRequirement: Check = ({ key = '', operator = '', values = [] }, path) => [
  ...(operator === 'In' || operator === 'NotIn'
    ? values.length === 1
      ? []
      : [required(`${path}.values`, ONE_VALUE)]
    : [unknownOperator(operator, path)]),
  ...(key === 'metadata.name'
    ? each(values, `${path}.values`, (value, at) => inFormat(value, at, isDnsSubdomain))
    : [invalid(`${path}.key`, key, 'not a valid field selector key')]),
]

function checkPodAffinity(affinity: Part, path: string): Problem[] {
  return [
    ...each(affinity?.[hard], `${path}.${hard}`, checkPodTerm),
    ...each(affinity?.[soft], `${path}.${soft}`, ({ weight, podAffinityTerm = {} }, at) => [
      ...checkWeight(weight, `${at}.weight`),
      ...checkPodTerm(podAffinityTerm, `${at}.podAffinityTerm`),
    ]),
  ]
}

const checkPodTerm: Check = ({ labelSelector, namespaceSelector, namespaces, topologyKey = '' }, path) => [
  ...(labelSelector ? checkSelector(labelSelector, `${path}.labelSelector`) : []),
  ...(namespaceSelector ? checkSelector(namespaceSelector, `${path}.namespaceSelector`) : []),
  // The server names neither the list nor the item.
  ...each(namespaces, path, (name) => inFormat(name, `${path}.namespace`, isDnsLabel)),
  ...(topologyKey ? [] : [required(`${path}.topologyKey`, 'can not be empty')]),
  ...inFormat(topologyKey, `${path}.topologyKey`, isQualifiedName),
]

const NOT_POSITIVE = 'must be greater than zero'

export function checkSpreads(constraints: Part, path: string): Problem[] {
  return each(constraints, path, (constraint, at) => [
    ...checkSpread(constraint, at),
    ...(isRepeated(constraint, constraints.slice(constraints.indexOf(constraint) + 1))
      ? [
          duplicate(
            `${at}.{topologyKey, whenUnsatisfiable}`,
            `{${constraint.topologyKey}, ${constraint.whenUnsatisfiable}}`,
          ),
        ]
      : []),
    ...checkMinDomains(constraint, `${at}.minDomains`),
    ...['nodeAffinityPolicy', 'nodeTaintsPolicy'].flatMap((policy) =>
      oneOf(constraint[policy], `${at}.${policy}`, ['Honor', 'Ignore']),
    ),
    ...checkLabelKeys(constraint, `${at}.matchLabelKeys`),
    ...(constraint.labelSelector ? checkSelector(constraint.labelSelector, `${at}.labelSelector`) : []),
  ])
}

const checkSpread: Check = ({ maxSkew = 0, topologyKey, whenUnsatisfiable = '' }, path) => [
  ...(maxSkew > 0 ? [] : [invalid(`${path}.maxSkew`, maxSkew, NOT_POSITIVE)]),
  ...(topologyKey ? [] : [required(`${path}.topologyKey`, 'can not be empty')]),
  ...oneOf(whenUnsatisfiable, `${path}.whenUnsatisfiable`, ['DoNotSchedule', 'ScheduleAnyway']),
]

function isRepeated({ topologyKey, whenUnsatisfiable }: Part, others: readonly Part[]): boolean {
  return others.some((other) => other.topologyKey === topologyKey && other.whenUnsatisfiable === whenUnsatisfiable)
}

function checkMinDomains({ minDomains, whenUnsatisfiable }: Part, path: string): Problem[] {
  if (minDomains === undefined) return []
  const only = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${whenUnsatisfiable}`
  return [
    ...(minDomains > 0 ? [] : [invalid(path, minDomains, NOT_POSITIVE)]),
    ...(whenUnsatisfiable === 'DoNotSchedule' ? [] : [invalid(path, minDomains, only)]),
  ]
}

function checkLabelKeys({ matchLabelKeys = [], labelSelector }: Part, path: string): Problem[] {
  if (matchLabelKeys.length === 0) return []
  const selected = [
    ...Object.keys(labelSelector?.matchLabels ?? {}),
    ...((labelSelector?.matchExpressions ?? []) as Part[]).map(({ key }) => key),
  ]
  return [
    ...(labelSelector ? [] : [forbidden(path, 'must not be specified when labelSelector is not set')]),
    ...each(matchLabelKeys, path, (key, at) => [
      ...inFormat(key, at, isQualifiedName),
      ...(selected.includes(key) ? [invalid(at, key, 'exists in both matchLabelKeys and labelSelector')] : []),
    ]),
  ]
}
