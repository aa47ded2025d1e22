import * as assert from 'uvu/assert'
import type { WantedRule } from '../lib/causes/state.ts'
import { routeCauses } from '../lib/diagnose.ts'
import type { Item } from '../lib/kube.ts'
import { en } from '../lib/words/en.ts'
import { ru } from '../lib/words/ru.ts'
import { kubeOf, silentKube } from './support/kube.ts'
import {
  applied,
  bookinfo,
  destinationRule,
  forJason,
  gateway,
  pod,
  reviewsRoute,
  subsetRules,
  to,
  virtualService,
} from './support/objects.ts'
import { suite } from './support/suite.ts'

const test = suite('diagnose')

const toV1: WantedRule[] = [{ subset: 'v1' }]
const jasonToV2: WantedRule[] = [{ user: 'jason', subset: 'v2' }, { subset: 'v1' }]

const usual = () => [...bookinfo(), ...subsetRules, reviewsRoute(to('v1'))]

/** The lesson's objects, but for those that take another's place. */
function cluster(...changed: Item[]): Item[] {
  const same = (a: Item, b: Item) =>
    a.kind === b.kind && a.metadata?.name === b.metadata?.name && a.metadata?.namespace === b.metadata?.namespace
  return [...usual().filter((item) => !changed.some((other) => same(item, other))), ...changed]
}

const without = (kind: string, name: string) =>
  usual().filter((item) => item.kind !== kind || item.metadata?.name !== name)

/** The lesson's objects, one of them changed in place. */
function altered(kind: string, name: string, change: (item: Item) => void): Item[] {
  const objects = structuredClone(usual())
  for (const item of objects) if (item.kind === kind && item.metadata?.name === name) change(item)
  return objects
}

const podOf = (deployment: string) => `${deployment}-5b5d6494f4-x7k2p`

const of = (namespace: string, item: Item): Item => ({ ...item, metadata: { ...item.metadata, namespace } })

