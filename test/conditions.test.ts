import * as assert from 'uvu/assert'
import {
  available,
  bookinfoGateway,
  type Condition,
  destinationRules,
  gatewayHasPorts,
  gatewayOnHostNetwork,
  gatewaySteady,
  isPodOf,
  istioVersion,
  namespaceLabelled,
  namespaceNotOptedOut,
  nodesReady,
  nodeThere,
  noPodWithoutSidecar,
  noReviewsRoute,
  oneGatewayPodOnHostNetwork,
  podsWithSidecar,
  routesExist,
} from '../lib/conditions.ts'
import type { Item } from '../lib/kube.ts'
import { en } from '../lib/words/en.ts'
import { deployment, destinationRule, pod, reviewsRoute, to, virtualService } from './support/objects.ts'
import { suite } from './support/suite.ts'

const test = suite('conditions')

const node = (status: string): Item => ({
  kind: 'Node',
  metadata: { name: 'kind-control-plane' },
  status: {
    conditions: [
      { type: 'MemoryPressure', status: 'False' },
      { type: 'Ready', status },
    ],
  },
})

const namespace = (labels?: Record<string, string>): Item => ({
  kind: 'Namespace',
  metadata: { name: 'default', ...(labels ? { labels } : {}) },
})

const istio = (tag: string) =>
  ['istiod', 'istio-ingressgateway', 'istio-egressgateway'].map((name) =>
    deployment(name, { image: `docker.io/istio/pilot:${tag}` }),
  )

const gateway = (podSpec: Readonly<Record<string, unknown>>): Item => ({
  metadata: { name: 'istio-ingressgateway' },
  spec: { template: { spec: podSpec } },
})

const gatewayPod = (name: string, { hostNetwork = true, ready = true, draining = false } = {}): Item =>
  pod(name, {
    ready,
    labels: { istio: 'ingressgateway' },
    spec: { hostNetwork },
    ...(draining ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}),
  })

const settled = deployment('reviews-v1')
const name = 'reviews-v1-5b5d6494f4-x7k2p'

const noPorts = "0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports."

