import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { readPage } from '../../../lib/page.ts'
import { findApplication } from '../../../lib/sandbox/bookinfo/bookinfo.ts'
import { productPage } from '../../../lib/sandbox/bookinfo/product-page.ts'
import type { HttpResponse } from '../../../lib/sandbox/mesh/http.ts'
import { request } from '../../support/mesh.ts'
import { suite } from '../../support/suite.ts'
import { alone, answered, parsed } from './services.ts'

const test = suite('productpage')
const name = 'productpage-v1-a-b'

function reviewsBy(version: string, rating?: object): HttpResponse {
  const one = (reviewer: string) => ({ reviewer, text: `<b>${reviewer}</b>`, ...(rating ? { rating } : {}) })
  return answered(200, {
    id: '0',
    podname: `reviews-${version}-5b5d6494f4-x7k2p`,
    reviews: [one('Reviewer1'), one('Reviewer2')],
  })
}

const details = answered(200, { id: 0, type: 'paperback', 'ISBN-10': '1234567890' })
const both = (reviews: HttpResponse) => ({ 'details:9080/details/0': details, 'reviews:9080/reviews/0': reviews })

const shown: readonly [string, HttpResponse | undefined, object][] = [
  ['no stars', reviewsBy('v1'), { version: 'v1', stars: 'none' }],
  ['black stars', reviewsBy('v2', { stars: 5, color: 'black' }), { version: 'v2', stars: 'black' }],
  ['red stars', reviewsBy('v3', { stars: 4, color: 'red' }), { version: 'v3', stars: 'red' }],
  [
    'ratings away',
    reviewsBy('v2', { error: 'Ratings service is currently unavailable' }),
    { version: 'v2', stars: 'none', fault: 'Ratings service is currently unavailable' },
  ],
  ['reviews away', undefined, { fault: 'Error fetching product reviews!' }],
  ['reviews failing', answered(503, ''), { fault: 'Error fetching product reviews!' }],
  ['something else in place of reviews', answered(200, '[1'), { fault: 'Error fetching product reviews!' }],
]

for (const layout of ['old', 'new'] as const)
  for (const [what, reviews, expected] of shown)
    test(`the ${layout} page, ${what}: read as the lesson reads it`, async () => {
      const others = reviews ? both(reviews) : { 'details:9080/details/0': details }
      const { status, body } = await productPage(layout)(request({ path: '/productpage' }), alone(name, others))
      equal(status, 200)
      const { pod: _, ...seen } = readPage(String(body))
      deepEqual(seen, expected)
      ok(!String(body).includes('<b>Reviewer1'), 'what others answer is escaped')
    })

test('details away is said on the page, and the reviews are there', async () => {
  const others = { 'reviews:9080/reviews/0': reviewsBy('v1') }
  const { body } = await productPage('old')(request({ path: '/productpage' }), alone(name, others))
  match(String(body), /Error fetching product details!/)
  match(String(body), /<dt>Reviews served by:<\/dt>\s*<u>reviews-v1-5b5d6494f4-x7k2p<\/u>/)
})

test('the new page names the pod under each review', async () => {
  const { body } = await productPage('new')(request({ path: '/productpage' }), alone(name, both(reviewsBy('v1'))))
  equal(String(body).match(/Reviews served by: reviews-v1-5b5d6494f4-x7k2p/g)?.length, 2)
})

const page = productPage('old')

const form = { 'content-type': 'application/x-www-form-urlencoded' }

async function signIn(user: string): Promise<string> {
  const headers = { ...form, referer: 'http://localhost:8080/productpage' }
  const body = new URLSearchParams({ username: user, passwd: 'x' }).toString()
  const response = await page(request({ method: 'POST', path: '/login', headers, body }), alone(name))
  equal(response.status, 302)
  equal(response.headers.location, 'http://localhost:8080/productpage')
  const cookie = String(response.headers['set-cookie'])
  match(cookie, /^session=[\w-]*\.[\w-]+; Path=\/; HttpOnly$/)
  return cookie.split(';')[0] as string
}

async function askedBy(headers: Record<string, string>): Promise<(string | undefined)[]> {
  const workload = alone(name, both(reviewsBy('v1')))
  await page(request({ path: '/productpage', headers }), workload)
  return workload.asked.map((asked) => asked.headers['end-user'])
}

test('who signed in is named to details and reviews', async () => {
  deepEqual(await askedBy({ cookie: await signIn('jason') }), ['jason', 'jason'])
  deepEqual(await askedBy({ cookie: `a=b; ${await signIn('Анна')}` }), ['Анна', 'Анна'])
})

const strangers: Record<string, Record<string, string>> = {
  'nobody signed in': {},
  'a header of the client': { 'end-user': 'jason' },
  'a cookie without signature': { cookie: 'session=amFzb24' },
  'a cookie of another signature': { cookie: 'session=amFzb24.AAAA' },
  'an empty cookie': { cookie: 'session=' },
  'signed out': { cookie: 'session=.' },
}

for (const [what, headers] of Object.entries(strangers))
  test(`${what}: nobody is named`, async () => {
    deepEqual(await askedBy(headers), [undefined, undefined])
  })

test('a user name is shown, and escaped', async () => {
  const cookie = await signIn('<script>')
  const { body } = await page(
    request({ path: '/productpage', headers: { cookie } }),
    alone(name, both(reviewsBy('v1'))),
  )
  match(String(body), /&lt;script&gt; \(<a href="logout">sign out<\/a>\)/)
})

