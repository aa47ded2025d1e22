import * as assert from 'uvu/assert'
import { retry } from '../lib/retry.ts'
import { suite } from './support/suite.ts'

const test = suite('retry')

/** Fails so many times before it succeeds, and counts its tries. */
function failing(times: number, error: () => unknown = () => new Error('not yet')) {
  const tries = { count: 0 }
  const attempt = async () => {
    if (++tries.count <= times) throw error()
    return 'done'
  }
  return { tries, attempt }
}

async function messageOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => assert.unreachable('it succeeded') as never,
    (error) => (error as Error).message,
  )
}

test('what gets better is tried until it does', async () => {
  const { tries, attempt } = failing(3)
  assert.is(await retry(attempt, { limitMs: 10_000, firstPauseMs: 1 }), 'done')
  assert.is(tries.count, 4)
})

test('the last error is the one that is told when the limit is over', async () => {
  let number = 0
  const attempt = () => Promise.reject(new Error(`try ${++number}`))
  const message = await messageOf(retry(attempt, { limitMs: 60, firstPauseMs: 1 }))
  assert.ok(number > 1)
  assert.is(message, `try ${number}`)
})

test('what cannot be mended is not tried again', async () => {
  const { tries, attempt } = failing(5, () => new Error('forbidden'))
  const canMend = (error: Error) => error.message !== 'forbidden'
  assert.is(await messageOf(retry(attempt, { limitMs: 10_000, firstPauseMs: 1, canMend })), 'forbidden')
  assert.is(tries.count, 1)
})

test('a refused connection, a TypeError of fetch, is tried again', async () => {
  const { tries, attempt } = failing(1, () => new TypeError('fetch failed'))
  await retry(attempt, { limitMs: 10_000, firstPauseMs: 1 })
  assert.is(tries.count, 2)
})

test('what is thrown and is no Error keeps its words', async () => {
  const { attempt } = failing(9, () => 'plain words')
  assert.is(await messageOf(retry(attempt, { limitMs: 30, firstPauseMs: 1 })), 'plain words')
})

test('an interruption ends the tries with its own reason', async () => {
  const stop = new AbortController()
  const { tries, attempt } = failing(Number.POSITIVE_INFINITY, () => {
    stop.abort(new Error('interrupted'))
    return new Error('not yet')
  })
  assert.is(await messageOf(retry(attempt, { limitMs: 10_000, signal: stop.signal, firstPauseMs: 1 })), 'interrupted')
  assert.is(tries.count, 1)
})

test.run()
