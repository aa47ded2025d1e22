import { equal } from 'node:assert/strict'
import { parseDuration } from '../../../lib/sandbox/mesh/duration.ts'
import { suite } from '../../support/suite.ts'

const test = suite('durations')

const durations: readonly [string, number | undefined][] = [
  ['7s', 7_000],
  ['0.5s', 500],
  ['.5s', 500],
  ['300ms', 300],
  ['1m30s', 90_000],
  ['1h', 3_600_000],
  ['2us', 0.002],
  ['0', 0],
  ['0s', 0],
  ['-1s', -1_000],
  ['5', undefined],
  ['1d', undefined],
  ['', undefined],
  ['s', undefined],
  ['1 s', undefined],
]

for (const [text, expected] of durations)
  test(`"${text}" is ${expected === undefined ? 'no duration' : `${expected} ms`}`, () => {
    equal(parseDuration(text), expected)
  })

test.run()