const cases: { title: string; objects: Item[]; wanted?: WantedRule[]; why: string[] }[] = [
  { title: 'nothing where all is as it should be', objects: cluster(), why: [] },
  {
    title: 'nothing where the rules of section 3 for the other services stand',
    objects: cluster(...applied('virtual-service-all-v1.yaml')),
    why: [],
  },
  {
    title: 'a deployment that is gone',
    objects: without('Deployment', 'reviews-v2').filter(({ metadata }) => metadata?.name !== podOf('reviews-v2')),
    why: ['Deployment reviews-v2 is not there'],
  },
  {
    title: 'a deployment that was scaled to zero',
    objects: altered('Deployment', 'ratings-v1', (item) => (item.spec.replicas = 0)),
    why: ['deployment ratings-v1 is scaled to zero'],
  },
  {
    title: 'a deployment whose pod cannot pull its image',
    objects: altered('Deployment', 'reviews-v3', (item) => (item.status = {})).map((item) =>
      item.metadata?.name === podOf('reviews-v3')
        ? {
            ...item,
            status: {
              containerStatuses: [
                { name: 'reviews', state: { waiting: { reason: 'ErrImagePull', message: 'toomanyrequests' } } },
              ],
            },
          }
        : item,
    ),
    why: ['deployment reviews-v3 has no available pod (container reviews: ErrImagePull: toomanyrequests)'],
  },
  {
    title: 'a deployment whose pods a webhook keeps from being made',
    objects: without('Pod', podOf('reviews-v3')).map((item) =>
      item.kind === 'Deployment' && item.metadata?.name === 'reviews-v3'
        ? {
            ...item,
            status: { conditions: [{ type: 'ReplicaFailure', status: 'True', message: 'failed calling webhook' }] },
          }
        : item,
    ),
    why: ['deployment reviews-v3 has no available pod (failed calling webhook)'],
  },
  {
    title: 'a pod without a sidecar',
    objects: cluster(pod('productpage-v1', { sidecar: false, labels: { app: 'productpage', version: 'v1' } })),
    why: [`pod ${podOf('productpage-v1')} has no sidecar: rules do not hold for what it sends`],
  },
  {
    title: 'a sidecar that is an init container, as from Istio 1.27 on, for what it is',
    objects: cluster(
      pod('productpage-v1', {
        sidecar: false,
        labels: { app: 'productpage', version: 'v1' },
        spec: { initContainers: [{ name: 'istio-proxy' }] },
      }),
    ),
    why: [],
  },
  {
    title: 'a pod whose label was changed',
    objects: altered('Pod', podOf('reviews-v1'), ({ metadata }) =>
      Object.assign(metadata ?? {}, { labels: { app: 'reviews', version: 'v2' } }),
    ),
    why: [`pod ${podOf('reviews-v1')} has the label version=v2, its deployment version=v1`],
  },
  {
    title: "somebody else's pod behind a service",
    objects: cluster(pod('reviews-v4', { labels: { app: 'reviews', version: 'v1' } })),
    why: [`pod ${podOf('reviews-v4')}, which is not the lesson's, answers for reviews`],
  },
  {
    title: 'a gateway that is gone',
    objects: without('Gateway', 'bookinfo-gateway'),
    why: ['Gateway bookinfo-gateway is not there'],
  },
  {
    title: 'a gateway on another port',
    objects: altered('Gateway', 'bookinfo-gateway', ({ spec }) => (spec.servers[0].port.number = 80)),
    why: ["Gateway bookinfo-gateway: spec.servers[0].port.number is 80, in the lesson's manifest 8080"],
  },
  {
    title: "the way in's routes that are gone",
    objects: without('VirtualService', 'bookinfo'),
    why: ['VirtualService bookinfo is not there'],
  },
  {
    title: 'all that is gone, in one sentence',
    objects: without('VirtualService', 'bookinfo').filter(({ kind }) => kind !== 'Gateway'),
    why: ['Gateway bookinfo-gateway, VirtualService bookinfo are not there'],
  },
  {
    title: "somebody else's routes on the gateway, and another gateway on its port",
    objects: cluster(
      of('team-b', virtualService('shop', { hosts: ['*'], gateways: ['default/bookinfo-gateway'], http: [] })),
      of('team-b', gateway('shop', 8080)),
      of('team-b', gateway('elsewhere', 80)),
    ),
    why: [
      'VirtualService shop of namespace team-b is on the Gateway bookinfo-gateway as well',
      'Gateway shop of namespace team-b listens on the port of bookinfo-gateway as well',
    ],
  },
  {
    title: 'a service that selects other pods',
    objects: altered('Service', 'reviews', ({ spec }) => (spec.selector = { app: 'ratings' })),
    why: ['Service reviews: spec.selector.app is "ratings", in the lesson\'s manifest "reviews"'],
  },
  {
    title: 'a service whose port is no longer one for HTTP',
    objects: altered('Service', 'reviews', ({ spec }) => (spec.ports = [{ ...spec.ports[0], name: 'tcp' }])),
    why: ['Service reviews: spec.ports[0].name is "tcp", in the lesson\'s manifest "http"'],
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
      'VirtualService reviews sends everyone to v1 with fault {"abort":{"httpStatus":500}}; expected everyone to v1',
    ],
  },
  {
    title: 'a rule without a destination',
    objects: cluster(reviewsRoute({ directResponse: { status: 503 } })),
    why: [
      'VirtualService reviews sends everyone to no destination with directResponse {"status":503}; expected everyone to v1',
    ],
  },
  {
    title: 'a route that decides nothing over HTTP',
    objects: cluster(virtualService('reviews', { hosts: ['reviews'], tcp: [{}] })),
    why: ['VirtualService reviews sends nothing over HTTP; expected everyone to v1'],
  },
  {
    title: 'a route for the gateway only',
    objects: cluster(
      virtualService('reviews', { hosts: ['reviews'], gateways: ['bookinfo-gateway'], http: [to('v1')] }),
    ),
    why: [
      'no VirtualService decides where reviews leads',
      'VirtualService reviews does not hold for calls between the services: gateways ["bookinfo-gateway"] has no "mesh"',
      'VirtualService reviews is on the Gateway bookinfo-gateway as well',
    ],
  },
  {
    title: "a route that is not exported to the lesson's namespace",
    objects: cluster(virtualService('reviews', { hosts: ['reviews'], exportTo: ['istio-system'], http: [to('v1')] })),
    why: [
      'no VirtualService decides where reviews leads',
      'VirtualService reviews does not hold for calls between the services: exportTo ["istio-system"] leaves out namespace default',
    ],
  },
  {
    title: "nothing of another namespace's route that stays there",
    objects: cluster(of('team-b', virtualService('x', { hosts: ['reviews'], exportTo: ['.'], http: [to('v1')] }))),
    why: [],
  },
  {
    title: 'a rule for the same host in another namespace, by its full name',
    objects: cluster(
      of('team-b', virtualService('mine', { hosts: ['reviews.default.svc.cluster.local'], http: [to('v1')] })),
    ),
    why: [
      'several VirtualServices name the host reviews, of which Istio takes the oldest: reviews, mine of namespace team-b',
    ],
  },
  {
    title: "no rule of another namespace for that namespace's own reviews",
    objects: cluster(of('team-b', virtualService('mine', { hosts: ['reviews'], http: [to('v3')] }))),
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
    why: [
      'VirtualService reviews leads to subset v1 of reviews, which no DestinationRule defines',
      'DestinationRule reviews: spec.subsets[v1] is gone, in the lesson\'s manifest {"name":"v1","labels":{"version":"v1"}}',
    ],
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
    why: ['DestinationRule reviews: spec.subsets[v1].labels.version is "v3", in the lesson\'s manifest "v1"'],
  },
  {
    title: "what was added to the lesson's own rule",
    objects: altered('DestinationRule', 'reviews', ({ spec }) => (spec.trafficPolicy = { tls: { mode: 'DISABLE' } })),
    why: [
      'DestinationRule reviews: spec.trafficPolicy is {"tls":{"mode":"DISABLE"}}, which the lesson\'s manifest does not set',
    ],
  },
  {
    title: 'a second DestinationRule for the same host',
    objects: cluster(destinationRule('reviews', ['v1'], 'mine')),
    why: ['several DestinationRules name the host reviews: reviews, mine'],
  },
  {
    title: 'a DestinationRule for many hosts',
    objects: cluster(destinationRule('*.default.svc.cluster.local', ['v1'], 'all')).filter(
      ({ kind, metadata }) => kind !== 'DestinationRule' || metadata?.name !== 'details',
    ),
    why: [
      'several DestinationRules name the host productpage: productpage, all',
      'several DestinationRules name the host reviews: reviews, all',
      'several DestinationRules name the host ratings: ratings, all',
      'another DestinationRule names the host details: all',
      'DestinationRule details is not there',
    ],
  },
  ...policies().map(([what, item, sentence]) => ({ title: what, objects: cluster(item), why: [sentence] })),
  {
    title: "nothing of Istio's own objects, nor of places that are not Bookinfo's",
    objects: cluster(
      {
        ...policy('EnvoyFilter', 'stats', {}),
        metadata: { name: 'stats', namespace: 'istio-system', labels: { 'operator.istio.io/component': 'Pilot' } },
      },
      policy('ServiceEntry', 'wiki', { hosts: ['en.wikipedia.org'] }),
    ),
    why: [],
  },
]

