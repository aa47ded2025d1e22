import { altered, cluster, podOf, tellsCauses, without } from '../support/causes.ts'
import { applied, destinationRule } from '../support/objects.ts'
import { suite } from '../support/suite.ts'

const test = suite('causes: drift')

tellsCauses(test, [
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
])

test.run()
