import * as assert from 'uvu/assert'
import { commandFailed, EXIT, Failure, notReady, usage } from '../lib/failure.ts'
import { lessonIn } from '../lib/words/lesson.ts'
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

test('a failure is told in the language of its reader, its message stays English', async () => {
  const failure = commandFailed('kubectl get dr', 1, 'refused')
  assert.is(failure.message, '`kubectl get dr` failed with exit code 1')
  assert.is(failure.what(await lessonIn('ru')), 'команда `kubectl get dr` не удалась, код выхода 1')
})

test('with more that is known it stays the same failure, and names the first as its cause', async () => {
  const first = new Failure((words) => words.apiAway, { seen: 'ECONNREFUSED', exitCode: 3 })
  const told = first.with({ mend: 'docker start kind-control-plane' })
  assert.is(told.what(await lessonIn('ru')), 'API кластера не отвечает')
  assert.equal([told.seen, told.mend, told.exitCode], ['ECONNREFUSED', 'docker start kind-control-plane', 3])
  assert.is(told.cause, first)
})

test.run()