function policy(kind: string, name: string, spec: Item): Item {
  return { kind, metadata: { name, namespace: 'default' }, spec }
}

function policies(): [what: string, item: Item, sentence: string][] {
  return [
    [
      'a policy that lets nobody in',
      policy('AuthorizationPolicy', 'nobody', {}),
      'AuthorizationPolicy nobody lets requests in or refuses them with 403 (ALLOW, no rules)',
    ],
    [
      'a policy for some pods',
      policy('AuthorizationPolicy', 'no', {
        action: 'DENY',
        rules: [{}],
        selector: { matchLabels: { app: 'reviews' } },
      }),
      'AuthorizationPolicy no lets requests in or refuses them with 403 (DENY, 1 rules), for pods with app=reviews',
    ],
    [
      'mutual TLS that is asked for in the whole mesh',
      of('istio-system', policy('PeerAuthentication', 'strict', { mtls: { mode: 'STRICT' } })),
      'PeerAuthentication strict of namespace istio-system decides who must come by mutual TLS (STRICT)',
    ],
    [
      'what pods may reach',
      policy('Sidecar', 'narrow', { egress: [{ hosts: ['./ratings'] }] }),
      'Sidecar narrow limits what its pods know and reach to ./ratings',
    ],
    [
      'a change of the proxies',
      policy('EnvoyFilter', 'lua', { workloadSelector: { labels: { app: 'reviews' } } }),
      'EnvoyFilter lua changes what the proxies do with requests, for pods with app=reviews',
    ],
    [
      'another place of a host',
      policy('ServiceEntry', 'fake', { hosts: ['reviews.default.svc.cluster.local'] }),
      'ServiceEntry fake says where reviews.default.svc.cluster.local is',
    ],
    [
      'connections that are held back',
      policy('NetworkPolicy', 'closed', { podSelector: { matchLabels: { app: 'ratings' } } }),
      'NetworkPolicy closed holds back connections to the pods that it selects, for pods with app=ratings',
    ],
  ]
}

