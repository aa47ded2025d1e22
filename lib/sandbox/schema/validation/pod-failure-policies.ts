/** What becomes of a Job when one of its pods fails in a known way. */

import { goPlace } from '../../go/syntax.ts'
import { inFormat, isQualifiedName } from './formats.ts'
import {
  asGo,
  atMost,
  duplicate,
  each,
  type GoText,
  invalid,
  notSupported,
  oneOf,
  type Part,
  type Problem,
  required,
} from './problems.ts'

const MOST_RULES = 20
const MOST_EXIT_CODES = 255
const MOST_CONDITIONS = 20

/** @param spec of the Job, whose containers the policy may name */
export function checkFailurePolicy(spec: Part, path: string): Problem[] {
  const { rules } = spec.podFailurePolicy
  return [
    ...atMost(rules, `${path}.rules`, MOST_RULES),
    ...each(rules, `${path}.rules`, (rule, at) => checkRule(rule, at, spec)),
  ]
}

function checkRule({ action, onExitCodes, onPodConditions }: Part, path: string, spec: Part): Problem[] {
  const isByCondition = onPodConditions?.length > 0
  return [
    ...(action === 'FailIndex'
      ? checkFailIndex(spec, `${path}.action`)
      : oneOfRequired(action, `${path}.action`, ['Count', 'FailIndex', 'FailJob', 'Ignore'])),
    ...(onExitCodes ? checkExitCodes(onExitCodes, `${path}.onExitCodes`, spec) : []),
    ...(isByCondition ? checkConditions(onPodConditions, `${path}.onPodConditions`) : []),
    ...(onExitCodes && isByCondition
      ? [wrongRule(path, 'specifying both OnExitCodes and OnPodConditions is not supported')]
      : []),
    ...(onExitCodes || isByCondition
      ? []
      : [wrongRule(path, 'specifying one of OnExitCodes and OnPodConditions is required')]),
  ]
}

function checkFailIndex({ backoffLimitPerIndex }: Part, path: string): Problem[] {
  return backoffLimitPerIndex === undefined
    ? [invalid(path, 'FailIndex', 'requires the backoffLimitPerIndex to be set')]
    : []
}

function oneOfRequired(value: string | undefined, path: string, supported: readonly string[]): Problem[] {
  if (!value) return [required(path, `valid values: [${supported.map((name) => JSON.stringify(name)).join(' ')}]`)]
  return supported.includes(value) ? [] : [notSupported(path, value, supported)]
}

/** The server does not show a rule that is wrong as a whole. */
function wrongRule(path: string, detail: string): Problem {
  return invalid(path, asGo(detail), '')
}

function checkConditions(patterns: Part, path: string): Problem[] {
  return [
    ...atMost(patterns, path, MOST_CONDITIONS),
    ...each(patterns, path, ({ type = '', status }, at) => [
      ...inFormat(type, `${at}.type`, isQualifiedName),
      // Where nothing is said, the server takes it for True.
      ...(status ? oneOf(status, `${at}.status`, ['False', 'True', 'Unknown']) : []),
    ]),
  ]
}

function checkExitCodes({ operator, containerName, values }: Part, path: string, { template }: Part): Problem[] {
  const { containers = [], initContainers = [] } = template?.spec ?? {}
  const isNamed = [...containers, ...initContainers].some(({ name = '' }) => name === containerName)
  return [
    ...oneOfRequired(operator, `${path}.operator`, ['In', 'NotIn']),
    ...((containerName ?? undefined) === undefined || isNamed
      ? []
      : [
          invalid(
            `${path}.containerName`,
            containerName,
            'must be one of the container or initContainer names in the pod template',
          ),
        ]),
    ...checkCodes(values, `${path}.values`, operator),
  ]
}

function checkCodes(values: readonly number[] | undefined, path: string, operator: string): Problem[] {
  const codes = values ?? []
  const isOrdered = codes.every((code, index) => index === 0 || code >= (codes[index - 1] as number))
  return [
    ...(codes.length > 0 ? [] : [invalid(path, goCodes(values), 'at least one value is required')]),
    ...atMost(codes, path, MOST_EXIT_CODES),
    ...codes.flatMap((code, index) => [
      ...(operator === 'In' && code === 0
        ? [invalid(`${path}[${index}]`, code, 'must not be 0 for the In operator')]
        : []),
      ...(codes.indexOf(code) < index ? [duplicate(`${path}[${index}]`, code)] : []),
    ]),
    ...(isOrdered ? [] : [invalid(path, goCodes(codes), 'must be ordered')]),
  ]
}

function goCodes(codes: readonly number[] | undefined): GoText {
  return asGo(goList('int32', codes, String))
}

/** A policy as Go prints it. */
export function goFailurePolicy({ rules }: Part): GoText {
  return asGo(`batch.PodFailurePolicy{Rules:${goList('batch.PodFailurePolicyRule', rules, goRule)}}`)
}

function goRule({ action = '', onExitCodes, onPodConditions }: Part, index: number): string {
  const codes = `(*batch.PodFailurePolicyOnExitCodesRequirement)(${goPlace(onExitCodes, index)})`
  const conditions = goList('batch.PodFailurePolicyOnPodConditionsPattern', onPodConditions, goPattern)
  return `batch.PodFailurePolicyRule{Action:${JSON.stringify(action)}, OnExitCodes:${codes}, OnPodConditions:${conditions}}`
}

function goPattern({ type = '', status = '' }: Part): string {
  const [quotedType, quotedStatus] = [JSON.stringify(type), JSON.stringify(status)]
  return `batch.PodFailurePolicyOnPodConditionsPattern{Type:${quotedType}, Status:${quotedStatus}}`
}

function goList(type: string, list: readonly Part[] | undefined, show: (item: Part, index: number) => string): string {
  return `[]${type}${list ? `{${list.map(show).join(', ')}}` : '(nil)'}`
}
