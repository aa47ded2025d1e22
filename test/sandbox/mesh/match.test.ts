import { equal } from 'node:assert/strict'
import type { HttpRequest } from '../../../lib/sandbox/mesh/http.ts'
import { compileMatch, gatewayName, isCatchAll, type ProxyIdentity } from '../../../lib/sandbox/mesh/match.ts'
import type { HTTPMatchRequest } from '../../../lib/sandbox/mesh/types.ts'
import { request } from '../../support/mesh.ts'
import { suite } from '../../support/suite.ts'

const test = suite('HTTP matches')

const sidecar: ProxyIdentity = {
  namespace: 'default',
  labels: { app: 'productpage', version: 'v1' },
  gateways: ['mesh'],
  port: 9080,
}

/** Each with requests it takes and requests it does not. */
const rules: readonly [HTTPMatchRequest, Partial<HttpRequest>[], Partial<HttpRequest>[]][] = [
  [{}, [{}, { path: '/any?x=1' }], []],
  [{ uri: { exact: '/a' } }, [{ path: '/a' }, { path: '/a?x=1' }], [{ path: '/a/' }, { path: '/A' }, { path: '/ab' }]],
  [{ uri: { exact: '/a' }, ignoreUriCase: true }, [{ path: '/A' }], [{ path: '/B' }]],
  // Envoy's prefix is one of text, not of path segments.
  [{ uri: { prefix: '/shop' } }, [{ path: '/shop' }, { path: '/shop/1' }, { path: '/shopping' }], [{ path: '/sho' }]],
  [{ uri: { prefix: '/Shop' }, ignoreUriCase: true }, [{ path: '/sHOP/1' }], [{ path: '/x/shop' }]],
  [
    { uri: { regex: '/api/v[0-9]+/products(/[0-9]+)?' } },
    [{ path: '/api/v1/products' }, { path: '/api/v12/products/7?q' }],
    [{ path: '/api/v1/products/7/reviews' }, { path: '/x/api/v1/products' }, { path: '/api/vv/products' }],
  ],
  [{ uri: { regex: '(?i)/a.*' } }, [{ path: '/ABC' }], [{ path: '/b' }]],
  [{ method: { exact: 'GET' } }, [{ method: 'GET' }], [{ method: 'HEAD' }, { method: 'POST' }]],
  [{ method: { regex: 'GET|POST' } }, [{ method: 'POST' }], [{ method: 'PUT' }]],
  [{ scheme: { exact: 'http' } }, [{}], [{ scheme: 'https' }]],
  [{ authority: { prefix: 'books.' } }, [{ authority: 'books.example' }], [{ authority: 'www.example' }]],
  [{ authority: { exact: 'a:8080' } }, [{ authority: 'a:8080' }], [{ authority: 'a' }]],
  [
    { headers: { 'End-User': { exact: 'jason' } } },
    [{ headers: { 'end-user': 'jason' } }],
    [{}, { headers: { 'end-user': 'Jason' } }, { headers: { 'end-user': 'jason2' } }],
  ],
  [{ headers: { a: { prefix: 'x' } } }, [{ headers: { a: 'xy' } }], [{ headers: { a: 'yx' } }, {}]],
  [
    { headers: { a: { regex: '.*Chrome.*' } } },
    [{ headers: { a: 'a Chrome/1' } }],
    [{ headers: { a: 'Firefox' } }, {}],
  ],
  [{ headers: { a: { regex: 'x+' } } }, [{ headers: { a: 'xx' } }], [{ headers: { a: 'xxy' } }]],
  [{ headers: { a: {} } }, [{ headers: { a: '' } }, { headers: { a: 'x' } }], [{}]],
  [{ headers: { a: { regex: '*' } } }, [{ headers: { a: 'x' } }], [{}]],
  [{ headers: { ':path': { prefix: '/a?x' } } }, [{ path: '/a?x=1' }], [{ path: '/a' }]],
  [{ headers: { host: { exact: 'h' } } }, [{ authority: 'h' }], [{ authority: 'i', headers: { host: 'h' } }]],
  // Without the header at all nothing is taken: istio#50988, so in 1.21.
  [{ withoutHeaders: { a: { exact: 'x' } } }, [{ headers: { a: 'y' } }], [{ headers: { a: 'x' } }, {}]],
  [{ withoutHeaders: { a: {} } }, [{}], [{ headers: { a: 'x' } }]],
  [
    { queryParams: { page: { exact: '2' } } },
    [{ path: '/?page=2' }, { path: '/?a=1&page=2' }],
    [{ path: '/' }, { path: '/?page=22' }, { path: '/?pages=2' }, { path: '/?page=1&page=2' }],
  ],
  [{ queryParams: { q: { regex: '[0-9]+' } } }, [{ path: '/?q=12' }], [{ path: '/?q=1x' }, { path: '/?q=' }]],
  [{ queryParams: { q: { prefix: 'a%20' } } }, [{ path: '/?q=a%20b' }], [{ path: '/?q=a+b' }]],
  [{ queryParams: { q: {} } }, [{ path: '/?q' }, { path: '/?q=' }], [{ path: '/?r' }]],
  // All of a match's conditions hold together.
  [
    { uri: { prefix: '/a' }, method: { exact: 'GET' }, headers: { u: { exact: 'x' } } },
    [{ path: '/ab', headers: { u: 'x' } }],
    [{ path: '/ab' }, { path: '/b', headers: { u: 'x' } }, { path: '/ab', method: 'POST', headers: { u: 'x' } }],
  ],
  [{ port: 9080 }, [{}], []],
  [{ sourceLabels: { app: 'productpage' } }, [{}], []],
  [{ sourceNamespace: 'default' }, [{}], []],
  [{ gateways: ['mesh'] }, [{}], []],
  // Named gateways count in place of labels, not beside them.
  [{ gateways: ['mesh'], sourceLabels: { app: 'other' } }, [{}], []],
]

