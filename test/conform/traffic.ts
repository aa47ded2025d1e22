/**
 * Routing rules, and the requests that tell what they do. Each case's rules are those of a VirtualService for a host of
 * this test's own on the lesson's gateway, or of one for reviews; answers are compared by status, body and headers,
 * and by their shares where they are many.
 */

export interface Ask {
  path?: string
  method?: string
  headers?: Readonly<Record<string, string>>
  /** How often, where the answer is a matter of chance. */
  times?: number
}

export interface TrafficCase {
  title: string
  /** `spec.http` of the VirtualService on the gateway. */
  http?: unknown
  /** More objects to apply. */
  objects?: readonly object[]
  asks: readonly Ask[]
}

export const HOST = 'conform.example'

const to = (host: string, more: object = {}) => ({ destination: { host, port: { number: 9080 }, ...more } })
const details = [to('details')]
const reviews = (subset: string) => to('reviews', { subset })
const route = (match: object | object[] | undefined, target: unknown = details, more: object = {}) => ({
  ...(match ? { match: Array.isArray(match) ? match : [match] } : {}),
  route: target,
  ...more,
})
const answer = (status: number, text = String(status)) => ({ directResponse: { status, body: { string: text } } })
const ask = (path: string, headers: Record<string, string> = {}, more: Partial<Ask> = {}): Ask => ({
  path,
  headers,
  ...more,
})
const paths = (...all: string[]) => all.map((path) => ask(path))
const matched = (match: object | object[]) => [
  { match: Array.isArray(match) ? match : [match], ...answer(201, 'matched') },
  answer(202, 'not'),
]

const istio = (kind: string, name: string, spec: object) => ({
  apiVersion: 'networking.istio.io/v1beta1',
  kind,
  metadata: { name },
  spec,
})

const onReviews = (http: unknown) => istio('VirtualService', 'reviews', { hosts: ['reviews'], http })
const many = (headers: Record<string, string> = {}) => [ask('/api/v1/products/0/reviews', headers, { times: 150 })]
const productpage = [route(undefined, [to('productpage')])]

