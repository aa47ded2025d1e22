import { deepEqual, equal } from 'node:assert/strict'
import { validateIstio } from '../../../lib/sandbox/admission/istio.ts'
import type { KubeObject } from '../../../lib/sandbox/objects.ts'
import { StatusError } from '../../../lib/sandbox/status.ts'
import { manifest } from '../../support/mesh.ts'
import { suite } from '../../support/suite.ts'

const test = suite("istiod's validating webhook")

const to = (host: string, more: object = {}) => ({ destination: { host, ...more } })
const route = [to('a')]
const http = (...rules: object[]) => ({ hosts: ['a'], http: rules })
const server = (change: object = {}) => ({
  port: { number: 80, name: 'http', protocol: 'HTTP' },
  hosts: ['*'],
  ...change,
})

/** Kind, spec, and the webhook's words; texts are those of istiod 1.21.2. */
const denied: readonly [string, object, string][] = [
  // Recorded from a real cluster.
  [
    'VirtualService',
    http({
      route: [
        { ...to('a'), weight: 0 },
        { ...to('a'), weight: -1 },
      ],
    }),
    'weight -1 < 0',
  ],
  ['VirtualService', http({ route: [] }), 'HTTP route, redirect or direct_response is required'],
  ['VirtualService', { hosts: ['a'], http: [] }, 'http, tcp or tls must be provided in virtual service'],
  // After istiod's source.
  ['VirtualService', http({ route: [to('a'), to('b')] }), 'total destination weight = 0'],
  ['VirtualService', http({ route: [to('')] }), 'empty domain name not allowed'],
  ['VirtualService', http({ route: [to('*')] }), 'invalid destination host *'],
  ['VirtualService', http({ route: [to('a', { subset: 'v_1' })] }), 'subset name is invalid: v_1'],
  [
    'VirtualService',
    http({ route: [to('a', { port: { number: 70000 } })] }),
    'port number 70000 must be in the range 1..65535',
  ],
  [
    'VirtualService',
    { hosts: ['*'], http: [{ route }] },
    'wildcard host * is not allowed for virtual services bound to the mesh gateway',
  ],
  ['VirtualService', { hosts: ['a..b'], http: [{ route }] }, 'domain name ".b" invalid (label "" invalid)'],
  [
    'VirtualService',
    { hosts: ['*.example.com', 'a.example.com'], http: [{ route }] },
    'duplicate hosts in virtual service: *.example.com & a.example.com',
  ],
  [
    'VirtualService',
    { hosts: ['a'], gateways: ['/x'], http: [{ route }] },
    '2 errors occurred:\n\t* config namespace and gateway name cannot be empty\n\t* invalid value for namespace: ""\n\n',
  ],
  [
    'VirtualService',
    http({ match: [{ uri: { regex: '(a' } }], route }),
    '"uri": error parsing regexp: missing closing ): `(a`; Istio uses RE2 style regex-based match (https://github.com/google/re2/wiki/Syntax)',
  ],
  [
    'VirtualService',
    http({ match: [{ headers: { a: { regex: '*' } } }], route }),
    '"headers": error parsing regexp: missing argument to repetition operator: `*`; Istio uses RE2 style regex-based match (https://github.com/google/re2/wiki/Syntax)',
  ],
  ['VirtualService', http({ match: [{ uri: { regex: '' } }], route }), '"uri": regex string match should not be empty'],
  ['VirtualService', http({ redirect: {} }), 'redirect must specify URI, authority, scheme, or port'],
  [
    'VirtualService',
    http({ redirect: { uri: '/b', redirectCode: 200 } }),
    '200 is not a valid redirect code, must be 3xx',
  ],
  ['VirtualService', http({ redirect: { uri: '/b' }, route }), 'HTTP route cannot contain both route and redirect'],
  ['VirtualService', http({ directResponse: { status: 99 } }), 'HTTP status 99 is not in range 200-599'],
  ['VirtualService', http({ route, timeout: '0s' }), 'duration must be greater than 1ms'],
  ['VirtualService', http({ route, timeout: '1.5ms' }), 'only durations to ms precision are supported'],
  [
    'VirtualService',
    http({ route, fault: { abort: { httpStatus: 1000, percentage: { value: 101 } } } }),
    '2 errors occurred:\n\t* percentage 101 is neither 0.0, nor in range [0.0001, 100.0]\n\t* HTTP status 1000 is not in range 200-599\n\n',
  ],
  [
    'VirtualService',
    http({ route, fault: {} }),
    '1 error occurred:\n\t* HTTP fault injection must have an abort and/or a delay\n\n',
  ],
  [
    'VirtualService',
    http({ route, retries: { attempts: 2, retryOn: 'often' } }),
    '"often" is not a valid retryOn policy',
  ],
  [
    'VirtualService',
    http({ route, retries: { perTryTimeout: '1s' } }),
    'http retry policy configured when attempts are set to 0 (disabled)',
  ],
  [
    'VirtualService',
    http({ route, rewrite: {} }),
    'rewrite must specify at least one of URI, UriRegexRewrite, or authority. Only one of URI or UriRegexRewrite may be specified',
  ],
  [
    'VirtualService',
    http({ route, headers: { response: { set: { Host: 'x' } } } }),
    'invalid header "Host": cannot set Host header',
  ],
  [
    'VirtualService',
    http({ route, mirrorPercentage: { value: 150 } }),
    'mirror_percentage must have a max value of 100 (it has 150.000000)',
  ],
  ['DestinationRule', {}, 'empty domain name not allowed'],
  ['DestinationRule', { host: 'a', subsets: [{ labels: { a: 'b' } }] }, 'subset name cannot be empty'],
  [
    'DestinationRule',
    { host: 'a', subsets: [{ name: 'v1', labels: { a: '!' } }] },
    '1 error occurred:\n\t* invalid tag value: "!"\n\n',
  ],
  ['DestinationRule', { host: 'a', trafficPolicy: {} }, 'traffic policy must have at least one field'],
  [
    'DestinationRule',
    { host: 'a', exportTo: ['~'] },
    'exportTo ~ (none) is not allowed for Istio configuration objects',
  ],
  [
    'DestinationRule',
    { host: 'a', trafficPolicy: { outlierDetection: { maxEjectionPercent: 200 } } },
    'percentage 200 is not in range 0..100',
  ],
  ['Gateway', {}, 'gateway must have at least one server'],
  ['Gateway', { servers: [server({ hosts: [] })] }, 'server config must contain at least one host'],
  ['Gateway', { servers: [server({ hosts: ['books'] })] }, 'short names (non FQDN) are not allowed'],
  ['Gateway', { servers: [server({ port: undefined })] }, 'port is required'],
  [
    'Gateway',
    { servers: [server({ port: { number: 80, name: 'x', protocol: 'SMTP' } })] },
    'invalid protocol "SMTP", supported protocols are HTTP, HTTP2, GRPC, GRPC-WEB, MONGO, REDIS, MYSQL, TCP',
  ],
  [
    'Gateway',
    { servers: [server({ port: { number: 443, name: 'https', protocol: 'HTTPS' } })] },
    'server must have TLS settings for HTTPS/TLS protocols',
  ],
  ['Gateway', { servers: [server(), server()] }, 'port names in servers must be unique: duplicate name http'],
]

