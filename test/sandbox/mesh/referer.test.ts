import { equal } from 'node:assert/strict'
import { isReferer } from '../../../lib/sandbox/mesh/referer.ts'
import { suite } from '../../support/suite.ts'

const test = suite('referers')

const cases: readonly [string, boolean][] = [
  ['http://localhost:8080/productpage', true],
  ['https://a.example/b?c=d', true],
  ['relative', true],
  ['/a?b=c', true],
  ['/a:b', true],
  ['/a?b=<c>', false],
  ['javascript:alert(1)', false],
  ['http://x/\xe4', false],
  ['http://x/#a', false],
  ['http://user@x/', false],
]

for (const [value, expected] of cases) test(value, () => equal(isReferer(value), expected))

test.run()