export const trafficCases: readonly TrafficCase[] = [
  {
    title: 'exact path',
    http: matched({ uri: { exact: '/a' } }),
    asks: paths('/a', '/a/', '/A', '/a?b=c', '/a%2Fb', '//a', '/a/../a'),
  },
  {
    title: 'prefix of the path',
    http: matched({ uri: { prefix: '/a' } }),
    asks: paths('/a', '/a/', '/ab', '/b', '/A', '/'),
  },
  {
    title: 'prefix with a slash at its end',
    http: matched({ uri: { prefix: '/a/' } }),
    asks: paths('/a', '/a/', '/a/b', '/ab'),
  },
  {
    title: 'regular expression for the path',
    http: matched({ uri: { regex: '/a[0-9]+' } }),
    asks: paths('/a1', '/a12', '/a1b', '/xa1', '/a', '/a1?q=1'),
  },
  {
    title: 'path in any case',
    http: matched({ uri: { exact: '/Ab' }, ignoreUriCase: true }),
    asks: paths('/ab', '/AB', '/aB', '/abc'),
  },
  {
    title: 'prefix in any case',
    http: matched({ uri: { prefix: '/Ab' }, ignoreUriCase: true }),
    asks: paths('/abc', '/AB/c', '/b'),
  },
  {
    title: 'method',
    http: matched({ method: { exact: 'POST' } }),
    asks: [ask('/', {}, { method: 'POST' }), ask('/', {}, { method: 'GET' }), ask('/', {}, { method: 'PUT' })],
  },
  {
    title: 'method by regular expression',
    http: matched({ method: { regex: 'P.*' } }),
    asks: [ask('/', {}, { method: 'POST' }), ask('/', {}, { method: 'GET' })],
  },
  { title: 'authority', http: matched({ authority: { prefix: 'conform' } }), asks: paths('/') },
  { title: 'scheme', http: matched({ scheme: { exact: 'http' } }), asks: paths('/') },
  { title: 'another scheme', http: matched({ scheme: { exact: 'https' } }), asks: paths('/') },
  { title: 'port of the gateway', http: matched({ port: 8080 }), asks: paths('/') },
  { title: 'another port', http: matched({ port: 80 }), asks: paths('/') },
  {
    title: 'header, exact',
    http: matched({ headers: { who: { exact: 'me' } } }),
    asks: [ask('/', { who: 'me' }), ask('/', { who: 'Me' }), ask('/', { WHO: 'me' }), ask('/')],
  },
  {
    title: 'header, prefix',
    http: matched({ headers: { who: { prefix: 'm' } } }),
    asks: [ask('/', { who: 'me' }), ask('/', { who: 'em' })],
  },
  {
    title: 'header, regular expression matches whole',
    http: matched({ headers: { who: { regex: 'm.?' } } }),
    asks: [ask('/', { who: 'me' }), ask('/', { who: 'mee' }), ask('/', { who: 'm' })],
  },
  {
    title: 'header that is there',
    http: matched({ headers: { who: {} } }),
    asks: [ask('/', { who: 'me' }), ask('/', { who: '' }), ask('/')],
  },
  {
    title: 'two headers',
    http: matched({ headers: { a: { exact: '1' }, b: { exact: '2' } } }),
    asks: [ask('/', { a: '1', b: '2' }), ask('/', { a: '1' }), ask('/', { b: '2' })],
  },
  {
    title: 'without a header',
    http: matched({ withoutHeaders: { who: { exact: 'me' } } }),
    asks: [ask('/', { who: 'me' }), ask('/', { who: 'you' }), ask('/')],
  },
  {
    title: 'without any such header',
    http: matched({ withoutHeaders: { who: {} } }),
    asks: [ask('/', { who: 'me' }), ask('/')],
  },
  {
    title: 'query',
    http: matched({ queryParams: { q: { exact: '1' } } }),
    asks: paths('/?q=1', '/?q=2', '/?p=1&q=1', '/', '/?q', '/?q=1&q=2'),
  },
  {
    title: 'query, regular expression',
    http: matched({ queryParams: { q: { regex: '[0-9]+' } } }),
    asks: paths('/?q=12', '/?q=1a', '/?q='),
  },
  {
    title: 'query that is there',
    http: matched({ queryParams: { q: { exact: '' } } }),
    asks: paths('/?q=1', '/?q', '/?q=', '/'),
  },
  {
    title: 'all of one match',
    http: matched({ uri: { prefix: '/a' }, headers: { who: { exact: 'me' } }, method: { exact: 'GET' } }),
    asks: [ask('/a', { who: 'me' }), ask('/b', { who: 'me' }), ask('/a')],
  },
  {
    title: 'any of several matches',
    http: matched([{ uri: { exact: '/a' } }, { headers: { who: { exact: 'me' } } }]),
    asks: [ask('/a'), ask('/b', { who: 'me' }), ask('/b')],
  },
  {
    title: 'the first that matches',
    http: [
      { match: [{ uri: { prefix: '/a' } }], ...answer(201) },
      { match: [{ uri: { exact: '/ab' } }], ...answer(202) },
      answer(203),
    ],
    asks: paths('/ab', '/a', '/c'),
  },
  { title: 'no route', http: [{ match: [{ uri: { exact: '/a' } }], ...answer(201) }], asks: paths('/b', '/') },
  {
    title: 'a route that never matches again',
    http: [answer(201), { match: [{ uri: { exact: '/a' } }], ...answer(202) }],
    asks: paths('/a'),
  },
  {
    title: 'rewrite of a prefix',
    http: [route({ uri: { prefix: '/shop' } }, details, { rewrite: { uri: '/details' } })],
    asks: paths('/shop/0', '/shop', '/shopping/0', '/shop/0?a=b'),
  },
  {
    title: 'rewrite of a prefix with a slash',
    http: [route({ uri: { prefix: '/shop/' } }, details, { rewrite: { uri: '/details/' } })],
    asks: paths('/shop/0', '/shop/'),
  },
  {
    title: 'rewrite to the root',
    http: [route({ uri: { prefix: '/shop' } }, details, { rewrite: { uri: '/' } })],
    asks: paths('/shop/details/0', '/shop'),
  },
  {
    title: 'rewrite of an exact path',
    http: [route({ uri: { exact: '/one' } }, details, { rewrite: { uri: '/details/0' } })],
    asks: paths('/one', '/one/'),
  },
  {
    title: 'rewrite by regular expression',
    http: [
      route({ uri: { prefix: '/x' } }, details, {
        rewrite: { uriRegexRewrite: { match: '^/x/([0-9]+)$', rewrite: '/details/\\1' } },
      }),
    ],
    asks: paths('/x/0', '/x/0a'),
  },
  {
    title: 'redirect',
    http: [{ redirect: { uri: '/new', authority: 'other.example' } }],
    asks: paths('/old', '/old?a=b'),
  },
  { title: 'redirect with a code', http: [{ redirect: { uri: '/new', redirectCode: 307 } }], asks: paths('/old') },
  {
    title: 'redirect to a scheme and port',
    http: [{ redirect: { scheme: 'https', port: 8443 } }],
    asks: paths('/old/x?y=1'),
  },
  {
    title: 'redirect of a prefix',
    http: [{ match: [{ uri: { prefix: '/a' } }], redirect: { uri: '/b' } }],
    asks: paths('/a', '/a/c'),
  },
  { title: 'direct response without a body', http: [{ directResponse: { status: 204 } }], asks: paths('/') },
  {
    title: 'direct response with headers',
    http: [{ ...answer(418, 'teapot'), headers: { response: { set: { 'x-a': 'b', 'content-type': 'text/html' } } } }],
    asks: paths('/'),
  },
  {
    title: 'headers of the response',
    http: [
      route({ uri: { prefix: '/details' } }, details, {
        headers: { response: { set: { 'x-set': '1' }, add: { 'x-add': '2' }, remove: ['content-type'] } },
      }),
    ],
    asks: paths('/details/0'),
  },
  {
    title: 'headers at the destination',
    http: [
      route({ uri: { prefix: '/details' } }, [{ ...to('details'), headers: { response: { set: { 'x-set': 'd' } } } }], {
        headers: { response: { set: { 'x-set': 'r' } } },
      }),
    ],
    asks: paths('/details/0'),
  },
  {
    title: 'abort',
    http: [route(undefined, details, { fault: { abort: { httpStatus: 418, percentage: { value: 100 } } } })],
    asks: paths('/details/0'),
  },
  {
    title: 'abort of half',
    http: [route(undefined, details, { fault: { abort: { httpStatus: 418, percentage: { value: 50 } } } })],
    asks: [ask('/details/0', {}, { times: 200 })],
  },
  {
    title: 'abort of nothing',
    http: [route(undefined, details, { fault: { abort: { httpStatus: 418, percentage: { value: 0 } } } })],
    asks: [ask('/details/0', {}, { times: 20 })],
  },
  {
    title: 'timeout behind a delay of the same route',
    http: [
      route(undefined, details, {
        timeout: '0.2s',
        fault: { delay: { fixedDelay: '0.5s', percentage: { value: 100 } } },
      }),
    ],
    asks: paths('/details/0'),
  },
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
    title: 'mirror does not answer',
    http: [route(undefined, details, { mirror: { host: 'reviews' }, mirrorPercentage: { value: 100 } })],
    asks: paths('/details/0'),
  },
  {
    title: 'cors preflight',
    http: [
      route(undefined, details, {
        corsPolicy: {
          allowOrigins: [{ exact: 'http://a.example' }],
          allowMethods: ['GET', 'PUT'],
          allowHeaders: ['x-a'],
          maxAge: '1h',
        },
      }),
    ],
    asks: [
      ask('/details/0', { origin: 'http://a.example', 'access-control-request-method': 'PUT' }, { method: 'OPTIONS' }),
      ask('/details/0', { origin: 'http://b.example', 'access-control-request-method': 'PUT' }, { method: 'OPTIONS' }),
      ask('/details/0', { origin: 'http://a.example' }),
    ],
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
]
