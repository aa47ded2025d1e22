import { equal } from 'node:assert/strict'
import { isRefused } from '../../../lib/sandbox/mesh/refusals.ts'
import type { HTTPRoute } from '../../../lib/sandbox/mesh/types.ts'
import { suite } from '../../support/suite.ts'

const test = suite('what Envoy refuses')

const set = (value: string) => ({ response: { set: { a: value } } })
const cases: readonly [string, HTTPRoute, boolean][] = [
  ['a plain rule', { route: [{ destination: { host: 'a' } }] }, false],
  ['a redirect without a code', { redirect: { uri: '/' } }, false],
  ['a redirect of another kind', { redirect: { uri: '/', redirectCode: 300 } }, true],
  ['variables that are known', { headers: set('%REQ(a)% %PROTOCOL% 100%% %DYNAMIC_METADATA(a:b)%') }, false],
  ['a variable that is not', { headers: set('%UNKNOWN%') }, true],
  ['one at a destination', { route: [{ destination: { host: 'a' }, headers: set('%FOO(x)%') }] }, true],
  ['a query without a name', { match: [{ queryParams: { '': { exact: '1' } } }] }, true],
]

for (const [what, rule, expected] of cases) test(what, () => equal(isRefused(rule), expected))

test.run()
