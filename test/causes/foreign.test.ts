import type { Item } from '../../lib/kube.ts'
import { cluster, of, tellsCauses } from '../support/causes.ts'
import { destinationRule, gateway, virtualService } from '../support/objects.ts'
import { suite } from '../support/suite.ts'

const test = suite('causes: foreign')

tellsCauses(test, [
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
])

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
      'AuthorizationPolicy no lets requests in or refuses them with 403 (DENY, 1 rule), for pods with app=reviews',
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

test.run()
