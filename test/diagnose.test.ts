import * as assert from 'uvu/assert'
import { routeCauses, type WantedRule } from '../lib/diagnose.ts'
import type { Item } from '../lib/kube.ts'
import { kubeOf, silentKube } from './support/kube.ts'
import {
  bookinfo,
  deployment,
  destinationRule,
  forJason,
  pod,
  reviewsRoute,
  reviewsSubsets,
  to,
  virtualService,
} from './support/objects.ts'
import { suite } from './support/suite.ts'

const test = suite('diagnose')

const toV1: WantedRule[] = [{ subset: 'v1' }]
const jasonToV2: WantedRule[] = [{ user: 'jason', subset: 'v2' }, { subset: 'v1' }]

/** Bookinfo with its rules, but for the objects that take another's place. */
function cluster(...changed: Item[]): Item[] {
  const same = (a: Item, b: Item) => a.kind === b.kind && a.metadata?.name === b.metadata?.name
  const usual = [...bookinfo(), reviewsSubsets, reviewsRoute(to('v1'))]
  return [...usual.filter((item) => !changed.some((other) => same(item, other))), ...changed]
}

const without = (kind: string, name: string) =>
  cluster().filter((item) => item.kind !== kind || item.metadata?.name !== name)

const cases: { title: string; objects: Item[]; wanted?: WantedRule[]; why: string[] }[] = [
  { title: 'nothing where all is as it should be', objects: cluster(), why: [] },
  {
    title: 'a deployment that is gone',
    objects: without('Deployment', 'reviews-v2'),
    why: ['deployment reviews-v2 is not there'],
  },
  {
    title: 'a deployment that was scaled to zero',
    objects: cluster(deployment('ratings-v1', { replicas: 0 })),
    why: ['deployment ratings-v1 is scaled to zero'],
  },
  {
    title: 'a deployment whose pod cannot pull its image',
    objects: cluster(
      deployment('reviews-v3', { available: 0 }),
      pod('reviews-v3', {
        ready: false,
        status: {
          containerStatuses: [
            { name: 'reviews', state: { waiting: { reason: 'ErrImagePull', message: 'toomanyrequests' } } },
          ],
        },
      }),
    ),
    why: ['deployment reviews-v3 has no available pod (container reviews: ErrImagePull: toomanyrequests)'],
  },
  {
    title: 'a deployment without any pod',
    objects: without('Pod', 'reviews-v3-5b5d6494f4-x7k2p').map((item) =>
      item.metadata?.name === 'reviews-v3' ? deployment('reviews-v3', { available: 0 }) : item,
    ),
    why: ['deployment reviews-v3 has no available pod'],
  },
  {
    title: 'a pod without a sidecar',
    objects: cluster(pod('productpage-v1', { sidecar: false })),
    why: ['pod productpage-v1-5b5d6494f4-x7k2p has no sidecar: rules do not hold for what it sends'],
  },
  {
    title: 'a sidecar that is an init container, as from Istio 1.27 on, for what it is',
    objects: cluster(pod('productpage-v1', { sidecar: false, spec: { initContainers: [{ name: 'istio-proxy' }] } })),
    why: [],
  },
  {
    title: 'a gateway that is gone',
    objects: without('Gateway', 'bookinfo-gateway'),
    why: ['the Gateway bookinfo-gateway is not there'],
  },
  {
    title: "the way in's routes that are gone",
    objects: without('VirtualService', 'bookinfo'),
    why: ['the VirtualService bookinfo is not there'],
  },
  {
    title: 'a route that was deleted',
    objects: without('VirtualService', 'reviews'),
    why: ['no VirtualService decides where reviews leads'],
  },
  {
    title: 'a route to another subset',
    objects: cluster(reviewsRoute(to('v3'))),
    why: ['VirtualService reviews sends everyone to v3; expected everyone to v1'],
  },
  {
    title: 'a 90/10 split',
    objects: cluster(reviewsRoute(to({ v1: 90, v3: 10 }))),
    why: ['VirtualService reviews sends everyone to v1 (90 %) and v3 (10 %); expected everyone to v1'],
  },
  {
    title: "jason's rule that names another user",
    objects: cluster(reviewsRoute(to('v2', { match: [{ headers: { 'end-user': { exact: 'tony' } } }] }), to('v1'))),
    wanted: jasonToV2,
    why: ['VirtualService reviews sends user tony to v2; everyone to v1; expected user jason to v2; everyone to v1'],
  },
  {
    title: "jason's rule below the one for everyone",
    objects: cluster(reviewsRoute(to('v1'), to('v2', forJason))),
    wanted: jasonToV2,
    why: ['VirtualService reviews sends everyone to v1; user jason to v2; expected user jason to v2; everyone to v1'],
  },
  {
    title: 'a match that the lesson does not make',
    objects: cluster(reviewsRoute(to('v2', { match: [{ headers: { 'end-user': { prefix: 'j' } } }] }), to('v1'))),
    wanted: jasonToV2,
    why: [
      'VirtualService reviews sends requests that match {"headers":{"end-user":{"prefix":"j"}}} to v2; everyone to v1; expected user jason to v2; everyone to v1',
    ],
  },
  {
    title: 'a fault that is built in',
    objects: cluster(reviewsRoute(to('v1', { fault: { abort: { httpStatus: 500 } } }))),
    why: [
      'VirtualService reviews sends everyone to v1 with a fault ({"abort":{"httpStatus":500}}); expected everyone to v1',
    ],
  },
  {
    title: 'a rule without a destination',
    objects: cluster(reviewsRoute({ directResponse: { status: 503 } })),
    why: ['VirtualService reviews sends everyone to no destination; expected everyone to v1'],
  },
  {
    title: 'a rule for the same host in another namespace, by its full name',
    objects: cluster({
      ...virtualService('mine', { hosts: ['reviews.default.svc.cluster.local'], http: [to('v1')] }),
      metadata: { name: 'mine', namespace: 'team-b' },
    }),
    why: [
      'several VirtualServices name the host reviews, of which Istio takes the oldest: reviews, mine of namespace team-b',
    ],
  },
  {
    title: "no rule of another namespace for that namespace's own reviews",
    objects: cluster({
      ...virtualService('mine', { hosts: ['reviews'], http: [to('v3')] }),
      metadata: { name: 'mine', namespace: 'team-b' },
    }),
    why: [],
  },
  {
    title: 'a second rule for the same host, by its full name',
    objects: cluster(virtualService('mine', { hosts: ['reviews.default.svc.cluster.local'], http: [to('v1')] })),
    why: ['several VirtualServices name the host reviews, of which Istio takes the oldest: reviews, mine'],
  },
  {
    title: 'a subset that nobody defined',
    objects: cluster(destinationRule('reviews', ['v2', 'v3'])),
    why: ['VirtualService reviews leads to subset v1 of reviews, which no DestinationRule defines'],
  },
  {
    title: 'nothing where a route and its rule name the host in different ways',
    objects: cluster(
      virtualService('reviews', {
        hosts: ['reviews'],
        http: [{ route: [{ destination: { host: 'reviews.default.svc.cluster.local', subset: 'v1' } }] }],
      }),
    ),
    why: [],
  },
  {
    title: 'a subset that selects other pods than its name says',
    objects: cluster(destinationRule('reviews', { v1: 'v3', v2: 'v2', v3: 'v3' })),
    why: ['subset v1 of DestinationRule reviews selects version=v3'],
  },
  {
    title: 'a second DestinationRule for the same host',
    objects: cluster(destinationRule('reviews', ['v1'], 'mine')),
    why: ['several DestinationRules name the host reviews: reviews, mine'],
  },
]

