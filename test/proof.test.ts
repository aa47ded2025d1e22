import * as assert from 'uvu/assert'
import { destinationRules, nodesReady } from '../lib/conditions.ts'
import type { Item } from '../lib/kube.ts'
import { allThree, always, apiAnswers, byUser, holds, type ProofContext } from '../lib/proof.ts'
import { en } from '../lib/words/en.ts'
import { ru } from '../lib/words/ru.ts'
import { type Bookinfo, type Caller, startBookinfo } from './support/bookinfo.ts'
import { failureOf } from './support/failures.ts'
import { kubeOf } from './support/kube.ts'
import { freePort } from './support/listen.ts'
import { bookinfo, destinationRule, forJason, reviewsRoute, subsetRules, to } from './support/objects.ts'
import { seeded } from './support/random.ts'
import { suite } from './support/suite.ts'

const test = suite('proof')

/** Long enough for any test; those that are meant to run into it set a short one. */
const ARRIVAL_MS = 20_000

let page: Bookinfo | undefined
test.after.each(async () => {
  await page?.close()
  page = undefined
})

/** The page, and the objects of the cluster behind it. */
async function lesson(
  answer: Parameters<typeof startBookinfo>[0],
  objects: readonly Item[] = [],
  { arrivalMs = 0, ...rest }: Partial<ProofContext> = {},
): Promise<ProofContext> {
  page = await startBookinfo(answer)
  return {
    kube: kubeOf(...bookinfo(), ...subsetRules, ...objects),
    pageUrl: page.url,
    words: en,
    arrivalMs,
    latestMs: 50,
    signal: new AbortController().signal,
    ...rest,
  }
}

/** As productpage does it: only who has signed in is named to reviews. */
const jasonToV2 = ({ user }: Caller) => (user === 'jason' ? 'v2' : 'v1')

test('everyone who sees the one version is a proof of it', async () => {
  const context = await lesson(() => 'v3', [], { arrivalMs: ARRIVAL_MS })
  assert.is(await always('v3')(context), 'only v3, red stars (50 visits each)')
})

const splits = [
  { name: '90 % v1 and 10 % v3', chance: 0.1 },
  { name: 'half v1 and half v3', chance: 0.5 },
]
for (const { name, chance } of splits)
  test(`a route of ${name} is no proof of v1, and the split is named`, async () => {
    const random = seeded(1)
    const weights = { v1: Math.round(100 * (1 - chance)), v3: Math.round(100 * chance) }
    const context = await lesson(() => (random() < chance ? 'v3' : 'v1'), [reviewsRoute(to(weights))])
    const failure = await failureOf(() => always('v1')(context))
    assert.is(failure.message, 'expected only v1, no stars')
    assert.match(failure.seen ?? '', /^anonymous: v1 x\d+, v3 x\d+; jason: v1 x\d+, v3 x\d+$/)
    assert.equal(failure.why, [
      `VirtualService reviews sends everyone to v1 (${weights.v1} %) and v3 (${weights.v3} %); expected everyone to v1`,
    ])
  })

test('a change that comes after the arrival fails the verdict: the sample is never started again', async () => {
  const context = await lesson(({ number }) => (number <= 60 ? 'v1' : 'v3'), [], { arrivalMs: ARRIVAL_MS })
  const failure = await failureOf(() => always('v1')(context))
  assert.is(failure.message, 'expected only v1, no stars')
  assert.match(failure.seen ?? '', /v3 x/)
})

// On a fast machine a whole proof takes less time than a rule does.
test('what is still seen of before is no proof while a rule that says otherwise is on its way', async () => {
  const context = await lesson(({ number }) => (number <= 150 ? 'v1' : 'v2'), [reviewsRoute(to({ v2: 100 }))], {
    arrivalMs: ARRIVAL_MS,
    latestMs: ARRIVAL_MS,
  })
  const failure = await failureOf(() => always('v1')(context))
  assert.is(failure.message, 'expected only v1, no stars')
  assert.match(failure.seen ?? '', /v2 x/)
  assert.equal(failure.why, ['VirtualService reviews sends everyone to v2; expected everyone to v1'])
})

