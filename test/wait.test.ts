import { mock } from 'node:test'
import * as assert from 'uvu/assert'
import { available, bookinfoGateway, type Condition, podsWithSidecar } from '../lib/conditions.ts'
import { connect, resources } from '../lib/kube.ts'
import { missing, waitFor } from '../lib/wait.ts'
import { en } from '../lib/words/en.ts'
import { ru } from '../lib/words/ru.ts'
import { type Api, startApi } from './support/api.ts'
import { failureOf } from './support/failures.ts'
import { kubeOf } from './support/kube.ts'
import { deployment, pod } from './support/objects.ts'
import { suite } from './support/suite.ts'

const test = suite('wait')

/** Long enough for any test; a wait that hangs is noticed by the limit. */
const LIMIT_MS = 20_000

const condition: Condition = available('default', 'reviews-v1')
const notYet = deployment('reviews-v1', { available: 0 })
const ready = deployment('reviews-v1')

let api: Api
test.after.each(() => api.close())

async function waiting(of: Condition = condition, limitMs = LIMIT_MS, signal?: AbortSignal): Promise<void> {
  await waitFor(await connect(api.kubeconfig), of, { limitMs, words: en, ...(signal ? { signal } : {}) })
}

test('what holds already costs one list and no watch', async () => {
  api = await startApi(ready)
  await waiting()
  assert.equal([api.count('list'), api.count('watch')], [1, 0])
})

test('however many changes come, a wait costs one list and one watch', async () => {
  api = await startApi(notYet)
  const watched = api.nextWatch()
  const done = waiting()
  await watched
  for (let i = 0; i < 50; i++) api.put(notYet, pod('reviews-v1'), deployment('ratings-v1'))
  api.put(ready)
  await done
  assert.equal([api.count('list'), api.count('watch')], [1, 1])
})

test('an object that comes later is noticed, and one that goes again too', async () => {
  api = await startApi()
  const watched = api.nextWatch()
  const both = available('default', 'reviews-v1', 'reviews-v2')
  const done = waiting(both)
  await watched
  api.put(ready)
  api.remove(ready)
  api.put(deployment('reviews-v2'))
  api.put(ready)
  await done
})

test('a watch that the server ends goes on where it was, without listing anew', async () => {
  api = await startApi(notYet)
  const first = api.nextWatch()
  const done = waiting()
  await first
  api.put(deployment('reviews-v1', { replicas: 2, available: 0 }))
  const second = api.nextWatch()
  api.endWatches()
  api.put(ready)
  await second
  await done
  assert.is(api.count('list'), 1)
  const [before, after] = api.calls.filter(({ verb }) => verb === 'watch')
  assert.ok((after?.resourceVersion ?? 0) > (before?.resourceVersion ?? 0), 'after the last change it saw')
})

test('a watch that the network cuts is begun again, and what happened meanwhile is not missed', async () => {
  api = await startApi(notYet)
  const first = api.nextWatch()
  const done = waiting()
  await first
  api.cutWatches()
  api.put(ready)
  await done
})

test('a bookmark moves on the version that the next watch begins with', async () => {
  api = await startApi(notYet)
  const first = api.nextWatch()
  const done = waiting()
  await first
  api.bookmark(resources.deployments)
  const second = api.nextWatch()
  api.endWatches()
  await second
  api.put(ready)
  await done
  assert.is(api.count('list'), 1)
})

test('a version that is too old to watch from is listed anew', async () => {
  api = await startApi(notYet)
  api.fault = ({ verb }) => {
    if (verb === 'watch' && api.count('watch') === 1) {
      api.compact()
      api.putUnheard(ready)
    }
    return undefined
  }
  await waiting()
  assert.equal([api.count('list'), api.count('watch')], [2, 1])
})

