/** Rules that sidecars follow, seen through the page. */
import { ask, istio, many, onReviews, productpage, reviews, route, type TrafficCase, to } from './case.ts'

/** Over the pods of details. */
const service = (name: string, annotations: object) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, annotations },
  spec: { selector: { app: 'details' }, ports: [{ name: 'http', port: 9080 }] },
})

export const sidecars: readonly TrafficCase[] = [
  {
    title: 'consistent hash by header',
    http: [route(undefined, [to('ratings')])],
    objects: [
      istio('DestinationRule', 'conform', {
        host: 'reviews',
        trafficPolicy: { loadBalancer: { consistentHash: { httpHeaderName: 'x-user' } } },
      }),
    ],
    asks: [ask('/ratings/0')],
  },
  {
    title: 'reviews for one user',
    http: productpage,
    objects: [
      onReviews([
        { match: [{ headers: { 'end-user': { exact: 'jason' } } }], route: [reviews('v2')] },
        { route: [reviews('v1')] },
      ]),
    ],
    asks: many(),
  },
  {
    title: "reviews by the caller's labels",
    http: productpage,
    objects: [
      onReviews([
        { match: [{ sourceLabels: { app: 'productpage' } }], route: [reviews('v3')] },
        { route: [reviews('v1')] },
      ]),
    ],
    asks: many(),
  },
  {
    title: 'reviews by other labels of the caller',
    http: productpage,
    objects: [
      onReviews([{ match: [{ sourceLabels: { app: 'other' } }], route: [reviews('v3')] }, { route: [reviews('v1')] }]),
    ],
    asks: many(),
  },
  {
    title: "reviews by the caller's namespace",
    http: productpage,
    objects: [
      onReviews([{ match: [{ sourceNamespace: 'default' }], route: [reviews('v2')] }, { route: [reviews('v1')] }]),
    ],
    asks: many(),
  },
  {
    title: 'reviews for the gateway alone',
    http: productpage,
    objects: [
      onReviews([{ match: [{ gateways: ['bookinfo-gateway'] }], route: [reviews('v2')] }, { route: [reviews('v1')] }]),
    ],
    asks: many(),
  },
  {
    title: 'reviews aborted with 500 for half',
    http: productpage,
    objects: [
      onReviews([{ fault: { abort: { httpStatus: 500, percentage: { value: 50 } } }, route: [reviews('v1')] }]),
    ],
    asks: [ask('/api/v1/products/0/reviews', {}, { times: 300 })],
  },
  {
    title: 'reviews aborted with 503 for half',
    http: productpage,
    objects: [
      onReviews([{ fault: { abort: { httpStatus: 503, percentage: { value: 50 } } }, route: [reviews('v1')] }]),
    ],
    asks: [ask('/api/v1/products/0/reviews', {}, { times: 300 })],
  },
  {
    title: 'reviews split in three',
    http: productpage,
    objects: [
      onReviews([
        {
          route: [
            { ...reviews('v1'), weight: 50 },
            { ...reviews('v2'), weight: 30 },
            { ...reviews('v3'), weight: 20 },
          ],
        },
      ]),
    ],
    asks: [ask('/api/v1/products/0/reviews', {}, { times: 300 })],
  },
  {
    title: 'reviews too late',
    http: productpage,
    objects: [
      onReviews([{ fault: { delay: { fixedDelay: '4s', percentage: { value: 100 } } }, route: [reviews('v1')] }]),
    ],
    asks: [ask('/api/v1/products/0/reviews')],
  },
  {
    title: 'reviews without a route that matches',
    http: productpage,
    objects: [onReviews([{ match: [{ uri: { exact: '/nothing' } }], route: [reviews('v1')] }])],
    asks: [ask('/api/v1/products/0/reviews')],
  },
  {
    title: 'reviews by method, path and authority in the mesh',
    http: productpage,
    objects: [
      onReviews([
        {
          match: [
            {
              uri: { exact: '/reviews/0' },
              method: { exact: 'GET' },
              authority: { exact: 'reviews:9080' },
              port: 9080,
            },
          ],
          route: [reviews('v2')],
        },
        { route: [reviews('v1')] },
      ]),
    ],
    asks: many(),
  },
  {
    title: 'reviews by gateways of the mesh',
    http: productpage,
    objects: [onReviews([{ match: [{ gateways: ['mesh'] }], route: [reviews('v2')] }, { route: [reviews('v1')] }])],
    asks: many(),
  },
  {
    title: 'reviews by another port',
    http: productpage,
    objects: [onReviews([{ match: [{ port: 80 }], route: [reviews('v2')] }, { route: [reviews('v1')] }])],
    asks: many(),
  },
  {
    title: 'reviews by headers that travel',
    http: productpage,
    objects: [
      onReviews([
        { match: [{ headers: { 'user-agent': { regex: '.*Firefox.*' } } }], route: [reviews('v2')] },
        { match: [{ headers: { cookie: { regex: '.*beta=1.*' } } }], route: [reviews('v3')] },
        { match: [{ headers: { 'x-own': {} } }], route: [reviews('v3')] },
        { match: [{ headers: { authorization: { prefix: 'Bearer' } } }], route: [reviews('v2')] },
        { route: [reviews('v1')] },
      ]),
    ],
    asks: [
      ask('/api/v1/products/0/reviews', { 'user-agent': 'a Firefox b' }),
      ask('/api/v1/products/0/reviews', { cookie: 'beta=1' }),
      ask('/api/v1/products/0/reviews', { 'x-own': '1' }),
      ask('/api/v1/products/0/reviews', { authorization: 'Bearer x' }),
      ask('/api/v1/products/0/reviews'),
    ],
  },
  {
    title: 'headers that the mesh adds',
    http: productpage,
    objects: [
      onReviews([
        {
          match: [{ headers: { 'x-forwarded-proto': { exact: 'http' } }, withoutHeaders: { 'x-forwarded-for': {} } }],
          route: [reviews('v2')],
        },
        { match: [{ headers: { 'x-forwarded-for': {} } }], route: [reviews('v3')] },
        { route: [reviews('v1')] },
      ]),
    ],
    asks: [ask('/api/v1/products/0/reviews')],
  },
  {
    title: 'traces that travel',
    http: productpage,
    objects: [
      onReviews([
        {
          match: [{ headers: { 'x-b3-traceid': { exact: '463ac35c9f6413ad48485a3953bb6124' } } }],
          route: [reviews('v2')],
        },
        { match: [{ headers: { 'x-request-id': { exact: 'mine' } } }], route: [reviews('v3')] },
        { match: [{ headers: { 'x-b3-traceid': {} } }], route: [reviews('v1')] },
        { route: [{ ...reviews('v1'), headers: { response: { set: { 'x-none': '1' } } } }] },
      ]),
    ],
    asks: [
      ask('/api/v1/products/0/reviews', { 'x-b3-traceid': '463ac35c9f6413ad48485a3953bb6124' }),
      ask('/api/v1/products/0/reviews', { 'x-request-id': 'mine' }),
    ],
  },
  {
    title: 'two rules for reviews in the mesh',
    http: productpage,
    objects: [
      onReviews([{ match: [{ headers: { 'user-agent': { exact: 'x' } } }], route: [reviews('v2')] }]),
      istio('VirtualService', 'conform-second', { hosts: ['reviews'], http: [{ route: [reviews('v3')] }] }),
    ],
    asks: [ask('/api/v1/products/0/reviews'), ask('/api/v1/products/0/reviews', { 'user-agent': 'x' })],
  },
  {
    title: 'reviews by a host with a wildcard',
    http: productpage,
    objects: [
      istio('VirtualService', 'conform-wide', {
        hosts: ['*.default.svc.cluster.local'],
        http: [{ fault: { abort: { httpStatus: 418, percentage: { value: 100 } } }, route: [to('reviews')] }],
      }),
    ],
    asks: [ask('/api/v1/products/0/reviews'), ask('/api/v1/products/0/ratings')],
  },
  {
    title: 'reviews redirected and answered in the mesh',
    http: productpage,
    objects: [onReviews([{ directResponse: { status: 200, body: { string: '{"reviews":[]}' } } }])],
    asks: [ask('/api/v1/products/0/reviews')],
  },
  {
    title: 'reviews answered with another status',
    http: productpage,
    objects: [onReviews([{ directResponse: { status: 404, body: { string: 'x' } } }])],
    asks: [ask('/api/v1/products/0/reviews'), ask('/productpage')],
  },
  {
    title: 'reviews at a subset nobody defined',
    http: productpage,
    objects: [onReviews([{ route: [reviews('v9')] }])],
    asks: [ask('/api/v1/products/0/reviews')],
  },
  {
    title: 'reviews sent to details',
    http: productpage,
    objects: [onReviews([{ route: [to('details')], rewrite: { uri: '/details/0' } }])],
    asks: [ask('/api/v1/products/0/reviews')],
  },
  {
    title: 'reviews with a timeout behind slow ratings',
    http: productpage,
    objects: [
      onReviews([{ route: [reviews('v2')], timeout: '0.5s' }]),
      istio('VirtualService', 'ratings', {
        hosts: ['ratings'],
        http: [
          {
            fault: { delay: { fixedDelay: '2s', percentage: { value: 100 } } },
            route: [to('ratings', { subset: 'v1' })],
          },
        ],
      }),
    ],
    asks: [ask('/api/v1/products/0/reviews')],
  },
  {
    title: 'ratings aborted, seen in reviews',
    http: productpage,
    objects: [
      onReviews([{ route: [reviews('v3')] }]),
      istio('VirtualService', 'ratings', {
        hosts: ['ratings'],
        http: [
          {
            fault: { abort: { httpStatus: 500, percentage: { value: 100 } } },
            route: [to('ratings', { subset: 'v1' })],
          },
        ],
      }),
    ],
    asks: [ask('/api/v1/products/0/reviews'), ask('/api/v1/products/0/ratings')],
  },
  {
    title: 'ratings too slow for v3',
    http: productpage,
    objects: [
      onReviews([{ route: [reviews('v3')] }]),
      istio('VirtualService', 'ratings', {
        hosts: ['ratings'],
        http: [
          {
            fault: { delay: { fixedDelay: '2.7s', percentage: { value: 100 } } },
            route: [to('ratings', { subset: 'v1' })],
          },
        ],
      }),
    ],
    asks: [ask('/api/v1/products/0/reviews')],
  },
  {
    title: 'a destination rule for some workloads alone',
    http: [
      route({ uri: { prefix: '/ratings' } }, [to('ratings', { subset: 'picked' })]),
      route({ uri: { prefix: '/health' } }, [to('ratings', { subset: 'v1' })]),
      ...productpage,
    ],
    objects: [
      istio('DestinationRule', 'for-productpage', {
        host: 'reviews',
        workloadSelector: { matchLabels: { app: 'productpage' } },
        subsets: [
          { name: 'v1', labels: { version: 'v2' } },
          { name: 'picked', labels: { version: 'v3' } },
        ],
      }),
      {
        ...istio('DestinationRule', 'for-gateway', {
          host: 'ratings.default.svc.cluster.local',
          workloadSelector: { matchLabels: { istio: 'ingressgateway' } },
          subsets: [{ name: 'picked', labels: { version: 'v1' } }],
        }),
        metadata: { name: 'for-gateway', namespace: 'istio-system' },
      },
      onReviews([
        route({ headers: { 'user-agent': { exact: 'picked' } } }, [reviews('picked')]),
        route({ headers: { 'user-agent': { exact: 'v3' } } }, [reviews('v3')]),
        route(undefined, [reviews('v1')]),
      ]),
    ],
    asks: [
      ask('/ratings/0'),
      ask('/health'),
      ...['', 'picked', 'v3'].map((agent) => ask('/api/v1/products/0/reviews', { 'user-agent': agent })),
    ],
  },
  {
    title: 'a service that some are not told of, and another name of one',
    http: [
      route({ uri: { prefix: '/details/1' } }, [to('hidden')]),
      route({ uri: { prefix: '/details/2' } }, [to('shown')]),
      route({ uri: { prefix: '/details/3' } }, [to('alias')]),
      ...productpage,
    ],
    objects: [
      service('hidden', { 'networking.istio.io/exportTo': '.' }),
      service('shown', { 'networking.istio.io/exportTo': 'istio-system' }),
      {
        ...service('alias', {}),
        spec: {
          type: 'ExternalName',
          externalName: 'details.default.svc.cluster.local',
          ports: [{ name: 'http', port: 9080 }],
        },
      },
      onReviews([route(undefined, [to('alias')])]),
    ],
    asks: [...['/details/1', '/details/2', '/details/3', '/api/v1/products/0/reviews'].map((path) => ask(path))],
  },
  {
    title: 'details of other numbers',
    http: productpage,
    asks: [
      ...[
        '/api/v1/products',
        '/api/v1/products/',
        '/api/v1/products/0',
        '/api/v1/products/1',
        '/api/v1/products/-1',
        '/api/v1/products/x',
        '/api/v1/products/0/',
        '/api/v1/products/7/reviews',
        '/api/v1/products/7/ratings',
        '/api/v1/products/x/reviews',
        '/health',
        '/',
        '/login',
        '/logout',
        '/static/x',
        '/metrics2',
        '/productpage/',
        '//productpage',
        '/api/v1/products/0x1',
        '/api/v1/products/%30',
        '/api/v1/products/00',
        '/api/v1/products/+1',
        '/api/v1/products/99999999999999999999',
      ].map((path) => ask(path)),
      ask('/productpage', {}, { method: 'POST' }),
      ask('/productpage', {}, { method: 'HEAD' }),
      ask('/logout', { referer: 'http://x.example/y' }),
      ask('/login', { referer: 'http://x.example/y' }, { method: 'GET' }),
      ask('/api/v1/products', {}, { method: 'PUT' }),
      ask('/health', {}, { method: 'OPTIONS' }),
    ],
  },
]