test('signing out drops the session and goes back', async () => {
  const response = await page(request({ path: '/logout', headers: { referer: '/x"' } }), alone(name))
  equal(response.status, 302)
  equal(response.headers['set-cookie'], 'session=; Path=/; Max-Age=0; HttpOnly')
  equal(response.body, '<a href="/x&#34;">Found</a>.\n\n')
})

test('without a Referer one comes back to the page', async () => {
  const response = await page(request({ method: 'POST', path: '/login', body: 'username=a' }), alone(name))
  equal(response.headers.location, '/productpage')
})

test('headers of tracing travel on, others do not', async () => {
  const workload = alone(name)
  const headers = {
    traceparent: 't',
    'x-b3-traceid': 'x',
    'user-agent': 'curl',
    cookie: 'c=1',
    'x-own': 'o',
    accept: '*',
  }
  await page(request({ path: '/api/v1/products/0', headers }), workload)
  const { accept: _, 'x-own': __, ...passed } = headers
  deepEqual({ ...workload.asked[0]?.headers }, passed)
})

test('the list of products is one book', async () => {
  const [book] = parsed(await page(request({ path: '/api/v1/products' }), alone(name))) as [
    { id: number; title: string },
  ]
  deepEqual([book.id, book.title], [0, 'The Comedy of Errors'])
})

/** The JSON API passes on what it gets; tries shows how often it asked. */
const relayed: readonly [string, Parameters<typeof alone>[1], number, unknown, number][] = [
  [
    '/api/v1/products/0',
    { 'details:9080/details/0': details },
    200,
    { id: 0, type: 'paperback', 'ISBN-10': '1234567890' },
    1,
  ],
  ['/api/v1/products/7/ratings', { 'ratings:9080/ratings/7': answered(200, { id: 7 }) }, 200, { id: 7 }, 1],
  ['/api/v1/products/0', {}, 500, unavailable('details'), 1],
  ['/api/v1/products/0', { 'details:9080/details/0': answered(503, 'x') }, 503, unavailable('details'), 1],
  ['/api/v1/products/0/reviews', { 'reviews:9080/reviews/0': answered(404, '') }, 404, unavailable('reviews'), 2],
  ['/api/v1/products/0/reviews', {}, 500, unavailable('reviews'), 2],
  ['/api/v1/products/0/ratings', { 'ratings:9080/ratings/0': answered(500, '') }, 500, unavailable('ratings'), 1],
]

function unavailable(what: string): object {
  return { error: `Sorry, product ${what} are currently unavailable for this book.` }
}

for (const [path, others, status, body, tries] of relayed)
  test(`${path} is ${status} where ${JSON.stringify(Object.values(others ?? {})[0] ?? 'nobody')} answers`, async () => {
    const workload = alone(name, others)
    const response = await page(request({ path }), workload)
    deepEqual([response.status, parsed(response), workload.asked.length], [status, body, tries])
  })

test('reviews are asked a second time, and that answer counts', async () => {
  let tries = 0
  const reviews = () => (++tries === 1 ? answered(500, '') : reviewsBy('v1'))
  const response = await page(
    request({ path: '/api/v1/products/0/reviews' }),
    alone(name, { 'reviews:9080/reviews/0': reviews }),
  )
  equal(response.status, 200)
})

test('who is sent from place to place without end has no answer', async () => {
  const round = { ...answered(307, {}), headers: { location: '/details/0' } }
  const workload = alone(name, { 'details:9080/details/0': round })
  const response = await page(request({ path: '/api/v1/products/0' }), workload)
  deepEqual([response.status, parsed(response)], [500, unavailable('details')])
})

test('the style sheet is of this machine, and nothing in it is from elsewhere', async () => {
  const response = await page(request({ path: '/static/bookinfo.css' }), alone(name))
  equal(response.headers['content-type'], 'text/css; charset=utf-8')
  ok(!/url\(|@import|https?:/.test(String(response.body)))
  equal((await page(request({ path: '/static/other.css' }), alone(name))).status, 404)
})

const images: readonly [string, 'old' | 'new' | undefined][] = [
  ['docker.io/istio/examples-bookinfo-productpage-v1:1.18.0', 'old'],
  ['docker.io/istio/examples-bookinfo-productpage-v1:1.19.1', 'old'],
  ['docker.io/istio/examples-bookinfo-productpage-v1:1.20.1', 'new'],
  ['registry.istio.io/release/examples-bookinfo-productpage-v1:1.20.3', 'new'],
  ['istio/examples-bookinfo-productpage-v1', 'new'],
  [`istio/examples-bookinfo-productpage-v1:1.8.0@sha256:${'0'.repeat(64)}`, 'old'],
  ['nginx:1.25', undefined],
  ['examples-bookinfo-other-v1:1.18.0', undefined],
]

for (const [image, layout] of images)
  test(`${image}: ${layout ? `the ${layout} page` : 'nothing of ours'}`, async () => {
    const application = findApplication(image)
    equal(application?.port, layout && 9080)
    const response = await application?.answer(request({ path: '/productpage' }), alone(name))
    equal(/<body class="(\w+)"/.exec(String(response?.body))?.[1], layout)
  })

test.run()
