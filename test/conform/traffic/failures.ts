/** Faults, timeouts, retries, mirrors and the questions of other sites. */
import { answer, ask, details, istio, paths, route, type TrafficCase, to } from './case.ts'

const aborted = {
  fault: { abort: { httpStatus: 418, percentage: { value: 100 } } },
  headers: { response: { set: { 'x-by': 'rule' } } },
}

export const failures: readonly TrafficCase[] = [
  {
    title: 'abort',
    http: [route(undefined, details, { fault: { abort: { httpStatus: 418, percentage: { value: 100 } } } })],
    asks: paths('/details/0'),
  },
  {
    // Only a delegate may answer by itself where its root aborts: in one rule istiod refuses both.
    title: 'abort in front of rules that answer by themselves',
    objects: [
      istio('VirtualService', 'conform-aborted', {
        http: [
          { match: [{ uri: { prefix: '/in/say' } }], ...answer(200) },
          { match: [{ uri: { prefix: '/in/go' } }], redirect: { uri: '/x' } },
          route({ uri: { prefix: '/in/details' } }, details, { rewrite: { uri: '/details/0' } }),
        ],
      }),
    ],
    http: [{ match: [{ uri: { prefix: '/in' } }], delegate: { name: 'conform-aborted' }, ...aborted }],
    asks: paths('/in/say', '/in/go', '/in/details'),
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
    title: 'faults of all kinds',
    http: [
      route({ uri: { exact: '/503' } }, details, { fault: { abort: { httpStatus: 503, percentage: { value: 100 } } } }),
      route({ uri: { exact: '/200' } }, details, { fault: { abort: { httpStatus: 200, percentage: { value: 100 } } } }),
      route({ uri: { exact: '/grpc' } }, details, {
        fault: { abort: { grpcStatus: 'UNAVAILABLE', percentage: { value: 100 } } },
      }),
      route({ uri: { exact: '/grpc-ok' } }, details, {
        fault: { abort: { grpcStatus: 'OK', percentage: { value: 100 } } },
      }),
      route({ uri: { exact: '/no-share' } }, details, {
        fault: { abort: { httpStatus: 503 } },
        rewrite: { uri: '/details/0' },
      }),
      route({ uri: { exact: '/delay' } }, details, {
        fault: { delay: { fixedDelay: '0.3s', percentage: { value: 100 } } },
        rewrite: { uri: '/details/0' },
      }),
      route({ uri: { exact: '/delay-percent' } }, details, {
        fault: { delay: { fixedDelay: '0.3s', percent: 100 } },
        rewrite: { uri: '/details/0' },
      }),
      route({ uri: { exact: '/both' } }, details, {
        fault: {
          delay: { fixedDelay: '0.3s', percentage: { value: 100 } },
          abort: { httpStatus: 418, percentage: { value: 100 } },
        },
      }),
      route({ uri: { exact: '/headers' } }, details, {
        fault: { abort: { httpStatus: 418, percentage: { value: 100 } } },
        headers: { response: { set: { 'x-a': '1' } } },
      }),
      route({ uri: { exact: '/204' } }, details, { fault: { abort: { httpStatus: 204, percentage: { value: 100 } } } }),
      route({ uri: { exact: '/301' } }, details, { fault: { abort: { httpStatus: 301, percentage: { value: 100 } } } }),
      route({ uri: { exact: '/nowhere' } }, [to('nowhere')], {
        fault: { abort: { httpStatus: 418, percentage: { value: 100 } } },
      }),
      route({ uri: { exact: '/retried' } }, details, {
        fault: { abort: { httpStatus: 503, percentage: { value: 100 } } },
        retries: { attempts: 3, retryOn: '5xx' },
      }),
    ],
    asks: [
      ...paths(
        '/503',
        '/200',
        '/grpc',
        '/grpc-ok',
        '/no-share',
        '/delay',
        '/delay-percent',
        '/both',
        '/headers',
        '/204',
        '/301',
        '/nowhere',
        '/retried',
      ),
      ask('/503', {}, { method: 'HEAD' }),
      ask('/grpc', { 'content-type': 'application/grpc' }, { method: 'POST' }),
      ask('/503', { 'x-envoy-fault-abort-request': '500' }),
      ask('/no-share', { 'x-envoy-fault-abort-request': '500' }),
    ],
  },
  {
    title: 'answers before the request is there as a whole',
    http: [
      route({ uri: { exact: '/abort' } }, details, {
        fault: { abort: { httpStatus: 418, percentage: { value: 100 } } },
      }),
      { match: [{ uri: { exact: '/400' } }], ...answer(400) },
      answer(211),
    ],
    asks: [
      ...['/abort', '/'].map((path) => ({ raw: `POST ${path} HTTP/1.1\r\nHost: HOST\r\nContent-Length: 1\r\n\r\nx` })),
      { raw: 'GET /400 HTTP/1.1\r\nHost: HOST\r\n\r\n' },
      ask('/abort', { 'content-type': 'application/grpc' }, { method: 'POST', body: 'x' }),
    ],
  },
  {
    title: 'shares of faults',
    http: [
      route({ uri: { exact: '/ten' } }, details, {
        fault: { abort: { httpStatus: 418, percentage: { value: 10 } } },
        rewrite: { uri: '/details/0' },
      }),
      route({ uri: { exact: '/tiny' } }, details, {
        fault: { abort: { httpStatus: 418, percentage: { value: 0.001 } } },
        rewrite: { uri: '/details/0' },
      }),
      route({ uri: { exact: '/ninety' } }, details, {
        fault: { abort: { httpStatus: 418, percentage: { value: 90 } } },
        rewrite: { uri: '/details/0' },
      }),
    ],
    asks: [ask('/ten', {}, { times: 200 }), ask('/tiny', {}, { times: 40 }), ask('/ninety', {}, { times: 200 })],
  },
  {
    title: 'timeouts of the reviews',
    http: [route({ uri: { prefix: '/reviews' } }, [to('reviews', { subset: 'v2' })], { timeout: '0.5s' })],
    objects: [
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
    asks: paths('/reviews/0'),
  },
  {
    title: 'a limit for each try',
    http: [
      route({ uri: { prefix: '/reviews/1' } }, [to('reviews', { subset: 'v2' })], {
        retries: { attempts: 2, perTryTimeout: '0.3s', retryOn: '5xx' },
      }),
      route({ uri: { prefix: '/reviews/2' } }, [to('reviews', { subset: 'v2' })], {
        retries: { attempts: 2, perTryTimeout: '0.3s', retryOn: 'connect-failure' },
      }),
      route({ uri: { prefix: '/reviews/3' } }, [to('reviews', { subset: 'v2' })], {
        retries: { attempts: 5, perTryTimeout: '0.3s', retryOn: '5xx' },
        timeout: '0.7s',
      }),
      route({ uri: { prefix: '/reviews/4' } }, [to('reviews', { subset: 'v2' })], {
        retries: { attempts: 1, perTryTimeout: '0.3s', retryOn: 'gateway-error' },
      }),
      route({ uri: { prefix: '/reviews/5' } }, [to('reviews', { subset: 'v2' })], {
        retries: { attempts: 1, perTryTimeout: '0.3s', retryOn: 'reset' },
      }),
      route({ uri: { prefix: '/reviews/6' } }, [to('reviews', { subset: 'v2' })], {
        retries: { attempts: 1, perTryTimeout: '0.3s' },
      }),
    ],
    objects: [
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
    asks: paths('/reviews/1', '/reviews/2', '/reviews/3', '/reviews/4', '/reviews/5', '/reviews/6'),
  },
  {
    title: 'statuses of services pass, tried again or not',
    http: [
      route({ uri: { prefix: '/details/x' } }, details, { retries: { attempts: 2, retryOn: '400' } }),
      route({ uri: { prefix: '/nothing' } }, details),
      route({ uri: { prefix: '/ratings' } }, [to('ratings')], { retries: { attempts: 0 } }),
    ],
    asks: paths('/details/x', '/nothing', '/ratings/0', '/ratings/x'),
  },
  {
    title: 'mirrors',
    http: [
      route({ uri: { exact: '/details/0' } }, details, { mirror: { host: 'nowhere' } }),
      route({ uri: { exact: '/details/1' } }, details, {
        mirrors: [
          { destination: { host: 'reviews', subset: 'v1' } },
          { destination: { host: 'ratings' }, percentage: { value: 50 } },
        ],
      }),
      route({ uri: { exact: '/details/2' } }, details, {
        mirror: { host: 'reviews', subset: 'v9' },
        mirrorPercent: 100,
      }),
    ],
    asks: paths('/details/0', '/details/1', '/details/2'),
  },
  {
    title: 'cors of all kinds',
    http: [
      route({ uri: { exact: '/details/0' } }, details, {
        corsPolicy: {
          allowOrigins: [{ regex: 'https?://.*\\.example' }],
          allowMethods: ['GET'],
          allowHeaders: ['x-a', 'x-b'],
          exposeHeaders: ['x-c', 'x-d'],
          allowCredentials: true,
          maxAge: '10s',
        },
      }),
      route({ uri: { exact: '/details/1' } }, details, { corsPolicy: { allowOrigins: [{ prefix: 'http://a' }] } }),
      route({ uri: { exact: '/details/2' } }, details, {
        corsPolicy: { allowOrigin: ['*'], allowMethods: ['GET', 'POST'] },
      }),
      route({ uri: { exact: '/details/3' } }, details, {
        corsPolicy: { allowOrigins: [{ exact: '*' }], allowCredentials: true },
      }),
      {
        match: [{ uri: { exact: '/direct' } }],
        ...answer(211),
        corsPolicy: { allowOrigins: [{ exact: 'http://a.example' }], allowMethods: ['PUT'] },
      },
      {
        match: [{ uri: { exact: '/redirect' } }],
        redirect: { uri: '/x' },
        corsPolicy: { allowOrigins: [{ exact: 'http://a.example' }], allowMethods: ['PUT'] },
      },
      route({ uri: { exact: '/fault' } }, details, {
        corsPolicy: { allowOrigins: [{ exact: 'http://a.example' }] },
        fault: { abort: { httpStatus: 418, percentage: { value: 100 } } },
      }),
      route({ uri: { exact: '/details/4' }, method: { exact: 'GET' } }, details, {
        corsPolicy: { allowOrigins: [{ exact: 'http://a.example' }], allowMethods: ['PUT'] },
      }),
    ],
    asks: [
      '/details/0',
      '/details/1',
      '/details/2',
      '/details/3',
      '/direct',
      '/redirect',
      '/fault',
      '/details/4',
    ].flatMap((path) => [
      ask(path, { origin: 'http://a.example' }),
      ask(path, { origin: 'http://b.other' }),
      ask(path),
      ask(path, { origin: 'http://a.example', 'access-control-request-method': 'PUT' }, { method: 'OPTIONS' }),
      ask(path, { origin: 'http://b.other', 'access-control-request-method': 'PUT' }, { method: 'OPTIONS' }),
      ask(path, { origin: 'http://a.example' }, { method: 'OPTIONS' }),
      ask(path, { 'access-control-request-method': 'PUT' }, { method: 'OPTIONS' }),
    ]),
  },
]