for (const [kind, spec, words] of denied)
  test(`denies a ${kind}: ${words.replace(/\s+/g, ' ').slice(0, 90)}`, () => {
    equal(answer(object(kind, spec)), `configuration is invalid: ${words}`)
  })

const undecodable: readonly [string, string][] = [
  ['soon', 'invalid duration "soon"'],
  ['5', 'missing unit in duration "5"'],
  ['1d', 'unknown unit "d" in duration "1d"'],
]

for (const [timeout, words] of undecodable)
  test(`cannot decode a timeout of ${timeout}`, () => {
    const found = answer(object('VirtualService', http({ route, timeout })))
    equal(found, `error decoding configuration: bad Duration: time: ${words}`)
  })

test('lets all of the lesson pass without a warning', () => {
  const files = [
    'bookinfo-gateway',
    'destination-rule-all',
    'virtual-service-all-v1',
    'virtual-service-reviews-test-v2',
  ]
  for (const object of files.flatMap((name) => manifest(`${name}.yaml`))) deepEqual(validateIstio(object).warnings, [])
})

const accepted: readonly [string, object][] = [
  // Recorded: two subsets of one name are no mistake to istiod.
  [
    'DestinationRule',
    {
      host: 'a',
      subsets: [
        { name: 'v1', labels: { a: 'b' } },
        { name: 'v1', labels: { a: 'b' } },
      ],
    },
  ],
  ['VirtualService', http({ route, timeout: '1m30s', retries: { attempts: 3, retryOn: '5xx,503,reset' } })],
  ['VirtualService', { hosts: ['10.0.0.1', 'a.example'], http: [{ route }] }],
  ['VirtualService', { http: [{ route }] }],
  ['VirtualService', http({ delegate: { name: 'other' } })],
  [
    'VirtualService',
    http({ route, headers: { request: { set: { host: 'b', 'x-share': '100%%', 'x-pod': '%HOSTNAME%' } } } }),
  ],
  ['Gateway', { servers: [server({ hosts: ['./*.example.com', '*/b.example'] })] }],
  ['Gateway', { servers: [server({ tls: { httpsRedirect: true } })] }],
]

