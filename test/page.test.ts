import * as assert from 'uvu/assert'
import { headersOf, labelOf, readPage, signIn, type Version, type Visit, visit } from '../lib/page.ts'
import { en } from '../lib/words/en.ts'
import { type Bookinfo, type Caller, page, startBookinfo } from './support/bookinfo.ts'
import { freePort } from './support/listen.ts'
import { suite } from './support/suite.ts'

const test = suite('page')

let bookinfo: Bookinfo | undefined
test.after.each(async () => {
  await bookinfo?.close()
  bookinfo = undefined
})

const layouts = { 'images 1.18': 'old', 'images 1.20': 'new' } as const
const stars = { v1: 'none', v2: 'black', v3: 'red' } as const

for (const [images, layout] of Object.entries(layouts)) {
  for (const version of ['v1', 'v2', 'v3'] as Version[])
    test(`the page of ${images} names ${version} by its pod and by its stars`, () => {
      const seen = readPage(page({ version }, layout))
      assert.equal(seen, { pod: `reviews-${version}-5b5d6494f4-x7k2p`, version, stars: stars[version] })
      assert.is(labelOf(seen, en), version)
    })

  test(`stars of another colour are noticed on the page of ${images}`, () => {
    assert.is(labelOf(readPage(page({ version: 'v1', stars: 'red' }, layout)), en), 'v1 with red stars')
    assert.is(labelOf(readPage(page({ version: 'v3', stars: 'black' }, layout)), en), 'v3 with black stars')
    assert.is(labelOf(readPage(page({ version: 'v2', stars: 'none' }, layout)), en), 'v2 without stars')
  })

  test(`errors that the page of ${images} shows are faults, though it answers 200`, () => {
    const mark = layout === 'old' ? '!' : ''
    const reviews = `Error fetching product reviews${mark}`
    const details = `Error fetching product details${mark}`
    const ratings = 'Ratings service is currently unavailable'
    assert.equal(readPage(page({ errors: [reviews] }, layout)), { fault: reviews })
    assert.is(labelOf(readPage(page({ version: 'v1', errors: [details] }, layout)), en), `v1: ${details}`)
    assert.is(
      labelOf(readPage(page({ version: 'v2', stars: 'none', errors: [ratings] }, layout)), en),
      `v2: ${ratings}`,
    )
  })
}

test('the red text of an error is not taken for red stars', () => {
  const seen = readPage(
    page({ version: 'v2', stars: 'none', errors: ['Ratings service is currently unavailable'] }, 'new'),
  )
  assert.is(seen.stars, 'none')
})

const notBookinfo = ['', '<html><body>Welcome to nginx!</body></html>', 'Reviews served by: somebody else']
for (const html of notBookinfo)
  test(`"${html.slice(0, 40)}" is a page without reviews`, () => {
    assert.equal(readPage(html), { fault: 'a page without reviews' })
  })

const labels: { seen: Visit; label: string }[] = [
  { seen: {}, label: 'nothing' },
  { seen: { fault: 'HTTP 503' }, label: 'HTTP 503' },
  { seen: { version: 'v3', stars: 'red' }, label: 'v3' },
  {
    seen: { version: 'v3', stars: 'red', fault: 'Error fetching product details!' },
    label: 'v3: Error fetching product details!',
  },
]
for (const { seen, label } of labels)
  test(`${JSON.stringify(seen)} counts as "${label}"`, () => {
    assert.is(labelOf(seen, en), label)
  })

test('a visit reads the page that a person would see', async () => {
  bookinfo = await startBookinfo(() => 'v2')
  assert.is(labelOf(await visit(bookinfo.url), en), 'v2')
})

for (const status of [404, 503, 302])
  test(`an answer ${status} is the fault of that visit`, async () => {
    bookinfo = await startBookinfo(() => ({ status }))
    assert.equal(await visit(bookinfo.url), { fault: `HTTP ${status}` })
  })

test('a visit that nobody answers says why', async () => {
  assert.equal(await visit(`http://localhost:${await freePort()}/productpage`), { fault: 'no answer (ECONNREFUSED)' })
})

test('signing in gives the cookie of the redirect, which is not followed', async () => {
  bookinfo = await startBookinfo(() => 'v1')
  assert.is(await signIn(bookinfo.url, 'jason'), 'session=jason')
  assert.equal(bookinfo.requests, ['POST /login'])
})

test('visits of a signed-in user are those of that user', async () => {
  const callers: Caller[] = []
  bookinfo = await startBookinfo((caller) => {
    callers.push(caller)
    return 'v1'
  })
  await visit(bookinfo.url, await headersOf(bookinfo.url, { name: 'jason', signIn: 'jason' }))
  await visit(bookinfo.url, await headersOf(bookinfo.url, { name: 'forger', headers: { 'end-user': 'jason' } }))
  await visit(bookinfo.url, await headersOf(bookinfo.url, { name: 'anonymous' }))
  assert.equal(callers, [
    { user: 'jason', claimed: undefined, number: 1 },
    { user: undefined, claimed: 'jason', number: 2 },
    { user: undefined, claimed: undefined, number: 3 },
  ])
})

test('a page that gives no cookie says so', async () => {
  bookinfo = await startBookinfo(() => 'v1')
  const elsewhere = bookinfo.url.replace('/productpage', '/nowhere/productpage')
  try {
    await signIn(elsewhere, 'jason')
    assert.unreachable('signed in without a cookie')
  } catch (error) {
    assert.is((error as Error).message, 'signing in as jason: HTTP 404 without a cookie')
  }
})

test.run()
