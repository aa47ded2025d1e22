/** LimitRanges. */
import type { KubeObject } from '../../objects.ts'
import { nanosOf } from '../quantity.ts'
import { inFormat, isQualifiedName } from './formats.ts'
import { goQuantity } from './go-quantity.ts'
import { duplicate, each, forbidden, invalid, type Part, type Problem, required } from './problems.ts'
import { checkContainerResourceName, checkResourceName, isOvercommitted } from './resource-names.ts'

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
      ? [required(`${path}.limits`, 'either minimum or maximum storage value is required, but neither was provided')]
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
  const isLeftOut = (field: Amount) => item.type === 'Pod' && field.startsWith('default')
  const of = (field: Amount): string | undefined => (isLeftOut(field) ? undefined : item[field]?.[name])
  return [
    ...orders
      .filter(
        ([low, , high]) => of(low) !== undefined && of(high) !== undefined && nanosOf(of(low)) > nanosOf(of(high)),
      )
      .map(([low, lowWord, high, highWord, blamed, shown]) =>
        invalid(
          `${path}.${blamed}[${name}]`,
          goQuantity(String(of(shown))),
          `${lowWord} value ${of(low)} is greater than ${highWord} value ${of(high)}`,
        ),
      ),
    ...checkRatio(of('maxLimitRequestRatio'), of('min'), of('max'), `${path}.maxLimitRequestRatio[${name}]`),
    ...checkEqual(name, of('default'), of('defaultRequest'), `${path}.defaultRequest[${name}]`),
  ]
}

function checkRatio(
  ratio: string | undefined,
  min: string | undefined,
  max: string | undefined,
  path: string,
): Problem[] {
  if (ratio === undefined) return []
  const most = min && max ? Number(nanosOf(max)) / Number(nanosOf(min)) : Number.POSITIVE_INFINITY
  const wrong = (why: string) => [invalid(path, goQuantity(ratio), `ratio ${ratio} is ${why}`)]
  return [
    ...(nanosOf(ratio) < BILLION ? wrong('less than 1') : []),
    ...(Number(nanosOf(ratio)) / Number(BILLION) > most ? wrong(`greater than max/min = ${most.toFixed(6)}`) : []),
  ]
}

const BILLION = 1_000_000_000n

/** What cannot be promised more often than it is there is asked for as it is limited. */
function checkEqual(name: string, limit: string | undefined, request: string | undefined, path: string): Problem[] {
  if (limit === undefined || request === undefined || isOvercommitted(name)) return []
  const text = `default value ${limit} must equal to defaultRequest value ${request} in ${name}`
  return nanosOf(limit) === nanosOf(request) ? [] : [invalid(path, goQuantity(request), text)]
}

function checkLimitName(name: string, type: string, path: string): Problem[] {
  return type === 'Container' || type === 'Pod' ? checkContainerResourceName(name, path) : checkResourceName(name, path)
}