for (const { title, objects, wanted = toV1, why } of cases)
  test(`names ${title}`, async () => {
    assert.equal(await routeCauses(kubeOf(...objects), wanted), why)
  })

test('where no rule is wanted, the one that decides is the cause', async () => {
  const objects = [...bookinfo(), reviewsSubsets, reviewsRoute(to('v3'))]
  assert.equal(await routeCauses(kubeOf(...objects), undefined), ['VirtualService reviews decides: everyone to v3'])
  assert.equal(await routeCauses(kubeOf(...bookinfo()), undefined), [])
})

test("the page's own complaint is told only where no object explains it", async () => {
  const complaint = 'Error fetching product reviews!'
  assert.equal(await routeCauses(kubeOf(...cluster()), toV1, complaint), [`the page says: ${complaint}`])
  assert.equal(await routeCauses(kubeOf(...cluster()), toV1, [complaint, 'HTTP 503']), [
    `the page says: ${complaint}, HTTP 503`,
  ])
  assert.equal(await routeCauses(kubeOf(...cluster()), toV1, []), [])
  assert.equal(await routeCauses(kubeOf(...without('VirtualService', 'reviews')), toV1, complaint), [
    'no VirtualService decides where reviews leads',
  ])
})

test('an API that cannot be asked is said to be so', async () => {
  assert.equal(await routeCauses(silentKube, toV1), ["the cluster's API cannot be asked: connect ECONNREFUSED"])
})

test.run()
