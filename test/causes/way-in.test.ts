import * as assert from 'uvu/assert'
import { wayIn } from '../../lib/causes/way-in.ts'
import type { Item } from '../../lib/kube.ts'
import { en } from '../../lib/words/en.ts'
import { altered, without } from '../support/causes.ts'
import { suite } from '../support/suite.ts'

const test = suite('causes: way in')

function told(objects: readonly Item[]): string[] {
  const of = (wanted: string) => objects.filter(({ kind }) => kind === wanted)
  return wayIn({ gateways: of('Gateway'), routes: of('VirtualService'), words: en }).map(({ why }) => why)
}

const gateway = (change: (spec: Item) => void) => altered('Gateway', 'bookinfo-gateway', ({ spec }) => change(spec))
const route = (change: (spec: Item) => void) => altered('VirtualService', 'bookinfo', ({ spec }) => change(spec))
const toPlace = (destination: object) => route(({ http }) => (http[0].route = [{ destination }]))

test('finds nothing in the lesson as it is', () => {
  assert.equal(told(altered('Gateway', 'none', () => undefined)), [])
})

const faults: readonly [title: string, objects: Item[], why: string][] = [
  ['a gateway that is gone', without('Gateway', 'bookinfo-gateway'), 'Gateway bookinfo-gateway is not there'],
  [
    'a gateway for other pods',
    gateway((spec) => (spec.selector = { istio: 'gateway' })),
    'Gateway bookinfo-gateway is for pods with {"istio":"gateway"}, which the ingress gateway does not have',
  ],
  [
    'a gateway on another port',
    gateway(({ servers }) => (servers[0].port.number = 8081)),
    'Gateway bookinfo-gateway listens on 8081 (HTTP, *); the page is asked for on 8080 (HTTP, *)',
  ],
  [
    'a gateway for one host',
    gateway(({ servers }) => (servers[0].hosts = ['shop.example'])),
    'Gateway bookinfo-gateway listens on 8080 (HTTP, shop.example); the page is asked for on 8080 (HTTP, *)',
  ],
  [
    'a gateway without servers',
    gateway((spec) => (spec.servers = [])),
    'Gateway bookinfo-gateway listens on no port; the page is asked for on 8080 (HTTP, *)',
  ],
  [
    'a route on another gateway',
    route((spec) => (spec.gateways = ['other'])),
    'VirtualService bookinfo is on gateways ["other"], not on bookinfo-gateway',
  ],
  [
    'a route for one host',
    route((spec) => (spec.hosts = ['shop.example'])),
    'VirtualService bookinfo is for hosts shop.example, not for *',
  ],
  [
    'a route to another service',
    toPlace({ host: 'details', port: { number: 9080 } }),
    'VirtualService bookinfo leads /productpage to details:9080; expected productpage:9080',
  ],
  [
    'a route to another port',
    toPlace({ host: 'productpage', port: { number: 9081 } }),
    'VirtualService bookinfo leads /productpage to productpage:9081; expected productpage:9080',
  ],
  [
    'a route that leaves the page out',
    route(({ http }) => (http[0].match = [{ uri: { exact: '/shop' } }])),
    'VirtualService bookinfo leads /productpage to no destination; expected productpage:9080',
  ],
]
for (const [title, objects, why] of faults)
  test(`names ${title}`, () => {
    assert.equal(told(objects), [why])
  })

for (const [title, objects] of [
  ['the full name of the service', toPlace({ host: 'productpage.default.svc.cluster.local' })],
  ['a path by its first letters', route(({ http }) => (http[0].match = [{ uri: { prefix: '/product' } }]))],
  ['a route without conditions', route(({ http }) => delete http[0].match)],
  ['hosts of every namespace', gateway(({ servers }) => (servers[0].hosts = ['*/*']))],
] as const)
  test(`${title} is as good`, () => {
    assert.equal(told(objects), [])
  })

test.run()
