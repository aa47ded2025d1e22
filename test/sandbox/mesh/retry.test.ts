import { equal, ok } from 'node:assert/strict'
import { backOff, isRetriable, type Outcome, retryPolicy } from '../../../lib/sandbox/mesh/retry.ts'
import { suite } from '../../support/suite.ts'

const test = suite('retries')

const cases: readonly [string | undefined, Outcome, boolean][] = [
  [undefined, { status: 503 }, true],
  [undefined, { status: 500 }, false],
  [undefined, 'connection failure', true],
  [undefined, 'per-try timeout', false],
  ['5xx', { status: 500 }, true],
  ['5xx', { status: 404 }, false],
  ['5xx', 'per-try timeout', true],
  ['gateway-error', { status: 502 }, true],
  ['gateway-error', { status: 500 }, false],
  ['reset', 'connection failure', true],
  ['reset', { status: 503 }, false],
  ['retriable-4xx', { status: 409 }, true],
  ['418', { status: 418 }, true],
  ['418', { status: 503 }, false],
  ['gateway-error, 404', { status: 404 }, true],
]

for (const [retryOn, outcome, expected] of cases)
  test(`${retryOn ?? 'by default'}: ${JSON.stringify(outcome)} is ${expected ? '' : 'not '}tried again`, () => {
    const policy = retryPolicy(retryOn === undefined ? undefined : { attempts: 1, retryOn })
    equal(isRetriable(outcome, policy), expected)
  })

test('two retries by default, none where a rule says 0, as many as it says otherwise', () => {
  equal(retryPolicy(undefined).attempts, 2)
  equal(retryPolicy({ attempts: 0 }).attempts, 0)
  equal(retryPolicy({}).attempts, 0)
  equal(retryPolicy({ attempts: 5, perTryTimeout: '2s' }).attempts, 5)
  equal(retryPolicy({ attempts: 5, perTryTimeout: '2s' }).perTryTimeout, 2_000)
})

test('pauses grow, to a quarter of a second at most', () => {
  equal(backOff(1, 1), 25)
  equal(backOff(2, 1), 75)
  equal(backOff(9, 1), 250)
  ok(backOff(3, 0) === 0)
})

test.run()