test('a rule that says otherwise, and never has an effect, does not fail what is seen', async () => {
  const mirrored = reviewsRoute({ ...to({ v1: 100 }), timeout: '5s' })
  const context = await lesson(() => 'v1', [mirrored], { arrivalMs: ARRIVAL_MS })
  assert.match(await always('v1')(context), /^only v1/)
})

test('three versions that are still seen of before are no proof either', async () => {
  const versions = ['v1', 'v2', 'v3'] as const
  const answer = ({ number }: Caller) => (number <= 100 ? (versions[number % 3] ?? 'v1') : 'v1')
  const context = await lesson(answer, [reviewsRoute(to({ v1: 100 }))], { latestMs: ARRIVAL_MS })
  const failure = await failureOf(() => allThree(context))
  assert.is(failure.seen, 'v1 x26')
})

test('a change that flaps for a while is waited for', async () => {
  const flapping = ({ number }: Caller) => (number > 40 || number % 7 !== 0 ? 'v1' : 'v3')
  const context = await lesson(flapping, [], { arrivalMs: ARRIVAL_MS })
  assert.match(await always('v1')(context), /^only v1/)
})

test('a change that never stops flapping never took effect', async () => {
  const context = await lesson(({ number }) => (number % 7 === 0 ? 'v3' : 'v1'), [], { arrivalMs: 200 })
  const failure = await failureOf(() => always('v1')(context))
  assert.is(failure.message, 'the route never took effect: expected only v1, no stars within 0.2 s')
  assert.match(failure.seen ?? '', /v3 x/)
})

test('stars of another version are a second witness against the pod name', async () => {
  const context = await lesson(() => ({ version: 'v1', stars: 'black' }))
  const failure = await failureOf(() => always('v1')(context))
  assert.is(failure.seen, 'anonymous: v1 with black stars x50; jason: v1 with black stars x50')
})

test('a signed-in user who sees something else is seen', async () => {
  const failure = await failureOf(async () => always('v1')(await lesson(jasonToV2)))
  assert.is(failure.seen, 'anonymous: v1 x50; jason: v2 x50')
})

test('jason to v2 and all others to v1 is proven by jason, anonymous, jasonne and a forger', async () => {
  const context = await lesson(jasonToV2, [], { arrivalMs: ARRIVAL_MS })
  assert.is(
    await byUser({ jason: 'v2' }, 'v1')(context),
    'jason sees v2, black stars; anonymous sees v1, no stars; jasonne sees v1, no stars; forged end-user: jason sees v1, no stars (50 visits each)',
  )
})

test('in Russian nobody is called by an English word', async () => {
  const context = await lesson(jasonToV2, [], { words: ru })
  assert.match(
    await byUser({ jason: 'v2' }, 'v1')(context),
    /; аноним видит v1, .*; самозванец \(end-user: jason\) видит/,
  )
  await page?.close()
  const wrong = await lesson(() => ({ version: 'v1', stars: 'black' }), [], { words: ru })
  const { seen } = await failureOf(() => always('v1')(wrong))
  assert.is(seen, 'аноним: v1 с чёрными звёздами x50; jason: v1 с чёрными звёздами x50')
})

const wrongRules: { name: string; answer: (caller: Caller) => 'v1' | 'v2'; seen: RegExp }[] = [
  {
    name: 'believes a forged header',
    answer: (c) => ((c.user ?? c.claimed) === 'jason' ? 'v2' : 'v1'),
    seen: /forged end-user: jason: v2 x50/,
  },
  {
    name: 'names another user',
    answer: ({ user }) => (user === 'jasonne' ? 'v2' : 'v1'),
    seen: /jason: v1 x50.*jasonne: v2 x50/,
  },
  {
    name: 'goes by the first letters of a name',
    answer: ({ user }) => (user?.startsWith('jas') ? 'v2' : 'v1'),
    seen: /jasonne: v2 x50/,
  },
  { name: 'holds for whoever signs in', answer: ({ user }) => (user ? 'v2' : 'v1'), seen: /jasonne: v2 x50/ },
  { name: 'holds for everyone', answer: () => 'v2', seen: /anonymous: v2 x50/ },
]
for (const { name, answer, seen } of wrongRules)
  test(`a rule that ${name} does not pass for jason's rule`, async () => {
    const failure = await failureOf(async () => byUser({ jason: 'v2' }, 'v1')(await lesson(answer)))
    assert.match(failure.seen ?? '', seen)
  })