for (const [kind, spec] of accepted)
  test(`accepts a ${kind} ${JSON.stringify(spec)}`, () => {
    deepEqual(validateIstio(object(kind, spec)).warnings, [])
  })

const warnings: readonly [object, string[]][] = [
  [http({ route }, { route }), ['virtualService rule #1 not used (only the last rule can have no matches)']],
  [
    http({ match: [{ uri: { exact: '/a' } }], route }, { name: 'again', match: [{ uri: { exact: '/a' } }], route }),
    [
      'virtualService rule "again" match #0 is not used (duplicate/overlapping match in rule #0)',
      'virtualService rule "again" not used (all matches used by prior rules)',
    ],
  ],
  [
    http({ match: [{ uri: { prefix: '/a' } }], route }, { match: [{ uri: { prefix: '/ab' } }], route }),
    [
      'virtualService rule #1 match #0 of prefix /ab is not used (duplicate/overlapping match in rule #0 of prefix /a on #0)',
    ],
  ],
]

for (const [spec, words] of warnings)
  test(`warns: ${words[0]}`, () => {
    deepEqual(validateIstio(object('VirtualService', spec)).warnings, words)
  })

const stored: readonly [string, object, string[]][] = [
  [
    'DestinationRule',
    { host: 'a', trafficPolicy: { connectionPool: { http: { maxRetries: 1 } }, loadBalancer: { simple: 'RANDOM' } } },
    ['spec.trafficPolicy.connectionPool.http.maxRetries is stored only, it has no effect on traffic'],
  ],
  [
    'DestinationRule',
    { host: 'a', subsets: [{ name: 'v1', trafficPolicy: { proxyProtocol: { version: 'V1' } } }] },
    ['spec.subsets[*].trafficPolicy.proxyProtocol is stored only, it has no effect on traffic'],
  ],
  ['VirtualService', { hosts: ['a'], tcp: [{ route }] }, ['spec.tcp is stored only, it has no effect on traffic']],
  [
    'Gateway',
    { servers: [server({ port: { number: 8443, name: 'https', protocol: 'HTTPS' }, tls: { mode: 'PASSTHROUGH' } })] },
    ['nothing listens for the server on port 8443, as its protocol is HTTPS'],
  ],
]

for (const [kind, spec, words] of stored)
  test(`says of a ${kind}: ${words}`, () => {
    deepEqual(
      validateIstio(object(kind, spec)).warnings,
      words.map((text) => `sandbox: ${text}`),
    )
  })

function object(kind: string, spec: object): KubeObject {
  return {
    apiVersion: 'networking.istio.io/v1beta1',
    kind,
    metadata: { name: 'golden', namespace: 'default' },
    spec,
  }
}

/** The words after the webhook's name; '' where it lets the object pass. */
function answer(object: KubeObject): string {
  try {
    validateIstio(object)
    return ''
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    deepEqual([error.code, error.reason, error.details], [400, undefined, undefined])
    return error.message.replace('admission webhook "validation.istio.io" denied the request: ', '')
  }
}

test.run()
