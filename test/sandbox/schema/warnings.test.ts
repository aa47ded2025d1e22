import * as assert from 'uvu/assert'
import { objectWarnings } from '../../../lib/sandbox/schema/warnings.ts'
import { suite } from '../../support/suite.ts'
import { kindOf } from './kinds.ts'

const test = suite('warnings')

// biome-ignore lint/suspicious/noExplicitAny: any part of an object
type Part = any

const pod = (spec: Part, name = 'a') => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec })
const container = (fields: Part) => ({ containers: [{ name: 'c', ...fields }] })

const cases: readonly [spec: Part, warnings: readonly string[]][] = [
  [container({}), []],
  [{ imagePullSecrets: [{}] }, ['spec.imagePullSecrets[0].name: invalid empty name ""']],
  [{ imagePullSecrets: [{ name: 'a' }, { name: 'a' }] }, ['spec.imagePullSecrets[1].name: duplicate name "a"']],
  [{ hostAliases: [{ ip: '1.1.1.1' }, { ip: '1.1.1.1' }] }, ['spec.hostAliases[1].ip: duplicate ip "1.1.1.1"']],
  [
    container({
      env: [
        { name: 'A', value: '1' },
        { name: 'A', value: '2' },
      ],
    }),
    ['spec.containers[0].env[1]: hides previous definition of "A"'],
  ],
  [
    container({
      env: [
        { name: 'A', value: '1' },
        { name: 'A', value: '$(A)2' },
      ],
    }),
    [],
  ],
  [
    container({
      ports: [
        { containerPort: 80, protocol: 'TCP' },
        { containerPort: 80, protocol: 'TCP' },
      ],
    }),
    ['spec.containers[0].ports[1]: duplicate port definition with spec.containers[0].ports[0]'],
  ],
  [
    container({
      ports: [
        { containerPort: 80, protocol: 'TCP' },
        { containerPort: 80, protocol: 'TCP', hostPort: 8 },
      ],
    }),
    ['spec.containers[0].ports[1]: overlapping port definition with spec.containers[0].ports[0]'],
  ],
  [
    container({
      ports: [
        { containerPort: 80, protocol: 'TCP', hostPort: 8 },
        { containerPort: 80, protocol: 'TCP', hostPort: 8, hostIP: '1.1.1.1' },
      ],
    }),
    ['spec.containers[0].ports[1]: dangerously ambiguous port definition with spec.containers[0].ports[0]'],
  ],
  [
    container({
      ports: [
        { containerPort: 80, protocol: 'TCP' },
        { containerPort: 80, protocol: 'UDP' },
      ],
    }),
    [],
  ],
  [
    container({ resources: { limits: { memory: '100m' } } }),
    ['spec.containers[0].resources.limits[memory]: fractional byte value "100m" is invalid, must be an integer'],
  ],
  [{ volumes: [{ name: 'v', gitRepo: {} }] }, ['spec.volumes[0].gitRepo: deprecated in v1.11']],
  [
    { topologySpreadConstraints: [{}] },
    ['spec.topologySpreadConstraints[0].labelSelector: a null labelSelector results in matching no pod'],
  ],
]

for (const [spec, expected] of cases)
  test(`${JSON.stringify(spec)}: ${expected.join('; ') || 'nothing to say'}`, () => {
    assert.equal(objectWarnings(kindOf('pods'), pod(spec)), expected)
  })

test('a name that is no host name is warned of once, when it is new', () => {
  const named = pod({}, 'a.b')
  assert.match(objectWarnings(kindOf('pods'), named)[0] ?? '', "metadata.name: this is used in the Pod's hostname")
  assert.equal(objectWarnings(kindOf('pods'), { ...named, spec: { a: 1 } }, named), [])
})

test('what did not change is not warned of again', () => {
  const old = pod({ imagePullSecrets: [{}] })
  assert.equal(objectWarnings(kindOf('pods'), structuredClone(old), old), [])
})

test('a template is warned of with its own path', () => {
  const spec = { template: { spec: { imagePullSecrets: [{}] } } }
  const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a' }, spec }
  assert.equal(objectWarnings(kindOf('deployments'), deployment), [
    'spec.template.spec.imagePullSecrets[0].name: invalid empty name ""',
  ])
})

const services: readonly [spec: Part, warning: string][] = [
  [{ type: 'ExternalName', externalIPs: ['1.1.1.1'] }, 'spec.externalIPs is ignored when spec.type is "ExternalName"'],
  [
    { loadBalancerIP: 'x' },
    'spec.loadBalancerIP: IP address was accepted, but will be invalid in a future Kubernetes release: ParseAddr("x"): unable to parse IP',
  ],
  [{ type: 'ClusterIP', externalName: 'a' }, 'spec.externalName is ignored when spec.type is not "ExternalName"'],
]

for (const [spec, warning] of services)
  test(`a service ${JSON.stringify(spec)}: ${warning}`, () => {
    const object = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' }, spec }
    assert.equal(objectWarnings(kindOf('services'), object), [warning])
  })

test.run()
