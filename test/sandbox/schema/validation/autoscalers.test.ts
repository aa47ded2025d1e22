import * as assert from 'uvu/assert'
import { checkAutoscaler } from '../../../../lib/sandbox/schema/validation/autoscalers.ts'
import { suite } from '../../../support/suite.ts'

const test = suite('validation of autoscalers')

const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }
const cpu = { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } }

function problems(spec: object): string[] {
  const metadata = { name: 'web', namespace: 'default' }
  const whole = { maxReplicas: 3, scaleTargetRef, ...spec }
  const object = { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata, spec: whole }
  return checkAutoscaler(object).map(({ field, message }) => `${field}: ${message}`)
}

/** As a real cluster answers: what is said of a metric begins with spec.metrics[0]. */
const metrics: readonly [metric: object, expected: readonly string[]][] = [
  [{ type: 'Resource', resource: cpu }, []],
  [
    { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization' } } },
    ['.resource.target.averageUtilization: Required value: must set either a target raw value or a target utilization'],
  ],
  [
    { type: 'Resource', resource: { name: '', target: { type: 'Nope', averageValue: '-1' } } },
    [
      '.resource.name: Required value: must specify a resource name',
      '.resource.target.type: Invalid value: "Nope": must be either Utilization, Value, or AverageValue',
      '.resource.target.averageValue: Invalid value: resource.Quantity{i:resource.int64Amount{value:-1, scale:0}, d:resource.infDecAmount{Dec:(*inf.Dec)(nil)}, s:"-1", Format:"DecimalSI"}: must be positive',
    ],
  ],
  [
    { type: 'ContainerResource', containerResource: { ...cpu, container: '' } },
    ['.containerResource.container: Required value: must specify a container'],
  ],
  [
    { type: 'Pods', pods: { metric: { name: 'a/b' }, target: { type: 'AverageValue' } } },
    [
      `.pods.metric.name: Invalid value: "a/b": may not contain '/'`,
      '.pods.target.averageValue: Required value: must specify a positive target averageValue',
    ],
  ],
  [
    { type: 'Object', object: { describedObject: { kind: 'Service' }, metric: {}, target: { type: 'Value' } } },
    [
      '.object.describedObject.name: Required value',
      '.object.metric.name: Required value: must specify a metric name',
      '.object.target.averageValue: Required value: must set either a target value or averageValue',
    ],
  ],
  [
    { type: 'External', external: { metric: { name: 'q' }, target: { type: 'Value', value: 1, averageValue: 1 } } },
    ['.external.target.value: Forbidden: may not set both a target value for metric and a per-pod target'],
  ],
  [
    { type: 'Resource', resource: cpu, pods: {} },
    [
      '.pods.metric.name: Required value: must specify a metric name',
      '.pods.target.type: Required value: must specify a metric target type',
      '.pods.target.type: Invalid value: "": must be either Utilization, Value, or AverageValue',
      '.pods.target.averageValue: Required value: must specify a positive target averageValue',
      '.pods: Forbidden: must populate the given metric source only',
    ],
  ],
  [{ type: 'Pods', resource: cpu }, ['.pods: Required value: must populate information for the given metric source']],
]
for (const [metric, expected] of metrics)
  test(`of ${JSON.stringify(metric)} it says ${expected.length > 0 ? expected[0] : 'nothing'}`, () => {
    assert.equal(
      problems({ metrics: [metric] }),
      expected.map((text) => `spec.metrics[0]${text}`),
    )
  })

const behaviors: readonly [rules: object, expected: readonly string[]][] = [
  [{ policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }] }, []],
  [{ policies: [] }, ['.policies: Required value: must specify at least one Policy']],
  [
    { stabilizationWindowSeconds: -1, policies: [{ type: 'Pods', value: 1, periodSeconds: 0 }] },
    [
      '.stabilizationWindowSeconds: Invalid value: -1: must be greater than or equal to zero',
      '.policies[0].periodSeconds: Invalid value: 0: must be greater than zero',
    ],
  ],
  [
    {
      selectPolicy: 'Avg',
      stabilizationWindowSeconds: 4000,
      policies: [{ type: 'Nope', value: 0, periodSeconds: 2000 }],
    },
    [
      '.stabilizationWindowSeconds: Invalid value: 4000: must be less than or equal to 3600',
      '.selectPolicy: Unsupported value: "Avg": supported values: "Disabled", "Max", "Min"',
      '.policies[0].type: Unsupported value: "Nope": supported values: "Percent", "Pods"',
      '.policies[0].value: Invalid value: 0: must be greater than zero',
      '.policies[0].periodSeconds: Invalid value: 2000: must be less than or equal to 1800',
    ],
  ],
]
for (const [scaleUp, expected] of behaviors)
  test(`of the behavior ${JSON.stringify(scaleUp)} it says ${expected.length > 0 ? expected[0] : 'nothing'}`, () => {
    assert.equal(
      problems({ behavior: { scaleUp } }),
      expected.map((text) => `spec.behavior.scaleUp${text}`),
    )
  })

test('nothing is scaled to zero by the load of pods that are not there', () => {
  assert.equal(problems({ minReplicas: 0, metrics: [{ type: 'Resource', resource: cpu }] }), [
    'spec.minReplicas: Invalid value: 0: must be greater than or equal to 1',
    'spec.metrics: Forbidden: must specify at least one Object or External metric to support scaling to zero replicas',
  ])
})

test.run()