test('a rule that names another user than jason is the cause that is told', async () => {
  const tony = { match: [{ headers: { 'end-user': { exact: 'tony' } } }] }
  const context = await lesson(() => 'v1', [reviewsRoute(to('v2', tony), to('v1'))])
  const failure = await failureOf(() => byUser({ jason: 'v2' }, 'v1')(context))
  assert.equal(failure.why, [
    'VirtualService reviews sends user tony to v2; everyone to v1; expected user jason to v2; everyone to v1',
  ])
})

test('without rules all three versions are seen', async () => {
  const context = await lesson(({ number }) => (['v1', 'v2', 'v3'] as const)[number % 3] ?? 'v1')
  assert.match(await allThree(context), /^all three versions are seen \(v1 x\d+, v2 x\d+, v3 x\d+\)$/)
})

const notAllThree: { name: string; answer: Parameters<typeof startBookinfo>[0]; seen: string }[] = [
  { name: 'two versions', answer: ({ number }) => (number % 2 ? 'v1' : 'v2'), seen: 'v1 x13, v2 x13' },
  { name: 'one version', answer: () => 'v2', seen: 'v2 x26' },
  {
    name: 'a page without reviews',
    answer: () => ({ errors: ['Error fetching product reviews!'] }),
    seen: 'Error fetching product reviews! x26',
  },
  { name: 'a page that is not found', answer: () => ({ status: 404 }), seen: 'HTTP 404 x26' },
]
for (const { name, answer, seen } of notAllThree)
  test(`${name} is not all three`, async () => {
    const failure = await failureOf(async () => allThree(await lesson(answer)))
    assert.is(failure.message, 'expected to see all three versions of reviews')
    assert.is(failure.seen, seen)
  })

test('a route that was taken away is given time to be gone', async () => {
  const fading = ({ number }: Caller) => (number <= 60 ? 'v3' : ((['v1', 'v2', 'v3'] as const)[number % 3] ?? 'v1'))
  assert.match(await allThree(await lesson(fading, [], { arrivalMs: ARRIVAL_MS })), /^all three versions are seen/)
})

test('a route that stays is not all three, however long it is waited for', async () => {
  const failure = await failureOf(async () => allThree(await lesson(() => 'v3', [], { arrivalMs: 200 })))
  assert.is(failure.seen, 'v3 x26')
})

test('all three, some of them with an error, are not all three', async () => {
  const context = await lesson(({ number }) =>
    number % 4 === 0
      ? { version: 'v2', stars: 'none', errors: ['Ratings service is currently unavailable'] }
      : ((['v1', 'v2', 'v3'] as const)[number % 3] ?? 'v1'),
  )
  const failure = await failureOf(() => allThree(context))
  assert.match(failure.seen ?? '', /v2: Ratings service is currently unavailable x/)
})

test('a gateway that begins to listen late is waited for', async () => {
  const port = await freePort()
  const context = await lesson(() => 'v1', [], {
    arrivalMs: ARRIVAL_MS,
    pageUrl: `http://localhost:${port}/productpage`,
  })
  const proof = always('v1')(context)
  const late = await startBookinfo(() => 'v1', { port })
  assert.match(await proof, /^only v1/)
  await late.close()
})

