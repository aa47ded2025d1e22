/** What a rule changes in requests and answers, and what it answers by itself. */
import { answer, ask, details, HOST, istio, onReviews, paths, reviews, route, type TrafficCase, to } from './case.ts'

export const edits: readonly TrafficCase[] = [
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
    title: 'rewrite of paths and queries',
    http: [
      route({ uri: { prefix: '/query' } }, details, { rewrite: { uri: '/details/0?x=1' } }),
      route({ uri: { regex: '/regex.*' } }, details, { rewrite: { uri: '/details/0' } }),
      route({ headers: { all: {} } }, details, { rewrite: { uri: '/details/0' } }),
      route({ uri: { prefix: '/case' }, ignoreUriCase: true }, details, { rewrite: { uri: '/details' } }),
      route({ uri: { prefix: '/long/' } }, details, { rewrite: { uri: '/details/0/' } }),
      route({ uri: { exact: '/authority' } }, details, { rewrite: { uri: '/details/0', authority: 'other.example' } }),
      route({ uri: { prefix: '/empty' } }, details, { rewrite: { uri: '/' } }),
    ],
    asks: [
      ...paths(
        '/query?y=2',
        '/query/z',
        '/regex/1',
        '/regexes?x',
        '/CASE/0',
        '/long/',
        '/long/x',
        '/authority',
        '/empty/details/0',
        '/emptydetails/0',
        '/empty',
      ),
      ask('/details', { all: '1' }),
      ask('/', { all: '1' }),
    ],
  },
  {
    title: 'rewrites by regular expression',
    http: [
      route({ uri: { prefix: '/a' } }, details, {
        rewrite: { uriRegexRewrite: { match: '/a/(\\d+)/.*', rewrite: '/details/\\1' } },
      }),
      route({ uri: { prefix: '/b' } }, details, { rewrite: { uriRegexRewrite: { match: 'b', rewrite: 'details' } } }),
      route({ uri: { prefix: '/c' } }, details, {
        rewrite: { uriRegexRewrite: { match: '^/c/(?P<id>[^/]+)', rewrite: '/details/\\1' } },
      }),
      route({ uri: { prefix: '/d' } }, details, { rewrite: { uriRegexRewrite: { match: 'x*', rewrite: '-' } } }),
      route({ uri: { prefix: '/e' } }, details, {
        rewrite: { uriRegexRewrite: { match: '/e', rewrite: '/details/\\0' } },
      }),
      route({ uri: { prefix: '/f' } }, details, {
        rewrite: { uriRegexRewrite: { match: '/(f)/(0)', rewrite: '/details/\\2' } },
      }),
    ],
    asks: paths('/a/0/x', '/a/x', '/b/0', '/b/0?b=b', '/c/0', '/c/0/1', '/d/0', '/e/0', '/f/0', '/f/1'),
  },
  {
    title: 'redirects of all kinds',
    http: [
      { match: [{ uri: { exact: '/uri' } }], redirect: { uri: '/new' } },
      { match: [{ uri: { exact: '/query' } }], redirect: { uri: '/new?x=1' } },
      { match: [{ uri: { exact: '/authority' } }], redirect: { authority: 'a.example' } },
      { match: [{ uri: { exact: '/authority-port' } }], redirect: { authority: 'a.example:81' } },
      { match: [{ uri: { exact: '/both-ports' } }], redirect: { authority: 'a.example:81', port: 82 } },
      { match: [{ uri: { exact: '/port' } }], redirect: { port: 82 } },
      { match: [{ uri: { exact: '/port-80' } }], redirect: { port: 80 } },
      { match: [{ uri: { exact: '/port-443' } }], redirect: { port: 443, scheme: 'https' } },
      { match: [{ uri: { exact: '/port-443-http' } }], redirect: { port: 443 } },
      { match: [{ uri: { exact: '/scheme' } }], redirect: { scheme: 'https' } },
      { match: [{ uri: { exact: '/same-scheme' } }], redirect: { scheme: 'http' } },
      { match: [{ uri: { exact: '/derived' } }], redirect: { uri: '/new', derivePort: 'FROM_REQUEST_PORT' } },
      { match: [{ uri: { exact: '/protocol' } }], redirect: { uri: '/new', derivePort: 'FROM_PROTOCOL_DEFAULT' } },
      { match: [{ uri: { exact: '/302' } }], redirect: { uri: '/new', redirectCode: 302 } },
      { match: [{ uri: { exact: '/303' } }], redirect: { uri: '/new', redirectCode: 303 } },
      { match: [{ uri: { exact: '/308' } }], redirect: { uri: '/new', redirectCode: 308 } },
      { match: [{ uri: { exact: '/absolute' } }], redirect: { uri: 'http://x.example/y' } },
      { match: [{ uri: { exact: '/relative' } }], redirect: { uri: 'new' } },
      { match: [{ uri: { prefix: '/prefix' } }], redirect: { uri: '%PREFIX()%/new' } },
      {
        match: [{ uri: { exact: '/headers' } }],
        redirect: { uri: '/new' },
        headers: { response: { set: { 'x-a': '1' }, add: { 'x-b': '2' } } },
      },
    ],
    asks: [
      ...[
        'uri',
        'uri?a=b',
        'query',
        'query?a=b',
        'authority?a=b',
        'authority-port',
        'both-ports',
        'port',
        'port-80',
        'port-443',
        'port-443-http',
        'scheme',
        'same-scheme',
        'derived',
        'protocol',
        '302',
        '303',
        '308',
        'absolute',
        'relative',
        'prefix/x',
        'headers',
      ].map((path) => ask(`/${path}`)),
      ask('/uri', {}, { method: 'POST', body: 'x' }),
      ask('/uri', {}, { method: 'HEAD' }),
      { raw: 'GET /scheme HTTP/1.1\r\nHost: HOST:80\r\nConnection: close\r\n\r\n' },
      { raw: 'GET /scheme HTTP/1.1\r\nHost: HOST:8080\r\nConnection: close\r\n\r\n' },
      { raw: 'GET /uri HTTP/1.1\r\nHost: HOST:8080\r\nConnection: close\r\n\r\n' },
      { raw: 'GET /port HTTP/1.1\r\nHost: HOST:8080\r\nConnection: close\r\n\r\n' },
      { raw: 'GET /derived HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n\r\n' },
    ],
  },
  {
    title: 'direct responses of all kinds',
    http: [
      { match: [{ uri: { exact: '/bytes' } }], directResponse: { status: 211, body: { bytes: 'aGVsbG8=' } } },
      {
        match: [{ uri: { exact: '/json' } }],
        directResponse: { status: 211, body: { string: '{"a":1}' } },
        headers: { response: { set: { 'content-type': 'application/json' } } },
      },
      { match: [{ uri: { exact: '/utf' } }], directResponse: { status: 211, body: { string: 'книга' } } },
      { match: [{ uri: { exact: '/empty' } }], directResponse: { status: 211, body: { string: '' } } },
      { match: [{ uri: { exact: '/created' } }], directResponse: { status: 201 } },
      { match: [{ uri: { exact: '/204' } }], directResponse: { status: 204, body: { string: 'x' } } },
      { match: [{ uri: { exact: '/304' } }], directResponse: { status: 304, body: { string: 'x' } } },
      { match: [{ uri: { exact: '/302' } }], directResponse: { status: 302 } },
      { match: [{ uri: { exact: '/503' } }], directResponse: { status: 503, body: { string: 'maintenance' } } },
      { match: [{ uri: { exact: '/599' } }], directResponse: { status: 599 } },
      { match: [{ uri: { exact: '/404' } }], directResponse: { status: 404, body: { string: '<h1>no</h1>' } } },
      { match: [{ uri: { exact: '/large' } }], directResponse: { status: 211, body: { string: 'x'.repeat(20_000) } } },
      {
        match: [{ uri: { exact: '/removed' } }],
        ...answer(211),
        headers: { response: { remove: ['content-type', 'server', 'date'] } },
      },
      { match: [{ uri: { exact: '/location' } }], ...answer(201), headers: { response: { set: { location: '/x' } } } },
    ],
    asks: [
      ...paths(
        '/bytes',
        '/json',
        '/utf',
        '/empty',
        '/created',
        '/204',
        '/304',
        '/302',
        '/503',
        '/599',
        '/404',
        '/large',
        '/removed',
        '/location',
      ),
      ask('/bytes', {}, { method: 'HEAD' }),
      ask('/bytes', {}, { method: 'POST', body: 'x'.repeat(1000) }),
      ...['/204', '/304', '/empty', '/503'].map((path) => ({
        raw: `GET ${path} HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n\r\n`,
      })),
    ],
  },
  {
    title: 'variables in headers of the response',
    http: [
      {
        ...answer(211),
        headers: {
          response: {
            set: {
              'x-req': '%REQ(x-in)%',
              'x-or': '%REQ(x-none?x-in)%',
              'x-mixed': 'a-%REQ(x-in)%-b',
              'x-none': '%REQ(x-none)%',
              'x-none-mixed': 'a%REQ(x-none)%b',
              'x-percent': '100%%',
              'x-protocol': '%PROTOCOL%',
              'x-code': '%RESPONSE_CODE%',
              'x-flags': '%RESPONSE_FLAGS%',
              'x-details': '%RESPONSE_CODE_DETAILS%',
              'x-path': '%REQ(:path)%',
              'x-method': '%REQ(:METHOD)%',
              'x-authority': '%REQ(:authority)%',
              'x-route': '%ROUTE_NAME%',
              'x-cluster': '%UPSTREAM_CLUSTER%',
              'x-upstream': '%UPSTREAM_HOST%',
              'x-remote': '%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%',
              'x-port': '%DOWNSTREAM_LOCAL_PORT%',
              'x-received': '%BYTES_RECEIVED%',
              'x-resp': '%RESP(content-type)%',
              'x-sni': '%REQUESTED_SERVER_NAME%',
              'x-year': '%START_TIME(%Y)%',
              'x-empty': '',
            },
          },
        },
      },
    ],
    asks: [ask('/p?q=1', { 'x-in': 'value' }), ask('/', {}, { method: 'POST', body: 'abc' })],
  },
  {
    title: 'variables in headers of an answer of a service',
    http: [
      {
        name: 'named',
        ...route({ uri: { prefix: '/details' } }, details, {
          headers: {
            response: {
              set: {
                'x-cluster': '%UPSTREAM_CLUSTER%',
                'x-route': '%ROUTE_NAME%',
                'x-upstream': '%UPSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%',
                'x-code': '%RESPONSE_CODE%',
                'x-details': '%RESPONSE_CODE_DETAILS%',
                'x-resp': '%RESP(content-type)%',
                'x-flags': '%RESPONSE_FLAGS%',
                'x-dest': '%UPSTREAM_HOST%',
              },
            },
          },
        }),
      },
    ],
    asks: paths('/details/0'),
  },
  ...[
    { title: 'a redirect that istiod cannot translate', rule: { redirect: { uri: '/x', redirectCode: 300 } } },
    {
      title: 'a variable that Envoy does not know',
      rule: { ...answer(211), headers: { response: { set: { 'x-a': '%UNKNOWN%' } } } },
    },
    {
      title: 'a query without a name',
      rule: { match: [{ queryParams: { '': { exact: '1' } } }], ...answer(211) },
    },
  ].map(
    ({ title, rule }): TrafficCase => ({
      title: `${title}: the rules stay as they were`,
      objects: [
        istio('VirtualService', 'conform', { hosts: [HOST], gateways: ['bookinfo-gateway'], http: [rule] }),
        istio('VirtualService', 'conform-other', {
          hosts: ['other.example'],
          gateways: ['bookinfo-gateway'],
          http: [answer(212)],
        }),
      ],
      asks: [...paths('/', '/productpage'), ask('/', { host: 'other.example' })],
    }),
  ),
  {
    title: 'headers at several places',
    http: [
      route(
        { uri: { exact: '/details/0' } },
        [{ ...to('details'), headers: { response: { set: { a: 'd', b: 'd' }, add: { c: 'd' }, remove: ['x-none'] } } }],
        {
          headers: { response: { set: { a: 'r' }, add: { c: 'r', 'content-type': 'text/x' }, remove: ['b', 'd'] } },
        },
      ),
      route(
        { uri: { exact: '/details/1' } },
        [
          { ...to('details'), weight: 50, headers: { response: { set: { a: 'd', b: 'd' }, add: { c: 'd' } } } },
          { ...to('details'), weight: 50, headers: { response: { set: { a: 'd', b: 'd' }, add: { c: 'd' } } } },
        ],
        { headers: { response: { set: { a: 'r' }, add: { c: 'r' }, remove: ['b'] } } },
      ),
      route({ uri: { exact: '/details/2' } }, details, {
        headers: { response: { add: { 'x-a': '1' }, set: { 'x-a': '2' } } },
      }),
      route({ uri: { exact: '/details/3' } }, details, {
        headers: { response: { remove: ['server', 'date', 'content-length', 'x-envoy-upstream-service-time'] } },
      }),
      route({ uri: { exact: '/details/4' } }, details, {
        headers: { response: { set: { server: 'mine', 'content-type': 'text/plain', 'X-Large': 'y' } } },
      }),
    ],
    asks: paths('/details/0', '/details/1', '/details/2', '/details/3', '/details/4'),
  },
  {
    title: 'headers of the request decide at the next hop',
    http: [
      route({ uri: { exact: '/api/v1/products/0/reviews' } }, [to('productpage')], {
        headers: {
          request: { set: { 'user-agent': 'conform-%REQ(x-in)%' }, add: { 'x-b3-flags': '1' }, remove: ['x-gone'] },
        },
      }),
    ],
    objects: [
      onReviews([
        { match: [{ headers: { 'user-agent': { exact: 'conform-a' } } }], route: [reviews('v1')] },
        { match: [{ headers: { 'user-agent': { exact: 'conform-' } } }], route: [reviews('v2')] },
        { route: [reviews('v3')] },
      ]),
    ],
    asks: [
      ask('/api/v1/products/0/reviews', { 'x-in': 'a' }),
      ask('/api/v1/products/0/reviews'),
      ask('/api/v1/products/0/reviews', { 'x-in': 'b' }),
    ],
  },
]
