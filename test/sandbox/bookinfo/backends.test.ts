import { deepEqual, equal, match } from 'node:assert/strict'
import { details } from '../../../lib/sandbox/bookinfo/details.ts'
import { ratings } from '../../../lib/sandbox/bookinfo/ratings.ts'
import { reviews } from '../../../lib/sandbox/bookinfo/reviews.ts'
import { request } from '../../support/mesh.ts'
import { suite } from '../../support/suite.ts'
import { alone, answered, parsed } from './services.ts'

const test = suite('details, ratings and reviews')
const v1 = reviews({ stars: undefined, ratingsLimit: 0 })
const v3 = reviews({ stars: 'red', ratingsLimit: 2_500 })
const stars = { id: 0, ratings: { Reviewer1: 5, Reviewer2: 4 } }

test('details tells what the book is', async () => {
  const workload = alone('details-v1-a-b')
  deepEqual(parsed(await details(request({ path: '/details/0' }), workload)), {
    id: 0,
    author: 'William Shakespeare',
    year: 1595,
    type: 'paperback',
    pages: 200,
    publisher: 'PublisherA',
    language: 'English',
    'ISBN-10': '1234567890',
    'ISBN-13': '123-1234567890',
  })
  match(
    workload.lines[0] ?? '',
    /^127\.0\.0\.6 - - \[\d\d\/\w{3}\/\d{4}:[\d:]{8} UTC\] "GET \/details\/0 HTTP\/1\.1" 200 \d+$/,
  )
})

test('ratings gives five and four stars', async () => {
  const workload = alone('ratings-v1-a-b')
  deepEqual(parsed(await ratings(request({ path: '/ratings/0' }), workload)), stars)
  deepEqual(workload.lines, ['GET /ratings/0'])
})

test('reviews v1 asks nobody and shows no stars', async () => {
  const workload = alone('reviews-v1-a-b')
  const found = parsed(await v1(request({ path: '/reviews/0' }), workload)) as { reviews: object[] }
  deepEqual(
    { ...found, reviews: found.reviews.map((one) => Object.keys(one)) },
    {
      id: '0',
      podname: 'reviews-v1-a-b',
      clustername: 'null',
      reviews: [
        ['reviewer', 'text'],
        ['reviewer', 'text'],
      ],
    },
  )
  equal(workload.asked.length, 0)
})

test('reviews v3 asks ratings, in the name of who asked it, and shows red stars', async () => {
  const workload = alone('reviews-v3-a-b', { 'ratings:9080/ratings/0': answered(200, stars) }, { CLUSTER_NAME: 'east' })
  const headers = { 'end-user': 'jason', 'x-request-id': 'r', b3: 'b', 'x-secret': 's' }
  const found = parsed(await v3(request({ path: '/reviews/0', headers }), workload)) as {
    clustername: string
    reviews: { rating: object }[]
  }
  deepEqual(
    found.reviews.map(({ rating }) => rating),
    [
      { stars: 5, color: 'red' },
      { stars: 4, color: 'red' },
    ],
  )
  equal(found.clustername, 'east')
  deepEqual({ ...workload.asked[0]?.headers }, { 'end-user': 'jason', 'x-request-id': 'r', b3: 'b' })
})

const failures = {
  'nobody is there': {},
  'an error comes back': { 'ratings:9080/ratings/0': answered(500, 'no') },
  'something else answers': { 'ratings:9080/ratings/0': answered(200, '<html>') },
}

for (const [what, others] of Object.entries(failures))
  test(`where ${what} in place of ratings, the reviews come without stars`, async () => {
    const response = await v3(request({ path: '/reviews/0' }), alone('reviews-v3-a-b', others))
    equal(response.status, 200)
    const { reviews } = parsed(response) as { reviews: { rating: object }[] }
    deepEqual(reviews[0]?.rating, { error: 'Ratings service is currently unavailable' })
  })

test('another name of ratings may stand in the environment', async () => {
  const workload = alone('reviews-v3-a-b', {}, { RATINGS_HOSTNAME: 'stars', SERVICES_DOMAIN: 'other.svc' })
  await v3(request({ path: '/reviews/0' }), workload)
  equal(workload.asked[0]?.authority, 'stars.other.svc:9080')
})

const others: readonly [string, typeof details, string, string, number][] = [
  ['details', details, 'GET', '/details/x', 400],
  ['details', details, 'GET', '/health', 200],
  ['details', details, 'POST', '/details/0', 405],
  ['details', details, 'HEAD', '/details/0', 200],
  ['ratings', ratings, 'GET', '/ratings/x', 400],
  ['ratings', ratings, 'GET', '/', 404],
  ['reviews', v1, 'GET', '/reviews/', 404],
]

for (const [name, answer, method, path, status] of others)
  test(`${name}: ${method} ${path} is ${status}`, async () => {
    equal((await answer(request({ method, path }), alone(`${name}-v1-a-b`))).status, status)
  })

test('a doubled slash, left behind by a rewrite, leads to the right path', async () => {
  const response = await details(request({ path: '//details/0?x=1' }), alone('details-v1-a-b'))
  deepEqual([response.status, response.headers.location], [307, '/details/0?x=1'])
})

test('a method that is not there is answered with those that are', async () => {
  const response = await details(request({ method: 'POST', path: '/details/0' }), alone('details-v1-a-b'))
  deepEqual([response.headers.allow, response.body], ['GET, HEAD', 'Method Not Allowed\n'])
})

test.run()
