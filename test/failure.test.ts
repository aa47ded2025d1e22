import * as assert from 'uvu/assert'
import { EXIT, Failure, notReady, usage } from '../lib/failure.ts'
import { suite } from './support/suite.ts'

const test = suite('failure')

const codes: { failure: Failure; exitCode: number; of: string }[] = [
  { failure: new Failure('the route never took effect'), exitCode: 1, of: 'a lesson that failed' },
  { failure: usage('there is no step "x" here'), exitCode: 2, of: 'wrong usage' },
  { failure: notReady('Docker cannot be used', {}), exitCode: 3, of: 'a machine that is not ready' },
  { failure: new Failure('Stopped.', { exitCode: EXIT.interrupted }), exitCode: 130, of: 'an interruption' },
]
for (const { failure, exitCode, of } of codes)
  test(`the exit code of ${of} is ${exitCode}`, () => {
    assert.is(failure.exitCode, exitCode)
  })

test('a failure carries what was seen, why, what mends it, and its cause', () => {
  const cause = new Error('connect ECONNREFUSED')
  const failure = new Failure('the page cannot be reached', { seen: 'HTTP 503', why: ['a'], mend: 'curl', cause })
  assert.is(failure.message, 'the page cannot be reached')
  assert.equal([failure.seen, failure.why, failure.mend], ['HTTP 503', ['a'], 'curl'])
  assert.is(failure.cause, cause)
  assert.is(failure.name, 'Failure')
})

test.run()
