import * as assert from 'uvu/assert'
import { type LabelSelector, selects } from '../../lib/sandbox/selectors.ts'
import { suite } from '../support/suite.ts'

const test = suite('label selectors')

const labels = { app: 'web', version: 'v1' }
const expression = (
  key: string,
  operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist',
  values?: string[],
): LabelSelector => ({
  matchExpressions: [{ key, operator, ...(values ? { values } : {}) }],
})
const cases: [selector: LabelSelector | undefined, selected: boolean][] = [
  [undefined, false],
  [{}, true],
  [{ matchLabels: { app: 'web' } }, true],
  [{ matchLabels: { app: 'web', version: 'v2' } }, false],
  [expression('app', 'In', ['web', 'db']), true],
  [expression('app', 'In', ['db']), false],
  [expression('missing', 'In', ['web']), false],
  [expression('app', 'NotIn', ['db']), true],
  [expression('missing', 'NotIn', ['db']), true],
  [expression('app', 'NotIn', ['web']), false],
  [expression('app', 'Exists'), true],
  [expression('missing', 'Exists'), false],
  [expression('missing', 'DoesNotExist'), true],
  [expression('app', 'DoesNotExist'), false],
  [{ matchLabels: { app: 'web' }, ...expression('version', 'In', ['v2']) }, false],
]
for (const [selector, selected] of cases)
  test(`${JSON.stringify(selector) ?? 'no selector'} ${selected ? 'selects' : 'does not select'} a pod of web v1`, () => {
    assert.is(selects(selector, labels), selected)
  })

test.run()
