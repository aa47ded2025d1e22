import { cluster, jasonToV2, of, tellsCauses, without } from '../support/causes.ts'
import { destinationRule, forJason, reviewsRoute, to, virtualService } from '../support/objects.ts'
import { suite } from '../support/suite.ts'

const test = suite('causes: routes')

tellsCauses(test, [
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
      'VirtualService reviews does not hold for calls between the services: gateways ["bookinfo-gateway"] has no "mesh"',
      'no VirtualService decides where reviews leads',
      'VirtualService reviews is on the Gateway bookinfo-gateway as well',
    ],
  },
  {
    title: "a route that is not exported to the lesson's namespace",
    objects: cluster(virtualService('reviews', { hosts: ['reviews'], exportTo: ['istio-system'], http: [to('v1')] })),
    why: [
      'VirtualService reviews does not hold for calls between the services: exportTo ["istio-system"] leaves out namespace default',
      'no VirtualService decides where reviews leads',
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
])

test.run()
