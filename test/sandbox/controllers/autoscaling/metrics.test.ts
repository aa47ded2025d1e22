import * as assert from 'uvu/assert'
import { failureOf, type Metric } from '../../../../lib/sandbox/controllers/autoscaling/metrics.ts'
import { suite } from '../../../support/suite.ts'

const test = suite('metrics of autoscalers')

const autoscaler = {
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'a', namespace: 'shop' },
}
const service = { apiVersion: 'v1', kind: 'Service', name: 'web' }
const resource =
  'unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)'
const custom =
  'unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered'
const external =
  'unable to fetch metrics from external metrics API: the server could not find the requested resource (get queue.external.metrics.k8s.io)'
const selector = '&LabelSelector{MatchLabels:map[string]string{a: b,},MatchExpressions:[]LabelSelectorRequirement{},}'

/** As a kind cluster answers. */
const cases: readonly [metric: Metric, reason: string, error: string, within: string][] = [
  [
    { type: 'Resource', resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '100Mi' } } },
    'FailedGetResourceMetric',
    `failed to get memory usage: unable to get metrics for resource memory: ${resource}`,
    'failed to get memory resource metric value: ',
  ],
  [
    {
      type: 'ContainerResource',
      containerResource: { name: 'cpu', container: 'web', target: { type: 'Utilization', averageUtilization: 50 } },
    },
    'FailedGetContainerResourceMetric',
    `failed to get cpu utilization: unable to get metrics for resource cpu: ${resource}`,
    'failed to get web container metric value: ',
  ],
  [
    { type: 'Pods', pods: { metric: { name: 'hits' }, target: { type: 'AverageValue', averageValue: '1k' } } },
    'FailedGetPodsMetric',
    `unable to get metric hits: ${custom}`,
    'failed to get pods metric value: ',
  ],
  [
    { type: 'Object', object: { describedObject: service, metric: { name: 'hits' }, target: { value: '10' } } },
    'FailedGetObjectMetric',
    `unable to get metric hits: Service on shop web/${custom}`,
    'failed to get object metric value: ',
  ],
  [
    { type: 'Object', object: { describedObject: service, metric: { name: 'hits' }, target: { averageValue: '10' } } },
    'FailedGetObjectMetric',
    `unable to get metric hits: Service on shop web/${custom}`,
    'failed to get object metric value: failed to get hits object metric: ',
  ],
  [
    { type: 'External', external: { metric: { name: 'queue' }, target: { value: '10' } } },
    'FailedGetExternalMetric',
    `unable to get external metric shop/queue/nil: ${external}`,
    'failed to get queue external metric value: failed to get external metric queue: ',
  ],
  [
    {
      type: 'External',
      external: { metric: { name: 'queue', selector: { matchLabels: { a: 'b' } } }, target: { averageValue: '10' } },
    },
    'FailedGetExternalMetric',
    `unable to get external metric shop/queue/${selector}: ${external}`,
    'failed to get queue external metric value: failed to get queue external metric: ',
  ],
]
for (const [metric, reason, error, before] of cases)
  test(`there is no ${before.slice('failed to get '.length).replace(/:.*/, '')}${error.includes('nil') ? ' without a selector' : ''}`, () => {
    assert.equal(failureOf(metric, autoscaler), { reason, error, within: `${before}${error}` })
  })

test.run()
