import * as assert from 'uvu/assert'
import type { Context, Controller } from '../../../lib/sandbox/controllers/controller.ts'
import { type Running, runControllers } from '../../../lib/sandbox/controllers/run.ts'
import { Store } from '../../../lib/sandbox/store/store.ts'
import { suite } from '../../support/suite.ts'
import { pod } from './cluster.ts'

const test = suite('running controllers')

let running: Running | undefined
test.after.each(() => running?.stop())

/** Runs one controller until it has looked as often as wanted; gives the keys it looked at. */
function looks(store: Store, wanted: number, reconcile: Controller['reconcile'] = () => undefined) {
  const seen: string[] = []
  const errors: string[] = []
  const done = new Promise<{ seen: string[]; errors: string[] }>((resolve) => {
    const controller: Controller = {
      name: 'test',
      client: 'kubelet',
      keys: ({ object }) => [object.metadata.name],
      reconcile: (key, context) => {
        seen.push(key)
        if (seen.length === wanted) resolve({ seen, errors })
        return reconcile(key, context)
      },
    }
    running = runControllers(
      store,
      [controller],
      () => ({ store }) as Context,
      (error, name, key) => errors.push(`${name} ${key}: ${(error as Error).message}`),
    )
  })
  return done
}

test('what is stored already is looked at once, at the start', async () => {
  const store = new Store()
  for (const name of ['a', 'b']) store.create('pods', pod(name))
  assert.equal((await looks(store, 2)).seen, ['a', 'b'])
})

test('changes that come together are looked at once', async () => {
  const store = new Store()
  const done = looks(store, 2)
  const made = store.create('pods', pod('a'))
  store.update('pods', { ...made, status: { phase: 'Running' } })
  store.create('pods', pod('b'))
  assert.equal((await done).seen, ['a', 'b'])
})

test('a controller is asked again after the time that it names', async () => {
  const store = new Store()
  store.create('pods', pod('a'))
  assert.equal((await looks(store, 3, () => 1)).seen, ['a', 'a', 'a'])
})

test('a time longer than a timer can take is not over at once', async () => {
  const store = new Store()
  store.create('pods', pod('a'))
  let count = 0
  await looks(store, 1, () => {
    count++
    return 2 ** 40
  })
  await new Promise((resolve) => setTimeout(resolve, 20))
  assert.is(count, 1)
})

test('a controller that throws is told of, and the others go on', async () => {
  const store = new Store()
  for (const name of ['a', 'b']) store.create('pods', pod(name))
  const { seen, errors } = await looks(store, 2, (key) => {
    if (key === 'a') throw new Error('broken')
    return undefined
  })
  assert.equal(seen, ['a', 'b'])
  assert.equal(errors, ['test a: broken'])
})

test('what fails is looked at again, each time after a longer pause', async () => {
  const store = new Store()
  store.create('pods', pod('a'))
  const times: number[] = []
  await looks(store, 5, () => {
    times.push(performance.now())
    return 'later'
  })
  const pauses = times.slice(1).map((time, index) => time - (times[index] as number))
  // Timers may be late, never early: 5, 10, 20 and 40 ms.
  const least = pauses.map((_pause, index) => 5 * 2 ** index - 1)
  assert.ok(
    pauses.every((pause, index) => pause >= (least[index] as number)),
    pauses.join(' '),
  )
})

test('once stopped, nothing is looked at', async () => {
  const store = new Store()
  store.create('pods', pod('a'))
  const { seen } = await looks(store, 1)
  running?.stop()
  store.create('pods', pod('b'))
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(seen, ['a'])
})

test.run()
