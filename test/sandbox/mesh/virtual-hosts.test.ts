import { deepEqual, equal, ok } from 'node:assert/strict'
import type { Gateway, GatewayServer, VirtualService } from '../../../lib/sandbox/mesh/types.ts'
import { exportRank, type KeyedProxy, routeFor, VirtualHosts } from '../../../lib/sandbox/mesh/virtual-hosts.ts'
import { request, virtualService } from '../../support/mesh.ts'
import { suite } from '../../support/suite.ts'

const test = suite('virtual hosts')

const sidecar: KeyedProxy = { key: 'mesh', namespace: 'default', labels: { app: 'a' }, gateways: ['mesh'], port: 9080 }
const ingress: KeyedProxy = {
  key: 'gateway',
  namespace: 'istio-system',
  labels: {},
  gateways: ['default/g', 'other/g'],
  port: 8080,
}
const reviews = 'reviews.default.svc.cluster.local'

/** A rule whose subset tells who spoke. */
const rule = (subset: string, more: object = {}) => ({ ...more, route: [{ destination: { host: 'reviews', subset } }] })

function service(name: string, spec: object, metadata: object = {}): VirtualService {
  return virtualService(name, spec, metadata) as VirtualService
}

function hostsOf(...services: VirtualService[]): VirtualHosts {
  return new VirtualHosts(services)
}

function gateway(hosts: string[], more: Partial<GatewayServer> = {}, namespace = 'default') {
  const server = { port: { number: 8080, name: 'http', protocol: 'HTTP' }, hosts, ...more }
  const object = { kind: 'Gateway', metadata: { name: 'g', namespace }, spec: { servers: [server] } } as unknown
  return { gateway: object as Gateway, server }
}

const older = { creationTimestamp: '2026-01-01T00:00:00Z' }
const newer = { creationTimestamp: '2026-01-02T00:00:00Z' }

/** What a sidecar of namespace default follows for reviews. */
const ofMesh: readonly [string, VirtualService[], string | undefined][] = [
  ['no rule at all', [], undefined],
  ['a short host', [service('a', { hosts: ['reviews'], http: [rule('v1')] })], 'v1'],
  ['a full host', [service('a', { hosts: [reviews], http: [rule('v1')] }, { namespace: 'other' })], 'v1'],
  [
    'a short host elsewhere',
    [service('a', { hosts: ['reviews'], http: [rule('v1')] }, { namespace: 'other' })],
    undefined,
  ],
  ['a wildcard', [service('a', { hosts: ['*.default.svc.cluster.local'], http: [rule('v1')] })], 'v1'],
  [
    'the exact host before the wildcard, however old',
    [
      service('a', { hosts: ['*.default.svc.cluster.local'], http: [rule('v1')] }, older),
      service('b', { hosts: ['reviews'], http: [rule('v2')] }, newer),
    ],
    'v2',
  ],
  [
    'the oldest of two',
    [
      service('a', { hosts: ['reviews'], http: [rule('v1')] }, newer),
      service('b', { hosts: ['reviews'], http: [rule('v2')] }, older),
    ],
    'v2',
  ],
  [
    'of two as old, the first by name',
    [
      service('b', { hosts: ['reviews'], http: [rule('v2')] }, older),
      service('a', { hosts: ['reviews'], http: [rule('v1')] }, older),
    ],
    'v1',
  ],
  ['only for gateways', [service('a', { hosts: ['reviews'], gateways: ['g'], http: [rule('v1')] })], undefined],
  ['for gateways and mesh', [service('a', { hosts: ['reviews'], gateways: ['g', 'mesh'], http: [rule('v1')] })], 'v1'],
  [
    'private to another namespace',
    [service('a', { hosts: [reviews], exportTo: ['.'], http: [rule('v1')] }, { namespace: 'other' })],
    undefined,
  ],
  [
    'exported to this namespace',
    [service('a', { hosts: [reviews], exportTo: ['default'], http: [rule('v1')] }, { namespace: 'other' })],
    'v1',
  ],
  [
    'the private one before the public, however old',
    [
      service('a', { hosts: ['reviews'], http: [rule('v1')] }, older),
      service('b', { hosts: ['reviews'], exportTo: ['.'], http: [rule('v2')] }, newer),
    ],
    'v2',
  ],
  [
    'rules for other pods only count as none',
    [service('a', { hosts: ['reviews'], http: [rule('v1', { match: [{ sourceLabels: { app: 'b' } }] })] })],
    undefined,
  ],
]

