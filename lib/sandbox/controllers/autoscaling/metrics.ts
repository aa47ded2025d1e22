/** Why there is no value of a metric on a cluster that no server of metrics is installed in. */
import { labelSelectorString } from '../../go/reflect.ts'
import type { KubeObject } from '../../objects.ts'

export interface Metric {
  type: string
  // biome-ignore lint/suspicious/noExplicitAny: a source is known by its type
  [source: string]: any
}

export interface Failure {
  /** As the condition and the event name it. */
  reason: string
  error: string
  /** The same where the failures of all metrics are told together. */
  within: string
}

export function failureOf({ type, ...sources }: Metric, { metadata }: KubeObject): Failure {
  const named = (error: string, within: string) => ({ reason: `FailedGet${type}Metric`, error, within })
  const namespace = metadata.namespace as string
  switch (type) {
    case 'ContainerResource': {
      const { container } = sources.containerResource
      const error = unmeasured(sources.containerResource)
      return named(error, `failed to get ${container} container metric value: ${error}`)
    }
    case 'Pods': {
      const error = `unable to get metric ${sources.pods.metric.name}: ${noCustomMetrics}`
      return named(error, `failed to get pods metric value: ${error}`)
    }
    case 'Object': {
      const { describedObject, metric, target } = sources.object
      const error = `unable to get metric ${metric.name}: ${describedObject.kind} on ${namespace} ${describedObject.name}/${noCustomMetrics}`
      const step = target.averageValue === undefined ? '' : `failed to get ${metric.name} object metric: `
      return named(error, `failed to get object metric value: ${step}${error}`)
    }
    case 'External': {
      const { metric, target } = sources.external
      const selector = metric.selector ? labelSelectorString(metric.selector) : 'nil'
      const missing = noExternalMetrics(metric.name)
      const error = `unable to get external metric ${namespace}/${metric.name}/${selector}: ${missing}`
      const step =
        target.averageValue === undefined ? `external metric ${metric.name}` : `${metric.name} external metric`
      return named(error, `failed to get ${metric.name} external metric value: failed to get ${step}: ${error}`)
    }
    default: {
      const error = unmeasured(sources.resource)
      return named(error, `failed to get ${sources.resource.name} resource metric value: ${error}`)
    }
  }
}

function unmeasured({ name, target }: Metric): string {
  const measured = target.averageValue === undefined ? 'utilization' : 'usage'
  return `failed to get ${name} ${measured}: unable to get metrics for resource ${name}: ${noResourceMetrics}`
}

const notServed = (resource: string) => `the server could not find the requested resource (get ${resource})`
const noResourceMetrics = `unable to fetch metrics from resource metrics API: ${notServed('pods.metrics.k8s.io')}`
const noCustomMetrics =
  'unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered'
const noExternalMetrics = (name: string) =>
  `unable to fetch metrics from external metrics API: ${notServed(`${name}.external.metrics.k8s.io`)}`
