import * as assert from 'uvu/assert'
import { commandLine, interruptible } from '../lib/interrupt.ts'
import { failureOf } from './support/failures.ts'
import { suite } from './support/suite.ts'

const test = suite('interrupt')

const listeners = () => [
  ...['SIGINT', 'SIGTERM', 'SIGHUP'].map((name) => process.listenerCount(name)),
  process.stdout.listenerCount('error'),
]

/** Rejects with the reason for which the run is stopped. */
const stopped = (signal: AbortSignal) =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  test(`${name} stops the run, says how to go on, and ends with 130`, async () => {
    const failure = await failureOf(() =>
      interruptible('Stopped. To go on: ./scripts/all.ts', (signal) => {
        const end = stopped(signal)
        process.emit(name, name)
        return end
      }),
    )
    assert.is(failure.message, 'Stopped. To go on: ./scripts/all.ts')
    assert.is(failure.exitCode, 130)
  })

test('a reader of the output who is gone stops the run as well', async () => {
  const failure = await failureOf(() =>
    interruptible('Stopped.', (signal) => {
      const end = stopped(signal)
      process.stdout.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
      return end
    }),
  )
  assert.is(failure.exitCode, 130)
})

test('whatever the stopped work throws, the interruption is the reason', async () => {
  const failure = await failureOf(() =>
    interruptible('Stopped.', async () => {
      process.emit('SIGINT', 'SIGINT')
      throw new TypeError('a socket was cut')
    }),
  )
  assert.is(failure.message, 'Stopped.')
})

test('without an interruption the result or the error is that of the work', async () => {
  assert.is(await interruptible('Stopped.', async () => 7), 7)
  try {
    await interruptible('Stopped.', () => Promise.reject(new RangeError('its own')))
    assert.unreachable()
  } catch (error) {
    assert.is((error as Error).message, 'its own')
  }
})

test('nothing listens any more when the work is done', async () => {
  const before = listeners()
  await interruptible('Stopped.', async () => undefined)
  assert.equal(listeners(), before)
})

test('the command to go on with is the one that was typed', () => {
  const usual = process.argv
  process.argv = ['node', 'scripts/all.ts', '--context', "my cloud's"]
  assert.is(commandLine('./scripts/all.ts'), "./scripts/all.ts --context 'my cloud'\\''s'")
  process.argv = usual
})

test.run()
