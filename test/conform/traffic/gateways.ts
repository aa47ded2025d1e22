/** Hosts and ports of Gateways, and several VirtualServices of one host. */
import { answer, ask, details, HOST, istio, paths, route, type TrafficCase, to } from './case.ts'

const server = (hosts: readonly string[], more: object = {}) => ({
  port: { number: 8080, name: 'http', protocol: 'HTTP' },
  hosts,
  ...more,
})
const gateway = (name: string, servers: readonly object[], more: object = {}) =>
  istio('Gateway', name, { selector: { istio: 'ingressgateway' }, servers, ...more })
const service = (name: string, hosts: readonly string[], http: unknown, more: object = {}) =>
  istio('VirtualService', name, { hosts, gateways: ['bookinfo-gateway'], http, ...more })
/** Asks for the root under other hosts. */
const hosts = (...all: string[]) => all.map((host) => ask('/', { host }))

export const gateways: readonly TrafficCase[] = [
  {
    title: 'hosts with wildcards, the narrowest first',
    objects: [
      service('conform-a', ['*.conform.example'], [answer(211)]),
      service('conform-b', ['*.b.conform.example'], [answer(212)]),
      service('conform-c', ['a.b.conform.example'], [answer(213)]),
      service('conform-d', ['conform.example', 'two.example'], [answer(214)]),
    ],
    asks: hosts(
      'a.conform.example',
      'b.conform.example',
      'x.b.conform.example',
      'a.b.conform.example',
      'x.a.b.conform.example',
      'conform.example',
      'two.example',
      'TWO.example',
      'two.example:8080',
      'two.example.',
      'three.example',
    ),
  },
  {
    title: 'two of one host, put together by age and name',
    objects: [
      service('conform-a', [HOST], [{ match: [{ uri: { prefix: '/a' } }], ...answer(211) }, answer(212)]),
      service('conform-b', [HOST], [{ match: [{ uri: { prefix: '/a/b' } }], ...answer(213) }, answer(214)]),
      service('conform-c', [HOST], [{ match: [{ uri: { prefix: '/c' } }], ...answer(215) }]),
    ],
    asks: paths('/a/b', '/a', '/c', '/'),
  },
  {
    title: 'one of the lesson beside it for all hosts',
    objects: [service('conform-a', ['*'], [{ match: [{ uri: { prefix: '/conform' } }], ...answer(211) }])],
    asks: [...paths('/conform', '/productpage', '/'), ...hosts('any.example')],
  },
  {
    title: "a Gateway's own hosts",
    objects: [
      gateway('conform', [server(['one.example', '*.two.example'])]),
      service('conform-a', ['one.example', 'a.two.example', 'three.example'], [answer(211)], { gateways: ['conform'] }),
      service('conform-b', ['*'], [answer(212)], { gateways: ['conform'] }),
    ],
    asks: hosts('one.example', 'a.two.example', 'b.two.example', 'three.example', 'two.example'),
  },
  {
    title: "a Gateway's hosts by namespace",
    objects: [
      gateway('conform', [server(['default/one.example', 'other/two.example', './three.example', '*/four.example'])]),
      service('conform-a', ['one.example', 'two.example', 'three.example', 'four.example'], [answer(211)], {
        gateways: ['default/conform'],
      }),
    ],
    asks: hosts('one.example', 'two.example', 'three.example', 'four.example'),
  },
  {
    title: 'a Gateway that redirects to https',
    objects: [
      gateway('conform', [server(['one.example', 'two.example'], { tls: { httpsRedirect: true } })]),
      service('conform-a', ['one.example'], [answer(211)], { gateways: ['conform'] }),
    ],
    asks: [
      ask('/x?y=1', { host: 'one.example' }),
      ask('/', { host: 'one.example' }, { method: 'POST', body: 'x' }),
      ...hosts('two.example', 'one.example:8080', 'three.example'),
    ],
  },
  {
    title: 'a Gateway that selects nobody',
    objects: [
      gateway('conform', [server(['one.example'])], { selector: { istio: 'nobody' } }),
      service('conform-a', ['one.example'], [answer(211)], { gateways: ['conform'] }),
    ],
    asks: hosts('one.example'),
  },
  {
    title: 'names of gateways',
    objects: [
      service('conform-a', ['one.example'], [answer(211)], { gateways: ['default/bookinfo-gateway'] }),
      service('conform-c', ['three.example'], [answer(213)], { gateways: ['bookinfo-gateway.default'] }),
      service('conform-d', ['four.example'], [answer(214)], { gateways: ['other/bookinfo-gateway'] }),
      service('conform-e', ['five.example'], [answer(215)], { gateways: ['mesh'] }),
      service('conform-f', ['six.example'], [answer(216)], { gateways: ['mesh', 'bookinfo-gateway'] }),
      service('conform-g', ['seven.example'], [answer(217)], { gateways: ['nobody', 'bookinfo-gateway'] }),
      service('conform-h', ['eight.example'], [answer(218)], {
        gateways: ['bookinfo-gateway.default.svc.cluster.local'],
      }),
    ],
    asks: hosts(
      'one.example',
      'three.example',
      'four.example',
      'five.example',
      'six.example',
      'seven.example',
      'eight.example',
    ),
  },
  {
    title: 'two gateways of one port, named in matches',
    objects: [
      gateway('conform', [server(['one.example'])]),
      service(
        'conform-a',
        ['one.example', 'two.example'],
        [
          { match: [{ gateways: ['conform'] }], ...answer(211) },
          { match: [{ gateways: ['bookinfo-gateway'] }], ...answer(212) },
        ],
        { gateways: ['conform', 'bookinfo-gateway'] },
      ),
    ],
    asks: hosts('one.example', 'two.example'),
  },
  {
    title: 'rules shown to some namespaces',
    objects: [
      service('conform-a', ['one.example'], [answer(211)], { exportTo: ['.'] }),
      service('conform-b', ['two.example'], [answer(212)], { exportTo: ['istio-system'] }),
      service('conform-c', ['three.example'], [answer(213)], { exportTo: ['*'] }),
      service('conform-d', ['four.example'], [answer(214)], { exportTo: ['other'] }),
    ],
    asks: hosts('one.example', 'two.example', 'three.example', 'four.example'),
  },
  {
    title: 'rules that hand over',
    objects: [
      service(
        'conform-a',
        [HOST],
        [
          { match: [{ uri: { prefix: '/a' } }], delegate: { name: 'conform-part' } },
          { match: [{ uri: { prefix: '/b' } }], delegate: { name: 'conform-nobody' } },
          { match: [{ uri: { prefix: '/c' } }], delegate: { name: 'conform-plain' } },
          {
            match: [{ uri: { prefix: '/d' } }],
            delegate: { name: 'conform-forward' },
            rewrite: { uri: '/details' },
            headers: { response: { set: { 'x-root': '1' } } },
          },
          answer(219),
        ],
      ),
      istio('VirtualService', 'conform-part', {
        http: [
          { match: [{ uri: { prefix: '/a/b' } }], ...answer(211) },
          { match: [{ uri: { exact: '/x' } }], ...answer(212) },
          { match: [{ uri: { regex: '/a/r.*' } }], ...answer(213) },
          { match: [{ headers: { who: { exact: 'me' } } }], ...answer(214) },
        ],
      }),
      istio('VirtualService', 'conform-plain', { http: [answer(215)] }),
      istio('VirtualService', 'conform-forward', { http: [route(undefined, details)] }),
    ],
    asks: [...paths('/a/b', '/a', '/x', '/a/r', '/b', '/c', '/c/x', '/d/0', '/'), ask('/a', { who: 'me' })],
  },
  {
    title: 'a policy at the gateway',
    http: [answer(211)],
    objects: [
      {
        apiVersion: 'security.istio.io/v1',
        kind: 'AuthorizationPolicy',
        metadata: { name: 'conform', namespace: 'istio-system' },
        spec: {
          selector: { matchLabels: { istio: 'ingressgateway' } },
          action: 'DENY',
          rules: [
            { to: [{ operation: { paths: ['/denied*'], notMethods: ['PUT'] } }] },
            { when: [{ key: 'request.headers[x-block]', values: ['yes', 'y*'] }] },
            { to: [{ operation: { hosts: ['bad.example', '*.evil.example'] } }] },
          ],
        },
      },
    ],
    asks: [
      ...paths('/denied', '/denied/x?y', '/'),
      ...['yes', 'yo', 'no', ''].map((value) => ask('/', { 'x-block': value })),
      ask('/denied', {}, { method: 'PUT' }),
      { raw: 'POST /denied HTTP/1.1\r\nHost: HOST\r\nContent-Length: 1\r\n\r\nx' },
      ...hosts('bad.example', 'BAD.example', 'a.evil.example', 'good.example'),
    ],
  },
  {
    title: 'the same host at the gateway and in the mesh',
    objects: [
      istio('VirtualService', 'conform-a', {
        hosts: ['details'],
        gateways: ['bookinfo-gateway', 'mesh'],
        http: [{ match: [{ port: 8080 }], ...answer(211) }, { route: [to('details')] }],
      }),
    ],
    asks: [
      ...hosts('details', 'details.default.svc.cluster.local', 'details.default'),
      ask('/api/v1/products/0', { host: 'any.example' }),
    ],
  },
]