for (const [what, services, expected] of ofMesh)
  test(`sidecar: ${what}`, () => {
    const route = routeFor(hostsOf(...services).ofMesh(sidecar, reviews), request())
    equal(route?.destinations[0]?.subset, expected)
  })

test('of two VirtualServices for one host in the mesh only the first counts, also where it takes nothing', () => {
  const hosts = hostsOf(
    service('a', { hosts: ['reviews'], http: [rule('v1', { match: [{ uri: { exact: '/no' } }] })] }, older),
    service('b', { hosts: ['reviews'], http: [rule('v2')] }, newer),
  )
  const host = hosts.ofMesh(sidecar, reviews)
  ok(host)
  equal(routeFor(host, request()), undefined)
})

const bound = (name: string, hosts: string[], subset: string, more: object = {}, metadata: object = {}) =>
  service(name, { hosts, gateways: ['g'], http: [rule(subset, more)] }, metadata)
const exact = (path: string) => ({ match: [{ uri: { exact: path } }] })

/** What a gateway follows for a host and `/`. */
const ofGateway: readonly [string, string[], VirtualService[], string, string | undefined][] = [
  ['all hosts', ['*'], [bound('a', ['*'], 'v1')], 'any.example', 'v1'],
  ['another host than the server has', ['a.example'], [bound('a', ['*'], 'v1')], 'b.example', undefined],
  ['the host that the server has', ['a.example'], [bound('a', ['*'], 'v1')], 'a.example', 'v1'],
  ['another host than the rule has', ['*'], [bound('a', ['a.example'], 'v1')], 'b.example', undefined],
  ['a wildcard of the server', ['*.example'], [bound('a', ['a.example'], 'v1')], 'a.example', 'v1'],
  ['a wildcard matches no bare domain', ['*.example'], [bound('a', ['*'], 'v1')], 'example', undefined],
  [
    'the most specific host',
    ['*'],
    [bound('a', ['*'], 'v1', {}, older), bound('b', ['*.example'], 'v2'), bound('c', ['a.example'], 'v3')],
    'a.example',
    'v3',
  ],
  [
    'the next specific one',
    ['*'],
    [bound('a', ['*'], 'v1', {}, older), bound('b', ['*.example'], 'v2'), bound('c', ['a.example'], 'v3')],
    'b.example',
    'v2',
  ],
  [
    'of two for one host, what takes everything comes last',
    ['*'],
    [bound('a', ['*'], 'v1', {}, older), bound('b', ['*'], 'v2', exact('/'), newer)],
    'a.example',
    'v2',
  ],
  [
    'of two for one host that both take it, the older',
    ['*'],
    [bound('a', ['*'], 'v1', exact('/'), newer), bound('b', ['*'], 'v2', exact('/'), older)],
    'a.example',
    'v2',
  ],
  ['own namespace only', ['./*'], [bound('a', ['*'], 'v1')], 'a.example', 'v1'],
  ['namespace of others', ['other/*'], [bound('a', ['*'], 'v1')], 'a.example', undefined],
  ['any namespace', ['*/a.example'], [bound('a', ['*'], 'v1')], 'a.example', 'v1'],
  [
    'a rule private to its namespace',
    ['*'],
    [service('a', { hosts: ['*'], gateways: ['g'], exportTo: ['.'], http: [rule('v1')] })],
    'a.example',
    undefined,
  ],
]

for (const [what, serverHosts, services, host, expected] of ofGateway)
  test(`gateway: ${what}`, () => {
    const found = hostsOf(...services).ofGateway(ingress, [gateway(serverHosts)], host)
    equal(routeFor(found, request())?.destinations[0]?.subset, expected)
  })

