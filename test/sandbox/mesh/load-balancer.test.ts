import { deepEqual, equal, match, ok } from 'node:assert/strict'
import type { Endpoint } from '../../../lib/sandbox/mesh/clusters.ts'
import { balancer, withCookie } from '../../../lib/sandbox/mesh/load-balancer.ts'
import type { TrafficPolicy } from '../../../lib/sandbox/mesh/types.ts'
import { pod, request } from '../../support/mesh.ts'
import { seeded } from '../../support/random.ts'
import { suite } from '../../support/suite.ts'

const test = suite('load balancers')

const endpoints: Endpoint[] = ['a', 'b', 'c'].map((name) => {
  const one = pod({ name })
  return { pod: one, address: one.status.podIP, port: 9080, speaksHttp: true, active: 0 }
})

function choices(
  settings: TrafficPolicy['loadBalancer'],
  times: number,
  headers: Record<string, string> = {},
): string[] {
  const [balance, random] = [balancer(endpoints, settings), seeded(7)]
  return Array.from({ length: times }, () => balance(request({ headers }), random)?.endpoint.pod.metadata.name ?? '')
}

function shares(names: readonly string[]): number[] {
  return endpoints.map(({ pod }) => names.filter((name) => name === pod.metadata.name).length)
}

for (const settings of [undefined, { simple: 'RANDOM' }, { simple: 'LEAST_REQUEST' }] as const)
  test(`${settings?.simple ?? 'by default'}: all get an even share`, () => {
    for (const share of shares(choices(settings, 3_000))) ok(Math.abs(share - 1_000) < 120, `share ${share}`)
  })

test('ROUND_ROBIN takes turns', () => {
  const names = choices({ simple: 'ROUND_ROBIN' }, 9)
  deepEqual(shares(names), [3, 3, 3])
  deepEqual(names.slice(0, 3), names.slice(3, 6))
})

test('LEAST_REQUEST keeps off the busy one', () => {
  const [busy] = endpoints as [Endpoint]
  busy.active = 10
  try {
    const [share = 0] = shares(choices(undefined, 900))
    // Only where both of its two draws are the busy one: a ninth.
    ok(share > 50 && share < 150, `share ${share}`)
  } finally {
    busy.active = 0
  }
})

test('consistentHash by header: one key always the same, many keys spread', () => {
  const settings = { consistentHash: { httpHeaderName: 'X-User' } }
  equal(new Set(choices(settings, 50, { 'x-user': 'jason' })).size, 1)
  const users = Array.from({ length: 300 }, (_, index) => choices(settings, 1, { 'x-user': `user-${index}` })[0] ?? '')
  for (const share of shares(users)) ok(share > 60, `share ${share}`)
})

test('a key keeps its endpoint when another goes', () => {
  const settings = { consistentHash: { httpHeaderName: 'x-user' } }
  const [last] = endpoints.slice(-1) as [Endpoint]
  const fewer = balancer(endpoints.slice(0, -1), settings)
  for (let index = 0; index < 100; index++) {
    const headers = { 'x-user': `user-${index}` }
    const before = balancer(endpoints, settings)(request({ headers }), Math.random)?.endpoint
    if (before !== last) equal(fewer(request({ headers }), Math.random)?.endpoint, before)
  }
})

test('consistentHash without its header goes anywhere', () => {
  ok(new Set(choices({ consistentHash: { httpHeaderName: 'x-user' } }, 50)).size > 1)
})

test('consistentHash by query parameter', () => {
  const balance = balancer(endpoints, { consistentHash: { httpQueryParameterName: 'user' } })
  const names = Array.from({ length: 20 }, () => balance(request({ path: '/?user=jason' }), Math.random)?.endpoint)
  equal(new Set(names).size, 1)
})

test('consistentHash by cookie gives the client one, and then follows it', () => {
  const balance = balancer(endpoints, { consistentHash: { httpCookie: { name: 'u', ttl: '60s', path: '/' } } })
  const first = balance(request(), Math.random)
  match(first?.cookie ?? '', /^u="[0-9a-f]{16}"; Max-Age=60; Path=\/; HttpOnly$/)
  const cookie = (first?.cookie ?? '').split(';')[0] as string
  for (let i = 0; i < 20; i++) equal(balance(request({ headers: { cookie } }), Math.random)?.endpoint, first?.endpoint)
  equal(balance(request({ headers: { cookie: `other=1; ${cookie}` } }), Math.random)?.cookie, undefined)
  for (const empty of ['u=', 'u=""', 'uu=1'])
    match(balance(request({ headers: { cookie: empty } }), Math.random)?.cookie ?? '', /^u="/)
})

test('the cookie joins those of the answer', () => {
  const response = { status: 200, headers: { 'set-cookie': 'a=1' }, body: '' }
  deepEqual(withCookie(response, 'b=2').headers['set-cookie'], ['a=1', 'b=2'])
  equal(withCookie(response, undefined), response)
})

test('what failed is avoided while there are others', () => {
  const [one, two, three] = endpoints as [Endpoint, Endpoint, Endpoint]
  const balance = balancer(endpoints, undefined)
  for (let i = 0; i < 20; i++) equal(balance(request(), Math.random, new Set([one, two]))?.endpoint, three)
  ok(balance(request(), Math.random, new Set([one, two, three])))
})

for (const settings of [undefined, { consistentHash: { httpHeaderName: 'a' } }])
  test(`nobody there: ${settings ? 'consistentHash' : 'default'} has no choice`, () => {
    equal(balancer([], settings)(request({ headers: { a: 'b' } }), Math.random), undefined)
  })

test.run()
