import * as assert from 'uvu/assert'
import { setDefaults } from '../../../lib/sandbox/admission/defaults.ts'
import type { Kind } from '../../../lib/sandbox/kinds/kind.ts'
import { suite } from '../../support/suite.ts'
import { kindOf } from '../schema/kinds.ts'

const test = suite('defaults')

// biome-ignore lint/suspicious/noExplicitAny: any part of an object
type Part = any

function defaulted(plural: string, apiVersion: string, content: Part): Part {
  const kind = kindOf(plural)
  return setDefaults(kind, { apiVersion, kind: kind.kind, metadata: { name: 'a' }, ...content })
}

const pod = (spec: Part) => defaulted('pods', 'v1', { spec }).spec
const container = (fields: Part) => pod({ containers: [{ name: 'c', ...fields }] }).containers[0]

const pullPolicies: readonly [image: string, policy: string][] = [
  ['nginx', 'Always'],
  ['nginx:latest', 'Always'],
  ['nginx:1.25', 'IfNotPresent'],
  ['registry.example:5000/nginx', 'Always'],
  ['registry.example:5000/nginx:1.25', 'IfNotPresent'],
  ['nginx@sha256:abc', 'IfNotPresent'],
  ['nginx:latest@sha256:abc', 'Always'],
  ['docker.io/istio/examples-bookinfo-details-v1:1.18.0', 'IfNotPresent'],
  ['No_Image', 'IfNotPresent'],
  [`${'x'.repeat(100_000)}!`, 'IfNotPresent'],
]

for (const [image, policy] of pullPolicies)
  test(`an image ${image.slice(0, 60)} is pulled ${policy}`, () => {
    assert.is(container({ image }).imagePullPolicy, policy)
  })

const strategies: readonly [given: Part, filled: Part][] = [
  [undefined, { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } }],
  [
    { rollingUpdate: { maxSurge: 2 } },
    { type: 'RollingUpdate', rollingUpdate: { maxSurge: 2, maxUnavailable: '25%' } },
  ],
  [{ type: 'Recreate' }, { type: 'Recreate' }],
]

for (const [given, filled] of strategies)
  test(`a deployment's strategy ${JSON.stringify(given)} becomes ${JSON.stringify(filled)}`, () => {
    const spec = given === undefined ? {} : { strategy: given }
    assert.equal(defaulted('deployments', 'apps/v1', { spec }).spec.strategy, filled)
  })

const services: readonly [what: string, spec: Part, filled: Part][] = [
  ['a port is the target', { ports: [{ port: 80 }] }, { ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }] }],
  [
    'another target stays',
    { ports: [{ port: 80, targetPort: 'http' }] },
    { ports: [{ port: 80, protocol: 'TCP', targetPort: 'http' }] },
  ],
  ['a cluster IP is asked for', {}, { type: 'ClusterIP', sessionAffinity: 'None', internalTrafficPolicy: 'Cluster' }],
  [
    'a node port is reachable',
    { type: 'NodePort' },
    { externalTrafficPolicy: 'Cluster', internalTrafficPolicy: 'Cluster' },
  ],
  [
    'a name has no policies',
    { type: 'ExternalName' },
    { externalTrafficPolicy: undefined, internalTrafficPolicy: undefined },
  ],
  [
    'affinity lasts three hours',
    { sessionAffinity: 'ClientIP' },
    { sessionAffinityConfig: { clientIP: { timeoutSeconds: 10800 } } },
  ],
  [
    'who asks for no affinity has none',
    { sessionAffinityConfig: { clientIP: {} } },
    { sessionAffinityConfig: undefined },
  ],
  ['addresses are left to who allocates them', {}, { clusterIP: undefined, ipFamilies: undefined }],
]

for (const [what, spec, filled] of services)
  test(`in a service ${what}`, () => {
    const found = defaulted('services', 'v1', { spec }).spec
    for (const [field, value] of Object.entries(filled)) assert.equal(found[field], value, field)
  })

test('a pod requests what it is limited to', () => {
  const resources = container({
    resources: { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '100m' } },
  }).resources
  assert.equal(resources.requests, { cpu: '100m', memory: '1Gi' })
})