const whyOf = async (diagnosis: ReturnType<typeof routeCauses>) => (await diagnosis).why

for (const { title, objects, wanted = toV1, why } of cases)
  test(`names ${title}`, async () => {
    assert.equal(await whyOf(routeCauses(kubeOf(...objects), en, wanted)), why)
  })

test('a kind that may not be read leaves the other causes to be told', async () => {
  const kube = kubeOf(...without('VirtualService', 'reviews'))
  const list: typeof kube.list = (resource, namespace) =>
    resource.kind === 'AuthorizationPolicy' ? Promise.reject(new Error('forbidden')) : kube.list(resource, namespace)
  assert.equal(await whyOf(routeCauses({ ...kube, list }, en, toV1)), ['no VirtualService decides where reviews leads'])
})

test('where no rule is wanted, the one that decides is the cause', async () => {
  const objects = [...bookinfo(), ...subsetRules, reviewsRoute(to('v3'))]
  assert.equal(await whyOf(routeCauses(kubeOf(...objects), en, undefined)), [
    'VirtualService reviews decides: everyone to v3',
  ])
  assert.equal(await whyOf(routeCauses(kubeOf(...bookinfo()), en, undefined)), [])
})

test("the page's own complaint is told only where no object explains it", async () => {
  const complaint = 'Error fetching product reviews!'
  assert.equal(await whyOf(routeCauses(kubeOf(...cluster()), en, toV1, complaint)), [`the page says: ${complaint}`])
  assert.equal(await whyOf(routeCauses(kubeOf(...cluster()), en, toV1, [complaint, 'HTTP 503'])), [
    `the page says: ${complaint}, HTTP 503`,
  ])
  assert.equal(await whyOf(routeCauses(kubeOf(...cluster()), en, toV1, [])), [])
  assert.equal(await whyOf(routeCauses(kubeOf(...without('VirtualService', 'reviews')), en, toV1, complaint)), [
    'no VirtualService decides where reviews leads',
  ])
})

test('an API that cannot be asked is said to be so', async () => {
  assert.equal(await whyOf(routeCauses(silentKube, en, toV1)), [
    "the cluster's API cannot be asked: connect ECONNREFUSED",
  ])
})

const mends: { title: string; objects: Item[]; mend: string | undefined }[] = [
  { title: "the lesson's own route: by its step alone", objects: cluster(reviewsRoute(to('v3'))), mend: undefined },
  {
    title: 'what of the application is not as the manifest has it: by its section',
    objects: altered('Deployment', 'ratings-v1', (item) => (item.spec.replicas = 0)),
    mend: './scripts/02-deploy.ts',
  },
  {
    title: "somebody else's route: by taking it away, where it is",
    objects: cluster(
      of('team-b', virtualService('mine', { hosts: ['reviews.default.svc.cluster.local'], http: [to('v1')] })),
    ),
    mend: 'kubectl delete virtualservice mine -n team-b',
  },
  {
    title: "a field that was added to the lesson's rule: by its manifest whole",
    objects: altered('DestinationRule', 'reviews', ({ spec }) => (spec.trafficPolicy = { tls: { mode: 'DISABLE' } })),
    mend: 'kubectl replace -f manifests/destination-rule-all.yaml',
  },
  {
    title: 'objects that are gone: by their manifest, once',
    objects: without('VirtualService', 'bookinfo').filter(({ kind }) => kind !== 'Gateway'),
    mend: 'kubectl apply -f manifests/bookinfo-gateway.yaml',
  },
  {
    title: 'a policy: by taking it away',
    objects: cluster(policy('AuthorizationPolicy', 'nobody', {})),
    mend: 'kubectl delete authorizationpolicy nobody',
  },
  {
    title: 'a lost subset of the lesson: by the step that defines it',
    objects: cluster(destinationRule('reviews', ['v2', 'v3'])),
    mend: './scripts/03-version-route.ts --only destination-rules\nkubectl replace -f manifests/destination-rule-all.yaml',
  },
]
for (const { title, objects, mend } of mends)
  test(`mends ${title}`, async () => {
    assert.is((await routeCauses(kubeOf(...objects), en, toV1)).mend, mend)
  })

test('speaks the language that is asked for', async () => {
  const { why } = await routeCauses(kubeOf(...without('VirtualService', 'reviews')), ru, toV1)
  assert.equal(why, ['нет VirtualService, который решает, куда ведёт reviews'])
})

test.run()
