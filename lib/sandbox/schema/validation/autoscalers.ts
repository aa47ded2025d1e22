/** HorizontalPodAutoscalers (kubernetes pkg/apis/autoscaling/validation). */
import type { KubeObject } from '../../objects.ts'
import { nanosOf } from '../quantity.ts'
import { inFormat, isPathSegment } from './formats.ts'
import { goQuantity } from './go-quantity.ts'
import { type Check, each, forbidden, invalid, notSupported, type Part, type Problem, required } from './problems.ts'

export function checkAutoscaler({ spec = {} }: KubeObject): Problem[] {
  const { minReplicas, maxReplicas = 0, scaleTargetRef = {}, metrics, behavior = {} } = spec
  return [
    ...(minReplicas < 1 ? [invalid('spec.minReplicas', minReplicas, 'must be greater than or equal to 1')] : []),
    ...(maxReplicas < 1 ? [invalid('spec.maxReplicas', maxReplicas, 'must be greater than 0')] : []),
    ...(maxReplicas < minReplicas
      ? [invalid('spec.maxReplicas', maxReplicas, 'must be greater than or equal to `minReplicas`')]
      : []),
    ...checkReference(scaleTargetRef, 'spec.scaleTargetRef'),
    ...each(metrics, 'spec.metrics', checkMetric),
    ...(minReplicas === 0 ? checkScalingToZero(metrics) : []),
    ...['scaleUp', 'scaleDown'].flatMap((name) => checkRules(behavior[name], `spec.behavior.${name}`)),
  ]
}

function checkReference(reference: Part, path: string): Problem[] {
  return ['kind', 'name'].flatMap((name) => {
    const at = `${path}.${name}`
    return reference[name] ? inFormat(reference[name], at, isPathSegment) : [required(at)]
  })
}

function checkScalingToZero(metrics: readonly Part[] = []): Problem[] {
  const isPossible = metrics.some(({ type }) => type === 'Object' || type === 'External')
  const detail = 'must specify at least one Object or External metric to support scaling to zero replicas'
  return isPossible ? [] : [forbidden('spec.metrics', detail)]
}

const checkResource: Check = ({ name, target = {} }, path) => [
  ...(name ? [] : [required(`${path}.name`, 'must specify a resource name')]),
  ...checkTarget(target, `${path}.target`),
  ...checkLoad(target, `${path}.target`),
]

const checkContainerResource: Check = ({ name, container, target = {} }, path) => [
  ...(name ? [] : [required(`${path}.name`, 'must specify a resource name')]),
  ...(container ? [] : [required(`${path}.container`, 'must specify a container')]),
  ...checkTarget(target, `${path}.target`),
  ...checkLoad(target, `${path}.target`),
]

const checkPods: Check = ({ metric = {}, target = {} }, path) => [
  ...checkName(metric, `${path}.metric`),
  ...checkTarget(target, `${path}.target`),
  ...(target.averageValue === undefined
    ? [required(`${path}.target.averageValue`, 'must specify a positive target averageValue')]
    : []),
]

const checkObject: Check = ({ describedObject = {}, metric = {}, target = {} }, path) => [
  ...checkReference(describedObject, `${path}.describedObject`),
  ...checkName(metric, `${path}.metric`),
  ...checkTarget(target, `${path}.target`),
  ...(target.value === undefined && target.averageValue === undefined
    ? [required(`${path}.target.averageValue`, 'must set either a target value or averageValue')]
    : []),
]

const checkExternal: Check = ({ metric = {}, target = {} }, path) => [
  ...checkName(metric, `${path}.metric`),
  ...checkTarget(target, `${path}.target`),
  ...(target.value === undefined && target.averageValue === undefined
    ? [required(`${path}.target.averageValue`, 'must set either a target value for metric or a per-pod target')]
    : []),
  ...(target.value !== undefined && target.averageValue !== undefined
    ? [forbidden(`${path}.target.value`, 'may not set both a target value for metric and a per-pod target')]
    : []),
]

/** The field in which a metric's source stands, by the metric's type; in the order in which the server looks for them. */
const sources: Readonly<Record<string, { field: string; check: Check }>> = {
  Object: { field: 'object', check: checkObject },
  External: { field: 'external', check: checkExternal },
  Pods: { field: 'pods', check: checkPods },
  Resource: { field: 'resource', check: checkResource },
  ContainerResource: { field: 'containerResource', check: checkContainerResource },
}