test('a page that nobody serves is told as such, with what the cluster lacks', async () => {
  const pageUrl = `http://localhost:${await freePort()}/productpage`
  const failure = await failureOf(async () => always('v1')(await lesson(() => 'v1', [], { pageUrl })))
  assert.is(failure.message, `the page ${pageUrl} cannot be reached`)
  assert.match(failure.seen ?? '', /ECONNREFUSED/)
  assert.ok(Array.isArray(failure.why))
})

test("where the way in is gone, the lesson's own route is nothing to be taken away", async () => {
  const pageUrl = `http://localhost:${await freePort()}/productpage`
  const objects = bookinfo().filter(({ kind }) => kind !== 'Gateway')
  const kube = kubeOf(...objects, ...subsetRules, reviewsRoute(to('v1')))
  const failure = await failureOf(async () => always('v1')(await lesson(() => 'v1', [], { pageUrl, kube })))
  assert.equal(failure.why, ['Gateway bookinfo-gateway is not there'])
  assert.is(failure.mend, 'kubectl apply -f manifests/bookinfo-gateway.yaml')
})

test('a proof that is interrupted ends with the interruption, not with a verdict', async () => {
  const stop = new AbortController()
  const context = await lesson(
    ({ number }) => {
      if (number === 15) stop.abort(new Error('interrupted'))
      return number % 2 ? 'v1' : 'v3'
    },
    [],
    { arrivalMs: ARRIVAL_MS, signal: stop.signal },
  )
  try {
    await always('v1')(context)
    assert.unreachable('a verdict was given')
  } catch (error) {
    assert.is((error as Error).message, 'interrupted')
  }
})

test('the API proves itself by its version', async () => {
  assert.is(await apiAnswers(await lesson(() => 'v1')), 'the API answers: Kubernetes v1.29.2')
})

test('a condition is proven by the objects as they are now', async () => {
  const node = (status: string): Item => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'kind-control-plane' },
    status: { conditions: [{ type: 'Ready', status }] },
  })
  const context = await lesson(() => 'v1')
  assert.is(await holds(nodesReady)({ ...context, kube: kubeOf(node('True')) }), 'the node is Ready')
  const failure = await failureOf(() => holds(nodesReady)({ ...context, kube: kubeOf(node('Unknown')) }))
  assert.is(failure.message, 'this is not so: the node is Ready')
  assert.is(failure.seen, 'kind-control-plane: not Ready')
})

test("somebody else's rule for a host is named, with the command that takes it away", async () => {
  const foreign: Item = {
    apiVersion: 'networking.istio.io/v1beta1',
    kind: 'DestinationRule',
    metadata: { name: 'of-somebody-else', namespace: 'default' },
    spec: { host: 'reviews', subsets: [{ name: 'v1', labels: { version: 'v3' } }] },
  }
  const context = await lesson(() => 'v1', [foreign])
  const failure = await failureOf(() => holds(destinationRules({ reviews: ['v1'] }))(context))
  assert.is(failure.seen, 'reviews: subset v1 (DestinationRule of-somebody-else) selects version=v3')
  assert.match(failure.why.join(), /reviews.*of-somebody-else/)
  assert.is(failure.mend, 'kubectl delete destinationrule of-somebody-else')
})

test('a route is no cause of what a destination rule says', async () => {
  const kube = kubeOf(...bookinfo(), destinationRule('reviews', { v1: 'v7' }), reviewsRoute(to('v3')))
  const failure = await failureOf(async () =>
    holds(destinationRules({ reviews: ['v1'] }))(await lesson(() => 'v1', [], { kube })),
  )
  assert.is(failure.seen, 'reviews: subset v1 selects version=v7')
  assert.equal(failure.why, [])
  assert.is(failure.mend, undefined)
})

test('where the rule is as the lesson wants it, no cause is made up', async () => {
  const context = await lesson(() => 'v1', [reviewsRoute(to('v2', forJason), to('v1'))])
  const failure = await failureOf(() => byUser({ jason: 'v2' }, 'v1')(context))
  assert.equal(failure.why, [])
})

test.run()