const faults: { name: string; fault: Api['fault'] }[] = [
  { name: 'a list that is cut', fault: ({ verb }) => (verb === 'list' && api.count('list') === 1 ? 'cut' : undefined) },
  {
    name: 'a watch that is cut at once',
    fault: ({ verb }) => (verb === 'watch' && api.count('watch') === 1 ? 'cut' : undefined),
  },
  {
    name: 'a watch that is refused with 410',
    fault: ({ verb }) => (verb === 'watch' && api.count('watch') === 1 ? 410 : undefined),
  },
  { name: 'an API that answers 503 for a while', fault: () => (api.calls.length < 4 ? 503 : undefined) },
  {
    name: 'an API that has too much to do',
    fault: ({ verb }) => (verb === 'watch' && api.count('watch') === 1 ? 429 : undefined),
  },
  {
    name: 'a resource that is not known yet',
    fault: ({ verb }) => (verb === 'watch' && api.count('watch') === 1 ? 404 : undefined),
  },
]
for (const { name, fault } of faults)
  test(`${name} is lived through`, async () => {
    api = await startApi(notYet)
    api.fault = fault
    const watched = api.nextWatch()
    const done = waiting()
    await watched
    api.put(ready)
    await done
  })

test('a connection that is dead without a word is given up, and listed anew', async () => {
  api = await startApi(notYet)
  mock.timers.enable({ apis: ['setTimeout'] })
  const watched = api.nextWatch()
  const done = waiting()
  await watched
  api.putUnheard(ready)
  // A minute goes by at each turn: the limit of the watch, then the pause before the next try.
  const clock = setInterval(() => mock.timers.tick(60_000), 5)
  try {
    await done
  } finally {
    clearInterval(clock)
    mock.timers.reset()
  }
  assert.equal([api.count('list'), api.count('watch')], [2, 1])
})

test('a server that says no is not asked again', async () => {
  api = await startApi(notYet)
  api.fault = ({ verb }) => (verb === 'list' ? 400 : undefined)
  try {
    await waiting()
    assert.unreachable('it went on')
  } catch (error) {
    assert.match((error as Error).message, /400/)
  }
  assert.is(api.count('list'), 1)
})

test('a wait in vain names what is missing, and what the pods say', async () => {
  const stuck = pod('reviews-v1', {
    ready: false,
    status: {
      containerStatuses: [
        {
          name: 'reviews',
          ready: false,
          state: { waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image' } },
        },
      ],
    },
  })
  api = await startApi(notYet, stuck)
  const failure = await failureOf(() => waiting(available('default', 'reviews-v1', 'reviews-v2'), 200))
  assert.is(failure.message, 'waited 0.2 s, in vain: available: reviews-v1, reviews-v2')
  assert.is(failure.seen, 'reviews-v1: 0 of 1 available; reviews-v2: not there')
  assert.equal(failure.why, [
    'pod reviews-v1-5b5d6494f4-x7k2p: container reviews: ImagePullBackOff: Back-off pulling image',
  ])
})

test('a wait in vain speaks the language of the run', async () => {
  api = await startApi()
  const kube = await connect(api.kubeconfig)
  const failure = await failureOf(() => waitFor(kube, bookinfoGateway, { limitMs: 100, words: ru }))
  assert.is(failure.message, '0.1 с ждали напрасно: есть Gateway bookinfo-gateway')
})

test('an API that stays away is the reason that is told', async () => {
  api = await startApi()
  const kube = await connect(api.kubeconfig)
  await api.close()
  const failure = await failureOf(() => waitFor(kube, condition, { limitMs: 1000, words: en }))
  assert.match(failure.seen ?? '', /ECONNREFUSED/)
})

test('an interruption ends the wait with its own reason', async () => {
  api = await startApi(notYet)
  const stop = new AbortController()
  const watched = api.nextWatch()
  const done = waiting(condition, LIMIT_MS, stop.signal)
  await watched
  stop.abort(new Error('interrupted'))
  try {
    await done
    assert.unreachable('it went on')
  } catch (error) {
    assert.is((error as Error).message, 'interrupted')
  }
})

test('what is missing now is told without waiting', async () => {
  api = await startApi()
  const kube = kubeOf(pod('reviews-v1'), pod('reviews-v2', { sidecar: false }))
  assert.equal(await missing(kube, podsWithSidecar('reviews-v1', 'reviews-v2', 'reviews-v3'), en), [
    'reviews-v2-5b5d6494f4-x7k2p: no sidecar istio-proxy',
    'reviews-v3: no pod',
  ])
})

test.run()
