import { deepEqual, equal } from 'node:assert/strict'
import type { ProxyIdentity } from '../../../lib/sandbox/mesh/match.ts'
import {
  compileRoutes,
  defaultRoute,
  type Route,
  selectDestination,
  selectRoute,
} from '../../../lib/sandbox/mesh/routes.ts'
import type { HTTPRoute, VirtualService } from '../../../lib/sandbox/mesh/types.ts'
import { request, virtualService } from '../../support/mesh.ts'
import { suite } from '../../support/suite.ts'

const test = suite('routes')
const sidecar: ProxyIdentity = { namespace: 'default', labels: {}, gateways: ['mesh'], port: 9080 }
const to = (subset: string, weight?: number) => ({
  destination: { host: 'reviews', subset },
  ...(weight === undefined ? {} : { weight }),
})

function routesOf(...http: HTTPRoute[]): Route[] {
  const service = virtualService('reviews', { hosts: ['reviews'], http }) as VirtualService
  return compileRoutes(service, sidecar, () => undefined)
}

function chosen(routes: readonly Route[], path: string): string | undefined {
  return selectRoute(routes, request({ path }))?.destinations[0]?.subset
}

test('one of several matches is enough, and the first rule that matches has the say', () => {
  const uris = (...paths: string[]) => paths.map((exact) => ({ uri: { exact } }))
  const routes = routesOf(
    { match: uris('/a', '/b'), route: [to('v1')] },
    { match: uris('/b', '/c'), route: [to('v2')] },
    { route: [to('v3')] },
  )
  deepEqual(
    ['/a', '/b', '/c', '/d'].map((path) => chosen(routes, path)),
    ['v1', 'v1', 'v2', 'v3'],
  )
})

test('what no rule takes has no route', () => {
  equal(chosen(routesOf({ match: [{ uri: { exact: '/a' } }], route: [to('v1')] }), '/b'), undefined)
})

test('rules behind one that takes everything are left out', () => {
  const routes = routesOf({ route: [to('v1')] }, { match: [{ uri: { exact: '/a' } }], route: [to('v2')] })
  equal(routes.length, 1)
})

test('short hosts are those of the namespace of the rule', () => {
  const [route] = routesOf({ route: [to('v1')] })
  equal(route?.destinations[0]?.host, 'reviews.default.svc.cluster.local')
})

/** Weights by subset, and the share of draws that each gets. */
const weights: readonly [[string, number | undefined][], Record<string, number>][] = [
  [[['v1', undefined]], { v1: 1_000 }],
  [[['v1', 0]], { v1: 1_000 }],
  [
    [
      ['v1', 90],
      ['v2', 10],
    ],
    { v1: 900, v2: 100 },
  ],
  [
    [
      ['v1', 1],
      ['v2', 3],
    ],
    { v1: 250, v2: 750 },
  ],
  [
    [
      ['v1', 100],
      ['v2', 0],
    ],
    { v1: 1_000 },
  ],
  [
    [
      ['v1', 20],
      ['v2', undefined],
      ['v3', 20],
    ],
    { v1: 500, v3: 500 },
  ],
]

for (const [given, expected] of weights)
  test(`weights ${JSON.stringify(given)} give ${JSON.stringify(expected)} of a thousand`, () => {
    const [route] = routesOf({ route: given.map(([subset, weight]) => to(subset, weight)) })
    const seen: Record<string, number> = {}
    for (let point = 0; point < 1_000; point++) {
      const { subset = '' } = selectDestination(route as Route, point / 1_000) ?? {}
      seen[subset] = (seen[subset] ?? 0) + 1
    }
    deepEqual(seen, expected)
  })

test('a rule without destinations leads nowhere', () => {
  equal(selectDestination(routesOf({})[0] as Route, 0), undefined)
})

test('no timeout unless a rule has one', () => {
  equal(routesOf({ route: [to('v1')] })[0]?.timeout, undefined)
  equal(routesOf({ route: [to('v1')], timeout: '0s' })[0]?.timeout, undefined)
  equal(routesOf({ route: [to('v1')], timeout: '0.5s' })[0]?.timeout, 500)
})

test('routes are named as access logs have it', () => {
  const match = [{ name: 'all' }]
  deepEqual(
    [
      routesOf({ route: [to('v1')] }),
      routesOf({ name: 'a', route: [to('v1')] }),
      routesOf({ name: 'a', match, route: [to('v1')] }),
    ].map(([route]) => route?.name),
    ['', 'a', 'a.all'],
  )
})

test('where no VirtualService speaks all goes to the Service itself', () => {
  const route = defaultRoute('reviews.default.svc.cluster.local', 9080)
  equal(route.takes(request({ path: '/any', method: 'PUT' })), true)
  const { host, port, subset } = selectDestination(route, 0.5) ?? {}
  deepEqual([host, port, subset], ['reviews.default.svc.cluster.local', 9080, ''])
})

test.run()