test("a template's pods are not yet asked for requests", () => {
  const containers = [{ name: 'c', image: 'i', resources: { limits: { cpu: '1' } } }]
  const { spec } = defaulted('deployments', 'apps/v1', { spec: { template: { spec: { containers } } } })
  assert.equal(spec.template.spec.containers[0].resources, { limits: { cpu: '1' } })
})

test("on the host's network a container's ports are the host's", () => {
  const spec = { hostNetwork: true, containers: [{ name: 'c', ports: [{ containerPort: 80 }] }] }
  assert.is(pod(spec).containers[0].ports[0].hostPort, 80)
})

test('a probe has its intervals, and its request a path', () => {
  const { readinessProbe } = container({ readinessProbe: { httpGet: { port: 80 } } })
  assert.equal(readinessProbe, {
    httpGet: { port: 80, path: '/', scheme: 'HTTP' },
    timeoutSeconds: 1,
    periodSeconds: 10,
    successThreshold: 1,
    failureThreshold: 3,
  })
})

test('a volume of no type is an empty folder; files of others may be read by all', () => {
  const { volumes } = pod({ containers: [], volumes: [{ name: 'a' }, { name: 'b', secret: { secretName: 's' } }] })
  assert.equal(volumes, [
    { name: 'a', emptyDir: {} },
    { name: 'b', secret: { secretName: 's', defaultMode: 420 } },
  ])
})

test('both names of the service account are kept', () => {
  const { serviceAccount, serviceAccountName } = pod({ containers: [], serviceAccount: 'a' })
  assert.equal([serviceAccount, serviceAccountName], ['a', 'a'])
})

test('text in a secret is encoded', () => {
  const secret = defaulted('secrets', 'v1', { data: { a: 'YQ==' }, stringData: { b: 'b' } })
  assert.equal([secret.type, secret.data, secret.stringData], ['Opaque', { a: 'YQ==', b: 'Yg==' }, undefined])
})

test('a namespace is labelled by its name', () => {
  const { metadata, status } = defaulted('namespaces', 'v1', { status: {} })
  assert.equal([metadata.labels, status], [{ 'kubernetes.io/metadata.name': 'a' }, { phase: 'Active' }])
})

test('a job runs once, six times at most', () => {
  const { spec } = defaulted('jobs', 'batch/v1', { spec: { template: {} } })
  assert.equal([spec.completions, spec.parallelism, spec.backoffLimit], [1, 1, 6])
})

test('a failure policy goes by conditions that are true, and says of each rule what it does not go by', () => {
  const rules = [
    { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget' }] },
    { action: 'Count', onExitCodes: {} },
  ]
  const { spec } = defaulted('jobs', 'batch/v1', { spec: { template: {}, podFailurePolicy: { rules } } })
  assert.equal(spec.podFailurePolicy.rules, [
    { action: 'Ignore', onExitCodes: null, onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
    { action: 'Count', onExitCodes: { containerName: null }, onPodConditions: null },
  ])
})

test('an autoscaler goes by the processor', () => {
  const { spec } = defaulted('horizontalpodautoscalers', 'autoscaling/v2', { spec: { maxReplicas: 3 } })
  assert.equal(spec.metrics[0].resource, { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } })
})

test('a custom resource has the defaults of its schema, also inside of what is a default', () => {
  const schema = {
    type: 'object',
    properties: {
      spec: {
        type: 'object',
        default: {},
        properties: {
          size: { type: 'integer', default: 3 },
          list: { type: 'array', items: { type: 'object', properties: { a: { type: 'string', default: 'x' } } } },
          maybe: { type: 'string', nullable: true, default: 'y' },
        },
      },
    },
  } as const
  const kind: Kind = { ...kindOf('gateways'), kind: 'A', schema: () => schema }
  const object = (spec: Part) => ({ apiVersion: 'g/v1', kind: 'A', metadata: { name: 'a' }, ...(spec && { spec }) })
  assert.equal(setDefaults(kind, object(undefined)).spec, { size: 3, maybe: 'y' })
  assert.equal(setDefaults(kind, object({ size: null, list: [{}], maybe: null })).spec, {
    size: 3,
    list: [{ a: 'x' }],
    maybe: null,
  })
})

test('what is given is not changed', () => {
  const given = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: { containers: [{ name: 'c' }] } }
  const before = structuredClone(given)
  setDefaults(kindOf('pods'), given)
  assert.equal(given, before)
})

test.run()