const pendingGateway = (message: string): Item => ({
  metadata: { name: 'istio-ingressgateway-new', labels: { istio: 'ingressgateway' } },
  spec: { containers: [] },
  status: { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', message }] },
})

const cases: { of: Condition; when: string; items: Item[]; missing: string[] }[] = [
  { of: gatewayHasPorts, when: 'one gateway pod is ready', items: [gatewayPod('gateway')], missing: [] },
  {
    of: gatewayHasPorts,
    when: 'a new pod waits for the ports of the old one',
    items: [gatewayPod('old'), pendingGateway(noPorts)],
    missing: [`istio-ingressgateway-new: Pending: ${noPorts}`],
  },
  {
    of: gatewayHasPorts,
    when: 'a new pod waits for something else',
    items: [gatewayPod('old'), pendingGateway('Insufficient memory')],
    missing: [],
  },
  {
    of: noPodWithoutSidecar('reviews-v1'),
    when: 'a pod is older than the label',
    items: [pod('reviews-v1', { sidecar: false })],
    missing: [`${name}: no sidecar istio-proxy`],
  },
  {
    of: noPodWithoutSidecar('reviews-v1'),
    when: 'one was evicted before the label',
    items: [pod('reviews-v1', { sidecar: false, status: { phase: 'Failed' } })],
    missing: [],
  },
  { of: noPodWithoutSidecar('reviews-v1'), when: 'every pod has one', items: [pod('reviews-v1')], missing: [] },
  { of: nodeThere, when: 'the node is not Ready yet', items: [node('False')], missing: [] },
  { of: nodeThere, when: 'there is no node', items: [], missing: ['no node is there'] },
  { of: nodesReady, when: 'the node is Ready', items: [node('True')], missing: [] },
  {
    of: nodesReady,
    when: 'the node does not answer',
    items: [node('Unknown')],
    missing: ['kind-control-plane: not Ready'],
  },
  { of: nodesReady, when: 'there is no node', items: [], missing: ['no node is there'] },

  { of: available('default', 'reviews-v1'), when: 'all is there', items: [settled], missing: [] },
  { of: available('default', 'reviews-v1'), when: 'nothing is there', items: [], missing: ['reviews-v1: not there'] },
  {
    of: available('default', 'reviews-v1'),
    when: 'one of two pods is',
    items: [deployment('reviews-v1', { replicas: 2, available: 1 })],
    missing: ['reviews-v1: 1 of 2 available'],
  },
  {
    of: available('default', 'reviews-v1'),
    when: 'it was scaled to zero',
    items: [deployment('reviews-v1', { replicas: 0 })],
    missing: ['reviews-v1: scaled to zero'],
  },
  {
    of: available('default', 'reviews-v1'),
    when: 'its controller has not seen the change yet',
    items: [{ ...settled, metadata: { name: 'reviews-v1', generation: 2 } }],
    missing: ['reviews-v1: 1 of 1 available'],
  },
  {
    of: available('default', 'reviews-v1'),
    when: 'only pods of the old template are available',
    items: [{ ...settled, status: { observedGeneration: 1, availableReplicas: 1, updatedReplicas: 0 } }],
    missing: ['reviews-v1: 1 of 1 available'],
  },
  {
    of: available('default', 'reviews-v1'),
    when: 'it has no status yet',
    items: [{ metadata: { name: 'reviews-v1' }, spec: {} }],
    missing: ['reviews-v1: 0 of 1 available'],
  },

  { of: istioVersion, when: 'it is this version', items: istio('1.21.2'), missing: [] },
  { of: istioVersion, when: 'its images have a suffix', items: istio('1.21.2-distroless'), missing: [] },
  {
    of: istioVersion,
    when: 'it is another version',
    items: istio('1.22.0'),
    missing: ['istiod: version 1.22.0', 'istio-ingressgateway: version 1.22.0', 'istio-egressgateway: version 1.22.0'],
  },
  {
    of: istioVersion,
    when: 'the demo profile is not all there',
    items: istio('1.21.2').slice(0, 1),
    missing: ['istio-ingressgateway: not there', 'istio-egressgateway: not there'],
  },

  {
    of: namespaceLabelled,
    when: 'it has the label',
    items: [namespace({ 'istio-injection': 'enabled' })],
    missing: [],
  },
  {
    of: namespaceLabelled,
    when: 'it is disabled',
    items: [namespace({ 'istio-injection': 'disabled' })],
    missing: ['default: istio-injection=disabled'],
  },
  {
    of: namespaceLabelled,
    when: 'it has no labels',
    items: [namespace()],
    missing: ['default: istio-injection=<none>'],
  },

  { of: namespaceNotOptedOut, when: 'it has no labels', items: [namespace()], missing: [] },
  {
    of: namespaceNotOptedOut,
    when: 'it has the label',
    items: [namespace({ 'istio-injection': 'enabled' })],
    missing: [],
  },
  {
    of: namespaceNotOptedOut,
    when: 'it is disabled',
    items: [namespace({ 'istio-injection': 'disabled' })],
    missing: ['default: istio-injection=disabled'],
  },

  { of: gatewayOnHostNetwork, when: 'it is patched', items: [gateway({ hostNetwork: true })], missing: [] },
  {
    of: gatewayOnHostNetwork,
    when: 'it is not',
    items: [gateway({})],
    missing: ['istio-ingressgateway: not on hostNetwork'],
  },
  { of: gatewayOnHostNetwork, when: 'it is not installed', items: [], missing: ['istio-ingressgateway: not there'] },

  { of: oneGatewayPodOnHostNetwork, when: 'the new pod is ready and alone', items: [gatewayPod('new')], missing: [] },
  {
    of: oneGatewayPodOnHostNetwork,
    when: 'there is none',
    items: [pod('istiod')],
    missing: ['istio-ingressgateway: no pod'],
  },
  {
    of: oneGatewayPodOnHostNetwork,
    when: 'the old pod is still there and the new one not ready',
    items: [gatewayPod('old', { hostNetwork: false }), gatewayPod('new', { ready: false })],
    missing: ['old-5b5d6494f4-x7k2p: the old pod is still there', 'new-5b5d6494f4-x7k2p: not Ready'],
  },

  {
    of: oneGatewayPodOnHostNetwork,
    when: 'an old one was evicted',
    items: [{ ...gatewayPod('old', { ready: false }), status: { phase: 'Failed' } }, gatewayPod('new')],
    missing: [],
  },
  {
    of: oneGatewayPodOnHostNetwork,
    when: 'the old pod drains',
    items: [gatewayPod('old', { hostNetwork: false, draining: true }), gatewayPod('new')],
    missing: [],
  },

  { of: gatewaySteady, when: 'its pod is ready', items: [gatewayPod('new')], missing: [] },
  { of: gatewaySteady, when: 'there is none to wait for', items: [pod('reviews-v1', { ready: false })], missing: [] },
  {
    of: gatewaySteady,
    when: 'one goes and another comes',
    items: [gatewayPod('old', { draining: true }), gatewayPod('new', { ready: false })],
    missing: ['old-5b5d6494f4-x7k2p: the old pod is still there', 'new-5b5d6494f4-x7k2p: not Ready'],
  },

  { of: podsWithSidecar('reviews-v1'), when: 'it is 2/2', items: [pod('reviews-v1')], missing: [] },
  {
    of: podsWithSidecar('reviews-v1'),
    when: 'it is 0/2',
    items: [pod('reviews-v1', { ready: false })],
    missing: [`${name}: 0/2 ready`],
  },
  {
    of: podsWithSidecar('reviews-v1'),
    when: 'it is 1/1',
    items: [pod('reviews-v1', { sidecar: false })],
    missing: [`${name}: no sidecar istio-proxy`],
  },
  {
    of: podsWithSidecar('reviews-v1'),
    when: 'its only pod is on its way out',
    items: [pod('reviews-v1', { deletionTimestamp: 'now' })],
    missing: ['reviews-v1: no pod'],
  },
  {
    of: podsWithSidecar('reviews-v1'),
    when: 'one is 2/2 in the place of another that was evicted',
    items: [pod('reviews-v1', { ready: false, status: { phase: 'Failed' } }), pod('reviews-v1')],
    missing: [],
  },
  {
    of: podsWithSidecar('reviews-v1'),
    when: 'its only pod was evicted',
    items: [pod('reviews-v1', { ready: false, status: { phase: 'Failed' } })],
    missing: ['reviews-v1: no pod'],
  },
  {
    of: podsWithSidecar('reviews-v1'),
    when: 'only others are there',
    items: [pod('reviews-v2')],
    missing: ['reviews-v1: no pod'],
  },
  {
    of: podsWithSidecar('reviews-v1'),
    when: 'its containers are not known yet',
    items: [pod('reviews-v1', { status: { containerStatuses: undefined } })],
    missing: [`${name}: 0/2 ready`],
  },

  { of: bookinfoGateway, when: 'it is there', items: [{ metadata: { name: 'bookinfo-gateway' } }], missing: [] },
  {
    of: bookinfoGateway,
    when: 'another is',
    items: [{ metadata: { name: 'mine' } }],
    missing: ['bookinfo-gateway: not there'],
  },

  {
    of: noReviewsRoute,
    when: 'only others are decided about',
    items: [virtualService('ratings', { hosts: ['ratings'] })],
    missing: [],
  },
  {
    of: noReviewsRoute,
    when: 'one is left from an earlier run',
    items: [reviewsRoute(to('v1'))],
    missing: ['reviews: decides where reviews leads'],
  },
  {
    of: noReviewsRoute,
    when: 'one names its full host',
    items: [virtualService('mine', { hosts: ['reviews.default.svc.cluster.local'] })],
    missing: ['mine: decides where reviews leads'],
  },

  {
    of: routesExist('reviews', 'ratings'),
    when: 'one of two is there',
    items: [reviewsRoute(to('v1'))],
    missing: ['ratings: not there'],
  },

  {
    of: destinationRules({ reviews: ['v1', 'v2'] }),
    when: 'they are all there',
    items: [destinationRule('reviews', ['v1', 'v2', 'v3'])],
    missing: [],
  },
  {
    of: destinationRules({ reviews: ['v1'] }),
    when: 'there is none',
    items: [],
    missing: ['reviews: no destination rule'],
  },
  {
    of: destinationRules({ reviews: ['v1', 'v2'] }),
    when: 'a subset lacks and another selects other pods',
    items: [destinationRule('reviews', { v1: 'v3' })],
    missing: ['reviews: no subset v2', 'reviews: subset v1 selects version=v3'],
  },
  {
    of: destinationRules({ reviews: ['v1'] }),
    when: "somebody else's rule for the host gives a subset another meaning",
    items: [destinationRule('reviews', ['v1']), destinationRule('reviews', { v1: 'v3' }, 'theirs')],
    missing: ['reviews: subset v1 (DestinationRule theirs) selects version=v3'],
  },
  {
    of: destinationRules({ reviews: ['v1'] }),
    when: 'a rule has no subsets',
    items: [{ metadata: { name: 'reviews' }, spec: { host: 'reviews' } }],
    missing: ['reviews: no subset v1'],
  },
]
for (const { of, when, items, missing } of cases)
  test(`"${of.what(en)}", when ${when}: ${missing.join('; ') || 'it holds'}`, () => {
    assert.equal(of.missing(items, en), missing)
  })

const pods: [name: string, deployment: string, isOf: boolean][] = [
  ['reviews-v1-5b5d6494f4-x7k2p', 'reviews-v1', true],
  ['reviews-v1-5b5d6494f4-x7k2p', 'reviews', false],
  ['reviews-v1-5b5d6494f4', 'reviews-v1', false],
  ['reviews-v10-5b5d6494f4-x7k2p', 'reviews-v1', false],
]
for (const [name, deployment, isOf] of pods)
  test(`the pod ${name} is ${isOf ? '' : 'not '}one of ${deployment}`, () => {
    assert.is(isPodOf({ metadata: { name } }, deployment), isOf)
  })

const starting = pod('reviews-v1', { ready: false })
const withoutImage = pod('reviews-v1', {
  ready: false,
  status: { containerStatuses: [{ ready: false, state: { waiting: { reason: 'ImagePullBackOff' } } }] },
})
const coming: readonly [title: string, items: Item[], comes: boolean][] = [
  ['that start come by themselves', [starting], true],
  ['that are not there do not', [], false],
  ['without a sidecar do not', [pod('reviews-v1', { ready: false, sidecar: false })], false],
  ['whose image is missing do not', [withoutImage], false],
]
for (const [title, items, comes] of coming)
  test(`pods ${title}`, () => {
    assert.is(podsWithSidecar('reviews-v1').comes?.(items), comes)
  })

test.run()
