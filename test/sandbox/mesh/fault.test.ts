import { deepEqual, equal } from 'node:assert/strict'
import { drawFault, textResponse } from '../../../lib/sandbox/mesh/fault.ts'
import type { HTTPFaultInjection } from '../../../lib/sandbox/mesh/types.ts'
import { suite } from '../../support/suite.ts'

const test = suite('faults')

/** A rule, a draw, and what befalls the request: milliseconds of delay, status of an abort. */
const draws: readonly [HTTPFaultInjection | undefined, number, number, number | undefined][] = [
  [undefined, 0, 0, undefined],
  [{ delay: { fixedDelay: '7s', percentage: { value: 100 } } }, 0.999, 7_000, undefined],
  [{ delay: { fixedDelay: '7s', percentage: { value: 10 } } }, 0.099, 7_000, undefined],
  [{ delay: { fixedDelay: '7s', percentage: { value: 10 } } }, 0.1, 0, undefined],
  [{ delay: { fixedDelay: '1s', percent: 50 } }, 0.49, 1_000, undefined],
  // As istiod translates it: without a percentage nothing happens.
  [{ delay: { fixedDelay: '7s' } }, 0, 0, undefined],
  [{ abort: { httpStatus: 500, percentage: { value: 100 } } }, 0.999, 0, 500],
  [{ abort: { httpStatus: 500, percentage: { value: 0.1 } } }, 0.0009, 0, 500],
  [{ abort: { httpStatus: 500, percentage: { value: 0.1 } } }, 0.0011, 0, undefined],
  [{ abort: { httpStatus: 500, percentage: {} } }, 0, 0, undefined],
  [{ abort: { grpcStatus: 'NOT_FOUND', percentage: { value: 100 } } }, 0, 0, 200],
  [
    {
      delay: { fixedDelay: '2s', percentage: { value: 100 } },
      abort: { httpStatus: 503, percentage: { value: 100 } },
    },
    0.5,
    2_000,
    503,
  ],
]

for (const [rule, draw, delay, status] of draws)
  test(`${JSON.stringify(rule)}, drawn ${draw}: ${delay} ms, ${status ?? 'no abort'}`, () => {
    const fault = drawFault(rule, () => draw)
    deepEqual([fault.delay, fault.abort?.status], [delay, status])
  })

test('an abort says in words that it is one', () => {
  const { abort } = drawFault({ abort: { httpStatus: 500, percentage: { value: 100 } } }, () => 0)
  deepEqual(abort, {
    status: 500,
    headers: { 'content-length': '18', 'content-type': 'text/plain' },
    body: 'fault filter abort',
  })
})

test('an answer of Envoy itself without words has no type', () => {
  deepEqual(textResponse(404, '').headers, {})
  equal(textResponse(200, 'ж').headers['content-length'], '2')
})

test.run()