const checkMetric: Check = (metric, path) => {
  const { type = '' } = metric
  const unknown = notSupported(`${path}.type`, type, Object.keys(sources).sort())
  const present = Object.values(sources).filter(({ field }) => metric[field])
  const [first] = present
  const wanted = sources[type]?.field
  const others = present.length > 1 ? present.filter(({ field }) => field !== wanted) : []
  return [
    ...(type === '' ? [required(`${path}.type`, 'must specify a metric source type')] : []),
    // The server says so twice: for the type, and for the source that it finds none for.
    ...(wanted ? [] : [unknown]),
    ...(first ? first.check(metric[first.field], `${path}.${first.field}`) : []),
    ...(wanted === undefined ? [unknown] : []),
    ...(wanted && !metric[wanted]
      ? [required(`${path}.${wanted}`, 'must populate information for the given metric source')]
      : []),
    ...others.map(({ field }) => forbidden(`${path}.${field}`, 'must populate the given metric source only')),
  ]
}

function checkName({ name }: Part, path: string): Problem[] {
  return name ? inFormat(name, `${path}.name`, isPathSegment) : [required(`${path}.name`, 'must specify a metric name')]
}

const targetTypes: readonly string[] = ['Utilization', 'Value', 'AverageValue']

function checkTarget({ type, value, averageValue, averageUtilization }: Part, path: string): Problem[] {
  return [
    ...(type ? [] : [required(`${path}.type`, 'must specify a metric target type')]),
    ...(targetTypes.includes(type)
      ? []
      : [invalid(`${path}.type`, type ?? '', 'must be either Utilization, Value, or AverageValue')]),
    ...checkPositive(value, `${path}.value`),
    ...checkPositive(averageValue, `${path}.averageValue`),
    ...(averageUtilization < 1
      ? [invalid(`${path}.averageUtilization`, averageUtilization, 'must be greater than 0')]
      : []),
  ]
}

function checkPositive(amount: string | undefined, path: string): Problem[] {
  if (amount === undefined) return []
  const isPositive = nanosOf(amount) > 0n
  return isPositive ? [] : [invalid(path, goQuantity(String(amount)), 'must be positive')]
}

function checkLoad({ averageUtilization, averageValue }: Part, path: string): Problem[] {
  if (averageUtilization === undefined && averageValue === undefined)
    return [required(`${path}.averageUtilization`, 'must set either a target raw value or a target utilization')]
  return averageUtilization !== undefined && averageValue !== undefined
    ? [forbidden(`${path}.averageValue`, 'may not set both a target raw value and a target utilization')]
    : []
}

/** Seconds. */
const LONGEST_WINDOW = 3600
const LONGEST_PERIOD = 1800

function checkRules(rules: Part | undefined, path: string): Problem[] {
  if (!rules) return []
  const { stabilizationWindowSeconds: window, selectPolicy, policies = [] } = rules
  return [
    ...atMostSeconds(window, `${path}.stabilizationWindowSeconds`, LONGEST_WINDOW),
    ...(selectPolicy === undefined || ['Disabled', 'Max', 'Min'].includes(selectPolicy)
      ? []
      : [notSupported(`${path}.selectPolicy`, selectPolicy, ['Disabled', 'Max', 'Min'])]),
    ...(policies?.length ? [] : [required(`${path}.policies`, 'must specify at least one Policy')]),
    ...each(policies, `${path}.policies`, checkPolicy),
  ]
}

const checkPolicy: Check = ({ type = '', value = 0, periodSeconds = 0 }, path) => [
  ...(['Percent', 'Pods'].includes(type) ? [] : [notSupported(`${path}.type`, type, ['Percent', 'Pods'])]),
  ...(value > 0 ? [] : [invalid(`${path}.value`, value, 'must be greater than zero')]),
  ...(periodSeconds > 0
    ? atMostSeconds(periodSeconds, `${path}.periodSeconds`, LONGEST_PERIOD)
    : [invalid(`${path}.periodSeconds`, periodSeconds, 'must be greater than zero')]),
]

function atMostSeconds(seconds: number | undefined, path: string, most: number): Problem[] {
  if (seconds === undefined) return []
  if (seconds < 0) return [invalid(path, seconds, 'must be greater than or equal to zero')]
  return seconds > most ? [invalid(path, seconds, `must be less than or equal to ${most}`)] : []
}
