/** Where requests go: hosts, subsets, ports, weights. */
import { ask, istio, onReviews, paths, peerAuthentication, reviews, route, type TrafficCase, to } from './case.ts'

export const destinations: readonly TrafficCase[] = [
  { title: 'a host nobody has', http: [route(undefined, [to('nobody')])], asks: paths('/') },
  {
    title: 'a subset nobody defined',
    http: [route(undefined, [to('reviews', { subset: 'v9' })])],
    asks: paths('/reviews/0'),
  },
  {
    title: 'a subset without pods',
    http: [route(undefined, [to('details', { subset: 'v2' })])],
    asks: paths('/details/0'),
  },
  {
    title: 'a port the service lacks',
    http: [route(undefined, [{ destination: { host: 'details', port: { number: 1 } } }])],
    asks: paths('/details/0'),
  },
  {
    title: 'without a port',
    http: [route(undefined, [{ destination: { host: 'details' } }])],
    asks: paths('/details/0'),
  },
  {
    title: 'full name of the host',
    http: [route(undefined, [to('details.default.svc.cluster.local')])],
    asks: paths('/details/0'),
  },
  {
    title: 'name with the namespace alone',
    http: [route(undefined, [to('details.default')])],
    asks: paths('/details/0'),
  },
  {
    title: 'host in another namespace',
    http: [route(undefined, [to('details.other.svc.cluster.local')])],
    asks: paths('/details/0'),
  },
  {
    title: 'weights',
    http: [
      route(undefined, [
        { ...reviews('v1'), weight: 80 },
        { ...reviews('v3'), weight: 20 },
      ]),
    ],
    asks: [ask('/reviews/0', {}, { times: 300 })],
  },
  {
    title: 'weights that are no hundred',
    http: [
      route(undefined, [
        { ...reviews('v1'), weight: 1 },
        { ...reviews('v2'), weight: 2 },
        { ...reviews('v3'), weight: 0 },
      ]),
    ],
    asks: [ask('/reviews/0', {}, { times: 300 })],
  },
  {
    title: 'no rule for the host: all pods',
    http: [route(undefined, [to('reviews')])],
    asks: [ask('/reviews/0', {}, { times: 300 })],
  },
  {
    title: 'forms of hosts and ports',
    http: [
      route({ uri: { prefix: '/1' } }, [to('details.default.svc')], { rewrite: { uri: '/details' } }),
      route({ uri: { prefix: '/2' } }, [to('DETAILS')], { rewrite: { uri: '/details' } }),
      route({ uri: { prefix: '/3' } }, [to('details.default.svc.cluster.local.')], { rewrite: { uri: '/details' } }),
      route({ uri: { prefix: '/4' } }, [to('*.default.svc.cluster.local')], { rewrite: { uri: '/details' } }),
      route({ uri: { prefix: '/5' } }, [{ destination: { host: 'kubernetes' } }], {}),
      route(
        { uri: { prefix: '/6' } },
        [{ destination: { host: 'istiod.istio-system.svc.cluster.local', port: { number: 15014 } } }],
        {},
      ),
      route({ uri: { prefix: '/7' } }, [{ destination: { host: 'istiod.istio-system.svc.cluster.local' } }], {}),
      route({ uri: { prefix: '/8' } }, [{ destination: { host: 'www.example.com' } }], {}),
      route(
        { uri: { prefix: '/version' } },
        [{ destination: { host: 'istiod.istio-system.svc.cluster.local', port: { number: 15014 } } }],
        {},
      ),
    ],
    asks: paths('/1/0', '/2/0', '/3/0', '/4/0', '/8'),
  },
  {
    title: 'weights that are single, or nothing',
    http: [
      route({ uri: { exact: '/reviews/1' } }, [{ ...reviews('v1'), weight: 0 }]),
      route({ uri: { exact: '/reviews/2' } }, [{ ...reviews('v2'), weight: 30 }]),
      route({ uri: { exact: '/reviews/3' } }, [
        { ...reviews('v1'), weight: 0 },
        { ...reviews('v3'), weight: 5 },
      ]),
      route({ uri: { exact: '/reviews/4' } }, [{ ...reviews('v1'), weight: 100 }, { ...reviews('v3') }]),
      route({ uri: { exact: '/reviews/5' } }, [
        { ...reviews('v9'), weight: 50 },
        { ...reviews('v3'), weight: 50 },
      ]),
      route({ uri: { exact: '/reviews/6' } }, [
        { ...reviews('v1'), weight: 1 },
        { ...reviews('v3'), weight: 1 },
      ]),
      route({ uri: { exact: '/reviews/7' } }, [
        { ...reviews('v1'), weight: 150 },
        { ...reviews('v3'), weight: 50 },
      ]),
    ],
    asks: [
      ...paths('/reviews/1', '/reviews/2', '/reviews/3', '/reviews/4'),
      ...['/reviews/5', '/reviews/6', '/reviews/7'].map((path) => ask(path, {}, { times: 200 })),
    ],
  },
  {
    title: 'subsets by other labels, and by none',
    http: [
      route({ uri: { exact: '/reviews/1' } }, [reviews('one')]),
      route({ uri: { exact: '/reviews/2' } }, [reviews('both')]),
      route({ uri: { exact: '/reviews/3' } }, [reviews('all')]),
      route({ uri: { exact: '/reviews/4' } }, [reviews('none')]),
    ],
    objects: [
      istio('DestinationRule', 'reviews', {
        host: 'reviews',
        subsets: [
          { name: 'one', labels: { app: 'reviews', version: 'v2' } },
          { name: 'both', labels: { version: 'v3' } },
          { name: 'both', labels: { version: 'v1' } },
          { name: 'all' },
          { name: 'none', labels: { version: 'v1', app: 'other' } },
        ],
      }),
    ],
    asks: [...paths('/reviews/1', '/reviews/2', '/reviews/4'), ask('/reviews/3', {}, { times: 150 })],
  },
  {
    title: 'several rules for one host',
    http: [
      route({ uri: { exact: '/reviews/1' } }, [reviews('v1')]),
      route({ uri: { exact: '/reviews/2' } }, [reviews('more')]),
      route({ uri: { exact: '/reviews/3' } }, [reviews('v3')]),
    ],
    objects: [
      istio('DestinationRule', 'conform-a', {
        host: 'reviews.default.svc.cluster.local',
        subsets: [{ name: 'more', labels: { version: 'v2' } }],
      }),
      istio('DestinationRule', 'conform-b', {
        host: 'reviews',
        subsets: [{ name: 'v1', labels: { version: 'v3' } }],
        exportTo: ['.'],
      }),
      istio('DestinationRule', 'conform-c', {
        host: '*.default.svc.cluster.local',
        subsets: [{ name: 'wide', labels: { version: 'v2' } }],
      }),
    ],
    asks: paths('/reviews/1', '/reviews/2', '/reviews/3'),
  },
  {
    title: 'balancers of all kinds',
    http: [route(undefined, [to('reviews')])],
    objects: [
      istio('DestinationRule', 'reviews', {
        host: 'reviews',
        trafficPolicy: { loadBalancer: { simple: 'ROUND_ROBIN' } },
      }),
    ],
    asks: [ask('/reviews/0', {}, { times: 150 })],
  },
  {
    title: 'balancer at random',
    http: [route(undefined, [to('reviews')])],
    objects: [
      istio('DestinationRule', 'reviews', { host: 'reviews', trafficPolicy: { loadBalancer: { simple: 'RANDOM' } } }),
    ],
    asks: [ask('/reviews/0', {}, { times: 200 })],
  },
  {
    title: 'balancer that passes through',
    http: [route(undefined, [to('reviews')])],
    objects: [
      istio('DestinationRule', 'reviews', {
        host: 'reviews',
        trafficPolicy: { loadBalancer: { simple: 'PASSTHROUGH' } },
      }),
    ],
    asks: paths('/reviews/0'),
  },
  {
    title: 'TLS to pods that speak none of it',
    http: [route({ uri: { prefix: '/ratings' } }, [to('ratings')]), route(undefined, [to('details')])],
    objects: [
      istio('DestinationRule', 'details', { host: 'details', trafficPolicy: { tls: { mode: 'SIMPLE' } } }),
      istio('DestinationRule', 'ratings', {
        host: 'ratings',
        trafficPolicy: {
          tls: { mode: 'SIMPLE' },
          portLevelSettings: [{ port: { number: 9080 }, tls: { mode: 'ISTIO_MUTUAL' } }],
        },
      }),
    ],
    asks: paths('/details/0', '/ratings/0'),
  },
  {
    title: 'plain text to pods that take nothing but TLS',
    http: [route({ uri: { prefix: '/ratings' } }, [to('ratings')]), route(undefined, [to('details')])],
    objects: [
      peerAuthentication('strict', { mtls: { mode: 'STRICT' } }),
      peerAuthentication('ratings', {
        selector: { matchLabels: { app: 'ratings' } },
        portLevelMtls: { 9080: { mode: 'DISABLE' } },
      }),
      istio('DestinationRule', 'details', { host: 'details', trafficPolicy: { tls: { mode: 'DISABLE' } } }),
    ],
    asks: paths('/details/0', '/ratings/0'),
  },
  {
    title: 'TLS to pods that take none of it, and what takes it by itself',
    http: [route({ uri: { prefix: '/ratings' } }, [to('ratings')]), route(undefined, [to('details')])],
    objects: [
      peerAuthentication('plain', { mtls: { mode: 'DISABLE' } }),
      istio('DestinationRule', 'details', { host: 'details', trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } } }),
      istio('DestinationRule', 'ratings', { host: 'ratings' }),
    ],
    asks: paths('/details/0', '/ratings/0'),
  },
  {
    title: 'a pool of one, for ten',
    http: [route(undefined, [reviews('v2')])],
    objects: [
      istio('DestinationRule', 'reviews', {
        host: 'reviews',
        trafficPolicy: { connectionPool: { http: { http2MaxRequests: 1 } } },
        subsets: [{ name: 'v2', labels: { version: 'v2' } }],
      }),
      istio('VirtualService', 'ratings', {
        hosts: ['ratings'],
        http: [
          {
            fault: { delay: { fixedDelay: '1s', percentage: { value: 100 } } },
            route: [to('ratings', { subset: 'v1' })],
          },
        ],
      }),
    ],
    asks: [ask('/reviews/0', {}, { times: 4 })],
  },
  {
    title: 'a pod that fails too often',
    http: [route(undefined, [to('productpage')])],
    objects: [
      istio('DestinationRule', 'productpage', {
        host: 'productpage',
        trafficPolicy: {
          outlierDetection: {
            consecutive5xxErrors: 2,
            interval: '1s',
            baseEjectionTime: '20s',
            maxEjectionPercent: 100,
          },
        },
      }),
      onReviews([{ fault: { abort: { httpStatus: 500, percentage: { value: 100 } } }, route: [reviews('v1')] }]),
    ],
    asks: [
      ...paths('/api/v1/products/0/reviews', '/api/v1/products/0/reviews', '/api/v1/products/0/reviews', '/health'),
    ],
  },
  {
    title: 'consistent hash by cookie',
    http: [route(undefined, [to('details')])],
    objects: [
      istio('DestinationRule', 'details', {
        host: 'details',
        trafficPolicy: { loadBalancer: { consistentHash: { httpCookie: { name: 'user', path: '/p', ttl: '60s' } } } },
      }),
    ],
    asks: [
      ...paths('/details/0'),
      ask('/details/0', { cookie: 'user=x' }),
      ask('/details/0', { cookie: 'other=x' }),
      ask('/details/0', { cookie: 'a=1; user=' }),
    ],
  },
  {
    title: 'consistent hash by cookie of the session',
    http: [route(undefined, [to('details')])],
    objects: [
      istio('DestinationRule', 'details', {
        host: 'details',
        trafficPolicy: { loadBalancer: { consistentHash: { httpCookie: { name: 'user', ttl: '0s' } } } },
      }),
    ],
    asks: [...paths('/details/0'), ask('/details/0', { cookie: 'user=x' })],
  },
  {
    title: 'consistent hash by cookie without a time',
    http: [route(undefined, [to('details')])],
    objects: [
      istio('DestinationRule', 'details', {
        host: 'details',
        trafficPolicy: { loadBalancer: { consistentHash: { httpCookie: { name: 'user' } } } },
      }),
    ],
    asks: paths('/details/0'),
  },
]
