import { deepEqual, equal } from 'node:assert/strict'
import { editRequest, editResponse, redirectLocation } from '../../../lib/sandbox/mesh/edits.ts'
import { formatValue } from '../../../lib/sandbox/mesh/format.ts'
import type { ProxyIdentity } from '../../../lib/sandbox/mesh/match.ts'
import { compileRoutes, type Route } from '../../../lib/sandbox/mesh/routes.ts'
import type {
  HTTPRedirect,
  HTTPRewrite,
  HTTPRoute,
  StringMatch,
  VirtualService,
} from '../../../lib/sandbox/mesh/types.ts'
import { exchange, request, virtualService } from '../../support/mesh.ts'
import { suite } from '../../support/suite.ts'

const test = suite('edits on the way')
const gateway: ProxyIdentity = { namespace: 'istio-system', labels: {}, gateways: ['default/g'], port: 8080 }

function routeOf(rule: HTTPRoute): Route {
  const service = virtualService('a', { hosts: ['*'], gateways: ['g'], http: [rule] }) as VirtualService
  const [route] = compileRoutes(service, gateway, () => undefined)
  if (!route) throw new Error('no route')
  return route
}

const rewrites: readonly [StringMatch, HTTPRewrite, string, string][] = [
  [{ prefix: '/shop' }, { uri: '/api' }, '/shop/1?x=2', '/api/1?x=2'],
  [{ prefix: '/shop/' }, { uri: '/' }, '/shop/1', '/1'],
  // Envoy's own trap: the rest of the path follows as it is.
  [{ prefix: '/shop' }, { uri: '/' }, '/shop/1', '//1'],
  [{ exact: '/shop' }, { uri: '/api' }, '/shop?x=2', '/api?x=2'],
  [{ regex: '/s.*' }, { uri: '/api' }, '/shop/1', '/api'],
  [
    { prefix: '/shop' },
    { uriRegexRewrite: { match: '/shop/([a-z]+)/([0-9]+)', rewrite: '/\\2/\\1' } },
    '/shop/book/7?x',
    '/7/book?x',
  ],
  [{ prefix: '/' }, { uriRegexRewrite: { match: 'o', rewrite: '$0' } }, '/shop', '/sh$0p'],
  [{ prefix: '/shop' }, { authority: 'other' }, '/shop', '/shop'],
]

for (const [uri, rewrite, path, expected] of rewrites)
  test(`${JSON.stringify(uri)} rewritten by ${JSON.stringify(rewrite)}: ${path} becomes ${expected}`, () => {
    const edited = editRequest(exchange(request({ path })), routeOf({ match: [{ uri }], rewrite }), undefined)
    equal(edited.path, expected)
    equal(edited.authority, rewrite.authority ?? 'books.example:8080')
  })

const several = [
  { destination: { host: 'a' }, weight: 1 },
  { destination: { host: 'b' }, weight: 1 },
]

test("a request's headers are removed, added and set, the route's word after that of one of its destinations", () => {
  const route = routeOf({
    route: several,
    headers: { request: { set: { 'X-One': 'route' }, add: { b: '2' }, remove: ['c'] } },
  })
  const sent = request({ headers: { b: '1', c: '3', d: '4' } })
  const edited = editRequest(exchange(sent), route, {
    request: { set: { 'x-one': 'destination', Host: 'inner' }, remove: ['d'] },
  })
  deepEqual({ ...edited.headers }, { b: '1,2', 'x-one': 'route' })
  equal(edited.authority, 'inner')
  deepEqual({ ...sent.headers }, { b: '1', c: '3', d: '4' })
})

test("an answer's headers likewise; added ones are lines of their own", () => {
  const route = routeOf({
    route: several,
    headers: { response: { set: { 'x-set': '1' }, add: { 'x-add': '3' }, remove: ['server'] } },
  })
  const headers = { server: 'x', 'x-add': '1' }
  editResponse(headers, route, { response: { add: { 'x-add': '2' } } }, exchange(request()))
  deepEqual(headers, { 'x-add': ['1', '2', '3'], 'x-set': '1' })
})

test('the only destination has the last word', () => {
  const route = routeOf({
    route: [{ destination: { host: 'a' } }],
    headers: { response: { set: { 'x-set': 'route' } } },
  })
  const headers = {}
  editResponse(headers, route, { response: { set: { 'x-set': 'destination' } } }, exchange(request()))
  deepEqual(headers, { 'x-set': 'destination' })
})

test('what a route sets stays, though its only destination removes it', () => {
  const route = routeOf({
    route: [{ destination: { host: 'a' } }],
    headers: { response: { set: { 'x-set': 'route', 'x-empty': '' }, remove: ['x-old'] } },
  })
  const headers = { 'x-old': '1', 'x-empty': 'stays', 'x-set': 'old' }
  editResponse(headers, route, { response: { remove: ['x-set'], add: { 'x-old': '2' } } }, exchange(request()))
  deepEqual(headers, { 'x-empty': 'stays', 'x-set': 'route', 'x-old': '2' })
})

test('values with variables are made of the headers as they came', () => {
  const route = routeOf({
    route: [{ destination: { host: 'a' } }],
    headers: { request: { set: { a: '%REQ(b)%', b: '%REQ(a)%' } } },
  })
  const edited = editRequest(exchange(request({ headers: { a: '1', b: '2' } })), route, undefined)
  deepEqual({ ...edited.headers }, { a: '2', b: '1' })
})

test("variables find a header's first value where a route has added another", () => {
  const route = routeOf({
    route: [{ destination: { host: 'a' } }],
    headers: { request: { add: { a: '2', b: '3' } } },
  })
  const edited = editRequest(exchange(request({ headers: { a: '1' } })), route, undefined)
  equal(edited.headers.a, '1,2')
  equal(formatValue('%REQ(a)% %REQ(b)%', exchange(edited)), '1 3')
})

const redirects: readonly [HTTPRedirect, string][] = [
  [{ uri: 'new' }, 'http://books.example:8080/new?x=1'],
  [{ uri: '/new' }, 'http://books.example:8080/new?x=1'],
  [{ uri: '/new?y=2' }, 'http://books.example:8080/new?y=2'],
  [{ authority: 'other.example' }, 'http://other.example/old?x=1'],
  [{ scheme: 'https' }, 'https://books.example:8080/old?x=1'],
  [{ port: 8443, scheme: 'https' }, 'https://books.example:8443/old?x=1'],
  [{ derivePort: 'FROM_REQUEST_PORT', authority: 'other.example' }, 'http://other.example:8080/old?x=1'],
  [{ derivePort: 'FROM_PROTOCOL_DEFAULT' }, 'http://books.example:8080/old?x=1'],
]

for (const [redirect, location] of redirects)
  test(`redirect ${JSON.stringify(redirect)} leads to ${location}`, () => {
    equal(redirectLocation(request({ path: '/old?x=1' }), routeOf({ redirect }), 8080), location)
  })

test("another scheme leaves the old one's own port behind", () => {
  const sent = request({ path: '/', authority: 'books.example:80' })
  equal(redirectLocation(sent, routeOf({ redirect: { scheme: 'https' } }), 80), 'https://books.example/')
})

test.run()
