import { equal } from 'node:assert/strict'
import { isInRange } from '../../lib/sandbox/ranges.ts'
import { suite } from '../support/suite.ts'

const test = suite('ranges of addresses')

const cases: readonly [string, string, boolean][] = [
  ['10.1.2.3', '10.0.0.0/8', true],
  ['11.1.2.3', '10.0.0.0/8', false],
  ['10.1.2.3', '10.1.2.3', true],
  ['10.1.2.4', '10.1.2.3', false],
  ['fd00::1', 'fd00::/8', true],
  ['10.1.2.3', 'fd00::/8', false],
  ['', '10.0.0.0/8', false],
]

for (const [address, range, expected] of cases)
  test(`${address} in ${range}`, () => equal(isInRange(address, range), expected))

test.run()
