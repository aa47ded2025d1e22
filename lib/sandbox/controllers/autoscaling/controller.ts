/**
 * HorizontalPodAutoscalers on a cluster without metrics, as kind makes it: they keep their target between its bounds,
 * and say why they do nothing more (Kubernetes 1.29, pkg/controller/podautoscaler/horizontal.go).
 */
import { labelSelector } from '../../api/label-selector.ts'
import type { KubeObject } from '../../objects.ts'
import { timestamp } from '../../store/store.ts'
import { type Said, withCondition } from '../conditions.ts'
import { type Context, type Controller, keyOf, splitKey } from '../controller.ts'
import { failureOf, type Metric } from './metrics.ts'
import { targetOf } from './target.ts'

const autoscalers = 'horizontalpodautoscalers.autoscaling'

/** The selectors of the targets, by the keys of their autoscalers, as far as these have been looked at. */
type Selectors = Map<string, string>

/** @returns one that looks at each autoscaler once in a time, the first time when that time has gone by */
export function autoscalerController(): Controller {
  /** When each is looked at next, in milliseconds since 1970. */
  const due = new Map<string, number>()
  const selectors: Selectors = new Map()
  return {
    name: 'horizontal-pod-autoscaler',
    client: 'kube-controller-manager',
    keys: ({ resource, object }) => (resource === autoscalers ? [keyOf(object)] : []),
    reconcile: (key, context) => {
      const { namespace, name } = splitKey(key)
      const autoscaler = context.store.get(autoscalers, name, namespace)
      if (!autoscaler) {
        due.delete(key)
        selectors.delete(key)
        return undefined
      }
      const time = context.now().getTime()
      const next = time + context.pace.autoscale
      const at = due.get(key) ?? next
      if (at > time) {
        due.set(key, at)
        return at - time
      }
      look(autoscaler, selectors, context)
      due.set(key, next)
      return next - time
    },
  }
}

function look(autoscaler: KubeObject, selectors: Selectors, context: Context): void {
  const { events, numbers, conditions } = finding(autoscaler, selectors, context)
  for (const [reason, message, type = 'Warning'] of events)
    context.record(autoscaler, { type, reason, message, component: 'horizontal-pod-autoscaler' })
  const said = conditions.reduce((object, one) => withCondition(object, one, context.now()), autoscaler)
  context.write.updateStatus(autoscalers, { ...said, status: { ...said.status, ...numbers } })
}

interface Finding {
  events: readonly [reason: string, message: string, type?: 'Normal'][]
  numbers?: object
  conditions: readonly Said[]
}

/** What is found, done, and said of it. */
function finding(autoscaler: KubeObject, selectors: Selectors, context: Context): Finding {
  const target = targetOf(autoscaler, context)
  if ('error' in target) {
    const message = `the HPA controller was unable to get the target's current scale: ${target.error}`
    return { events: [['FailedGetScale', target.error]], conditions: [unable('FailedGetScale', message)] }
  }
  const { scale, resize } = target
  const { replicas = 0 } = scale.spec
  if (replicas === 0) {
    const message = 'scaling is disabled since the replica count of the target is zero'
    return { events: [], numbers: numbersOf(0, 0), conditions: [found, inactive('ScalingDisabled', message)] }
  }
  const bound = outside(replicas, autoscaler.spec)
  if (bound) {
    const [desired, why] = bound
    resize(desired)
    return {
      events: [['SuccessfulRescale', `New size: ${desired}; reason: ${why}`, 'Normal']],
      numbers: { ...numbersOf(replicas, desired), lastScaleTime: timestamp(context.now()) },
      conditions: [found, rescaled(desired)],
    }
  }
  const numbers = numbersOf(replicas, autoscaler.status?.desiredReplicas ?? 0)
  const failure = selectorFailure(autoscaler, scale.status.selector ?? '', selectors, context)
  if (failure) {
    const { event, error, reason, message } = failure
    const events: Finding['events'] = [[event, error], computing(error)]
    return { events, numbers, conditions: [found, inactive(reason, message)] }
  }
  const { metrics } = autoscaler.spec as { metrics: readonly [Metric, ...Metric[]] }
  const first = failureOf(metrics[0], autoscaler)
  const count = `${metrics.length} invalid out of ${metrics.length}`
  return {
    events: [
      ...metrics.map((metric): [string, string] => {
        const { reason, error } = failureOf(metric, autoscaler)
        return [reason, error]
      }),
      computing(`invalid metrics (${count}), first error is: ${first.within}`),
    ],
    numbers: { ...numbers, currentMetrics: metrics.map(() => ({ type: '' })) },
    conditions: [found, inactive(first.reason, `the HPA was unable to compute the replica count: ${first.error}`)],
  }
}

const computing = (error: string): [string, string] => ['FailedComputeMetricsReplicas', error]

const unable = (reason: string, message: string): Said => ({ type: 'AbleToScale', status: 'False', reason, message })
const inactive = (reason: string, message: string): Said => ({
  type: 'ScalingActive',
  status: 'False',
  reason,
  message,
})
const found: Said = {
  type: 'AbleToScale',
  status: 'True',
  reason: 'SucceededGetScale',
  message: "the HPA controller was able to get the target's current scale",
}
const rescaled = (replicas: number): Said => ({
  type: 'AbleToScale',
  status: 'True',
  reason: 'SucceededRescale',
  message: `the HPA controller was able to update the target scale to ${replicas}`,
})

/** A status without metrics; a number that is zero is left out where Go leaves it out. */
function numbersOf(currentReplicas: number, desiredReplicas: number): object {
  return { currentMetrics: null, currentReplicas: currentReplicas || undefined, desiredReplicas }
}

function outside(current: number, { minReplicas, maxReplicas }: KubeObject['spec']): [number, string] | undefined {
  if (current > maxReplicas) return [maxReplicas, 'Current number of replicas above Spec.MaxReplicas']
  return current < minReplicas ? [minReplicas, 'Current number of replicas below Spec.MinReplicas'] : undefined
}

interface SelectorFailure {
  event: string
  error: string
  reason: string
  message: string
}

/** Pods must be selected, and by the targets of no two autoscalers. */
function selectorFailure(
  autoscaler: KubeObject,
  selector: string,
  selectors: Selectors,
  { store }: Context,
): SelectorFailure | undefined {
  if (selector === '') {
    const message = "the HPA target's scale is missing a selector"
    return { event: 'SelectorRequired', error: 'selector is required', reason: 'InvalidSelector', message }
  }
  selectors.set(keyOf(autoscaler), selector)
  const { namespace = '' } = autoscaler.metadata
  const pods = store.list('pods', namespace).filter(labelSelector(selector))
  const rivals = [...selectors]
    .filter(([key, other]) => splitKey(key).namespace === namespace && pods.some(labelSelector(other)))
    .map(([key]) => key)
    .sort()
  if (rivals.length < 2) return undefined
  const error = `pods by selector ${selector} are controlled by multiple HPAs: [${rivals.join(' ')}]`
  return { event: 'AmbiguousSelector', error, reason: 'AmbiguousSelector', message: error }
}
