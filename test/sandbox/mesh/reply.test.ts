import { deepEqual, equal, match } from 'node:assert/strict'
import type { HttpResponse } from '../../../lib/sandbox/mesh/http.ts'
import { isAnswer, outcomeOf, type Result, refused, replyOf, statusOf } from '../../../lib/sandbox/mesh/reply.ts'
import { TIMED_OUT } from '../../../lib/sandbox/mesh/time.ts'
import { suite } from '../../support/suite.ts'

const test = suite('what a try comes to')

const error: HttpResponse = { status: 500, headers: {}, body: 'broken' }
const ok: HttpResponse = { status: 200, headers: {}, body: 'fine' }

const results: [string, Result, { status: number; isAnswer: boolean; outcome: unknown }][] = [
  ['an answer', ok, { status: 200, isAnswer: true, outcome: ok }],
  ['an error of the service', error, { status: 500, isAnswer: true, outcome: error }],
  ['a refused connection', refused, { status: 503, isAnswer: false, outcome: 'connection failure' }],
  ['a try that took too long', TIMED_OUT, { status: 504, isAnswer: false, outcome: 'per-try timeout' }],
]

for (const [name, result, expected] of results) {
  test(`${name} counts for retries and for the endpoint's health`, () => {
    deepEqual({ status: statusOf(result), isAnswer: isAnswer(result), outcome: outcomeOf(result) }, expected)
  })
}

const replies: [string, Result, number, boolean, { status: number; flags?: string; details: string }][] = [
  ['an answer is handed on', ok, 1, false, { status: 200, details: 'via_upstream' }],
  ['an error is handed on', error, 1, false, { status: 500, details: 'via_upstream' }],
  ['an error after the last retry says so', error, 3, true, { status: 500, flags: 'URX', details: 'via_upstream' }],
  ['a good last retry is just an answer', ok, 3, true, { status: 200, details: 'via_upstream' }],
  ['a timeout', TIMED_OUT, 1, false, { status: 504, flags: 'UT', details: 'upstream_per_try_timeout' }],
  [
    'a timeout of the last retry',
    TIMED_OUT,
    3,
    true,
    { status: 504, flags: 'URX,UT', details: 'upstream_per_try_timeout' },
  ],
]

for (const [name, result, attempt, isUsedUp, expected] of replies) {
  test(name, () => {
    const { response, flags, details } = replyOf(result, attempt, isUsedUp)
    deepEqual({ status: response.status, ...(flags ? { flags } : {}), details }, expected)
  })
}

test('a refused connection is told in the words of Envoy, and of the retries before', () => {
  const first = replyOf(refused, 1, false)
  const later = replyOf(refused, 2, true)
  equal(first.flags, 'UF')
  equal(later.flags, 'URX,UF')
  match(
    String(first.response.body),
    /before headers. reset reason: remote connection failure, transport failure reason: /,
  )
  match(String(later.response.body), /before headers. retried and the latest reset reason: /)
  equal(first.transportFailure, 'delayed_connect_error:_Connection_refused')
})

test.run()