for (const [rule, taken, left] of rules)
  test(JSON.stringify(rule), () => {
    const takes = compileMatch(rule, sidecar, 'default')
    for (const one of taken) equal(takes?.(request(one)), true, `takes ${JSON.stringify(one)}`)
    for (const one of left)
      equal(takes?.({ ...request(one), ...one, headers: request(one).headers }), false, `leaves ${JSON.stringify(one)}`)
  })

const elsewhere: readonly HTTPMatchRequest[] = [
  { port: 80 },
  { sourceLabels: { app: 'productpage', version: 'v2' } },
  { sourceNamespace: 'other' },
  { gateways: ['bookinfo-gateway'] },
]

for (const rule of elsewhere)
  test(`is of no concern to this proxy: ${JSON.stringify(rule)}`, () => {
    equal(compileMatch(rule, sidecar, 'default'), undefined)
  })

test('an expression that is none takes nothing', () => {
  equal(compileMatch({ uri: { regex: '(' } }, sidecar, 'default')?.(request({ path: '(' })), false)
})

test('an expression that backtracking engines choke on takes no time', () => {
  const takes = compileMatch({ uri: { regex: '/(a+)+$' } }, sidecar, 'default')
  equal(takes?.(request({ path: `/${'a'.repeat(5_000)}!` })), false)
})

const catchAlls: readonly [HTTPMatchRequest, boolean][] = [
  [{}, true],
  [{ uri: { prefix: '/' } }, true],
  [{ uri: { regex: '.*' } }, true],
  [{ uri: { prefix: '/a' } }, false],
  [{ method: { exact: 'GET' } }, false],
  [{ headers: { a: {} } }, false],
  [{ sourceNamespace: 'default' }, true],
]

for (const [rule, expected] of catchAlls)
  test(`${JSON.stringify(rule)} is ${expected ? '' : 'not '}known to take everything`, () => {
    equal(isCatchAll(rule), expected)
  })

const names: readonly [string, string][] = [
  ['mesh', 'mesh'],
  ['bookinfo-gateway', 'default/bookinfo-gateway'],
  ['istio-system/all', 'istio-system/all'],
  ['./own', 'default/own'],
]

for (const [name, full] of names)
  test(`gateway ${name} in namespace default is ${full}`, () => {
    equal(gatewayName(name, 'default'), full)
  })

test.run()