test('rules are bound to the Gateway they name, in its namespace', () => {
  const services = [
    service('a', { hosts: ['*'], gateways: ['other/g'], http: [rule('v1')] }),
    service('b', { hosts: ['*'], gateways: ['g'], http: [rule('v2')] }, { namespace: 'third' }),
  ]
  const of = (namespace: string) =>
    hostsOf(...services).ofGateway(ingress, [gateway(['*'], {}, namespace)], 'a.example')
  equal(of('default'), undefined)
  equal(routeFor(of('other'), request())?.destinations[0]?.subset, 'v1')
})

test('a server that redirects to https does so with and without rules', () => {
  const servers = [gateway(['*'], { tls: { httpsRedirect: true } })]
  equal(hostsOf().ofGateway(ingress, servers, 'a.example')?.requireTls, true)
  equal(hostsOf(bound('a', ['*'], 'v1')).ofGateway(ingress, servers, 'a.example')?.requireTls, true)
})

test("a delegate's rules hold where the rule that hands over takes the request", () => {
  const services = [
    service('root', {
      hosts: ['reviews'],
      http: [
        { match: [{ uri: { prefix: '/a' } }], delegate: { name: 'part', namespace: 'other' }, timeout: '2s' },
        rule('v1'),
      ],
    }),
    service('part', { http: [rule('v2', { match: [{ method: { exact: 'GET' } }] })] }, { namespace: 'other' }),
  ]
  const host = hostsOf(...services).ofMesh(sidecar, reviews)
  const seen = (path: string, method = 'GET') => routeFor(host, request({ path, method }))?.destinations[0]?.subset
  deepEqual([seen('/a'), seen('/b'), seen('/a', 'POST')], ['v2', 'v1', 'v1'])
  equal(routeFor(host, request({ path: '/a' }))?.timeout, 2_000)
})

const exports: readonly [string[] | undefined, string, number][] = [
  [undefined, 'any', 3],
  [['*'], 'any', 3],
  [['.'], 'default', 1],
  [['.'], 'any', 0],
  [['any'], 'any', 2],
  [['default'], 'default', 1],
  [['third'], 'any', 0],
]

for (const [exportTo, namespace, rank] of exports)
  test(`exportTo ${JSON.stringify(exportTo)} of namespace default ranks ${rank} for ${namespace}`, () => {
    equal(exportRank({ metadata: { namespace: 'default' }, spec: exportTo ? { exportTo } : {} }, namespace), rank)
  })

test('a decision looks at the rules of its host only', () => {
  let looked = 0
  const services = Array.from({ length: 1_000 }, (_, index) => {
    const spec = { hosts: [`host-${index}`], http: Array.from({ length: 10 }, (_, n) => rule(`v${n}`, exact(`/${n}`))) }
    return service(`s-${index}`, {
      ...spec,
      get http() {
        looked++
        return spec.http
      },
    })
  })
  const hosts = hostsOf(...services)
  const ask = () => routeFor(hosts.ofMesh(sidecar, 'host-500.default.svc.cluster.local'), request({ path: '/9' }))
  equal(ask()?.destinations[0]?.subset, 'v9')
  ok(looked <= 2, `looked at the rules of ${looked} VirtualServices`)
  const before = looked
  ask()
  equal(looked, before)
})

test("a gateway's rules see the port of its first server, on whatever port its pod listens", () => {
  const byPort = service('a', {
    hosts: ['*'],
    gateways: ['default/g'],
    http: [rule('v1', { match: [{ port: 80 }] }), rule('v2', { match: [{ port: 8080 }] })],
  })
  const server = (number: number, host: string) => gateway([host], { port: { number, protocol: 'HTTP' } })
  const seen = (...servers: ReturnType<typeof server>[]) =>
    routeFor(hostsOf(byPort).ofGateway(ingress, servers, 'b.example'), request({ authority: 'b.example' }))
  const [first, second] = [server(80, 'a.example'), server(8080, 'b.example')]
  equal(seen(first, second)?.destinations[0]?.subset, 'v1')
  equal(seen(first, second)?.port, 80)
  equal(seen(second, first)?.destinations[0]?.subset, 'v2')
  equal(seen(gateway(['c.example'], { port: { number: 80 } }, 'other'), second)?.port, 8080)
})

test.run()
