import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { parseAllDocuments } from 'yaml'
import { recording } from '../../../lib/sandbox/cluster/recordings.ts'
import type { Mesh } from '../../../lib/sandbox/istioctl/analysis/finding.ts'
import { analyze } from '../../../lib/sandbox/istioctl/analyze.ts'
import type { KubeObject, Labels } from '../../../lib/sandbox/objects.ts'
import { suite } from '../../support/suite.ts'

const test = suite('analyze')

// biome-ignore lint/suspicious/noExplicitAny: any object
type Part = any

const object = (kind: string, name: string, spec: Part = {}, labels: Labels = {}): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, ...(kind === 'Namespace' ? {} : { namespace: 'default' }), labels },
  spec,
})
const route = (...destinations: Part[]) => ({ http: [{ route: destinations.map((destination) => ({ destination })) }] })
const service = (name: string, spec: Part, hosts = [name]) => object('VirtualService', name, { hosts, ...spec })

const whole: Mesh = {
  namespaces: [object('Namespace', 'default', {}, { 'istio-injection': 'enabled' })],
  pods: [object('Pod', 'web', { containers: [{ name: 'web' }, { name: 'istio-proxy' }] }, { istio: 'ingressgateway' })],
  services: [object('Service', 'reviews'), object('Service', 'page')],
  secrets: [],
  virtualServices: [],
  destinationRules: [object('DestinationRule', 'reviews', { host: 'reviews', subsets: [{ name: 'v1' }] })],
  gateways: [object('Gateway', 'gate', { selector: { istio: 'ingressgateway' }, servers: [{ hosts: ['*'] }] })],
  serviceEntries: [object('ServiceEntry', 'outside', { hosts: ['example.com'] })],
}

// The words of istioctl 1.21.2.
const cases: [title: string, change: Partial<Mesh>, found: string[]][] = [
  [
    'nothing where all is well',
    { virtualServices: [service('reviews', route({ host: 'reviews', subset: 'v1' }))] },
    [],
  ],
  [
    'a host that is not there',
    { virtualServices: [service('reviews', route({ host: 'nope' }))] },
    ['Error [IST0101] (VirtualService default/reviews) Referenced host not found: "nope"'],
  ],
  [
    'no fault in a long name',
    { virtualServices: [service('reviews', route({ host: 'reviews.default.svc.cluster.local' }))] },
    [],
  ],
  ['no fault in a host outside', { virtualServices: [service('reviews', route({ host: 'example.com' }))] }, []],
  [
    'a subset that nobody defines, once',
    {
      virtualServices: [
        service('reviews', route({ host: 'reviews', subset: 'v9' }, { host: 'reviews', subset: 'v9' })),
      ],
    },
    [
      'Error [IST0101] (VirtualService default/reviews) Referenced host+subset in destinationrule not found: "reviews+v9"',
    ],
  ],
  [
    'a gateway that is not there',
    { virtualServices: [service('reviews', { gateways: ['nope', 'mesh'], ...route({ host: 'reviews' }) })] },
    [
      'Error [IST0101] (VirtualService default/reviews) Referenced gateway not found: "nope"',
      'Warning [IST0132] (VirtualService default/reviews) one or more host [reviews] defined in VirtualService default/reviews not found in Gateway default/nope.',
    ],
  ],
  [
    'a gateway whose selector selects nothing',
    { gateways: [object('Gateway', 'gate', { selector: { istio: 'nothing' } })] },
    ['Error [IST0101] (Gateway default/gate) Referenced selector not found: "istio=nothing"'],
  ],
  [
    'a namespace without a choice',
    { namespaces: [object('Namespace', 'default'), object('Namespace', 'kube-system')] },
    [
      "Info [IST0102] (Namespace default) The namespace is not enabled for Istio injection. Run 'kubectl label namespace default istio-injection=enabled' to enable it, or 'kubectl label namespace default istio-injection=disabled' to explicitly mark it as not needing injection.",
    ],
  ],
  [
    'a pod without a proxy',
    { pods: [object('Pod', 'bare', { containers: [{ name: 'web' }] }, { istio: 'ingressgateway' })] },
    [
      'Warning [IST0103] (Pod default/bare) The pod default/bare is missing the Istio proxy. This can often be resolved by restarting or redeploying the workload.',
    ],
  ],
  [
    'a rule of the mesh that a gateway does not follow',
    {
      virtualServices: [
        service('bookinfo', { gateways: ['gate'], ...route({ host: 'page' }) }, ['*']),
        service('page', route({ host: 'page', subset: 'v1' })),
      ],
      destinationRules: [object('DestinationRule', 'page', { host: 'page', subsets: [{ name: 'v1' }] })],
    },
    [
      'Warning [IST0140] (VirtualService default/bookinfo) Subset in virtual service default/page has no effect on ingress gateway default/bookinfo requests',
    ],
  ],
]
for (const [title, change, found] of cases)
  test(`it finds ${title}`, () => {
    const findings = analyze({ ...whole, ...change }, 'default')
    assert.equal(
      findings.map(({ level, code, about, text }) => `${level} [${code}] (${about}) ${text}`),
      found,
    )
  })

test('it looks into one namespace, or into all', () => {
  const lost = service('reviews', route({ host: 'nope' }))
  assert.is(analyze({ ...whole, virtualServices: [lost] }, 'other').length, 0)
  assert.is(analyze({ ...whole, virtualServices: [lost] }, undefined).length, 1)
})

test('errors come before warnings', () => {
  const pods = [object('Pod', 'bare', { containers: [{ name: 'web' }] })]
  const levels = analyze({ ...whole, pods }, undefined).map(({ level }) => level)
  assert.equal(levels, ['Error', 'Warning'])
})

const fixtures = join(import.meta.dirname, '../../fixtures/golden/analyze')

test('it finds in many broken objects what the real istioctl found in a real cluster, word by word', () => {
  const objects = parseAllDocuments(readFileSync(join(fixtures, 'objects.yaml'), 'utf8')).map(
    (document) => document.toJS() as KubeObject,
  )
  const installed = JSON.parse(recording('istio-demo.json')) as KubeObject[]
  const labels = { app: 'istio-ingressgateway', istio: 'ingressgateway' }
  const gatewayPod = object('Pod', 'ingress', { containers: [{ name: 'istio-proxy' }] }, labels)
  gatewayPod.metadata.namespace = 'istio-system'
  const ofKind = (kind: string) => [...objects, ...installed, gatewayPod].filter((one) => one.kind === kind)
  const mesh: Mesh = {
    namespaces: ofKind('Namespace'),
    pods: ofKind('Pod'),
    services: ofKind('Service'),
    secrets: [],
    virtualServices: ofKind('VirtualService'),
    destinationRules: ofKind('DestinationRule'),
    gateways: ofKind('Gateway'),
    serviceEntries: ofKind('ServiceEntry'),
  }
  const lines = analyze(mesh, 'ana').map(({ level, code, about, text }) => `${level} [${code}] (${about}) ${text}`)
  assert.equal(lines, readFileSync(join(fixtures, 'findings.txt'), 'utf8').trimEnd().split('\n'))
})

test.run()
