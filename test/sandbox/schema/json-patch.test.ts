import * as assert from 'uvu/assert'
import { applyJsonPatch } from '../../../lib/sandbox/schema/json-patch.ts'
import { suite } from '../../support/suite.ts'

const test = suite('JSON patches')

/** As the API server answers them. */
const cases: readonly [title: string, before: object, operation: object, after: object][] = [
  ['a field that is not there is replaced', { a: 1 }, { op: 'replace', path: '/b', value: 2 }, { a: 1, b: 2 }],
  ['a value that is not said is null', { a: 1 }, { op: 'replace', path: '/a' }, { a: null }],
  ['so is one that is added', {}, { op: 'add', path: '/a' }, { a: null }],
  ['the last item is removed by -1', { a: [1, 2, 3] }, { op: 'remove', path: '/a/-1' }, { a: [1, 2] }],
  ['one before it is replaced', { a: [1, 2] }, { op: 'replace', path: '/a/-2', value: 0 }, { a: [0, 2] }],
  ['an item is added behind the last', { a: [1, 2] }, { op: 'add', path: '/a/-1', value: 3 }, { a: [1, 2, 3] }],
  ['an item is moved from the end', { a: [1, 2] }, { op: 'move', from: '/a/-1', path: '/a/0' }, { a: [2, 1] }],
  ['within an item of a list', { a: [{ b: 1 }] }, { op: 'remove', path: '/a/-1/b' }, { a: [{}] }],
  ['a field may be called -1', { '-1': 1 }, { op: 'remove', path: '/-1' }, {}],
]
for (const [title, before, operation, after] of cases)
  test(title, () => {
    assert.equal(applyJsonPatch(before, [operation]), after)
  })

test('there is nothing before the first item', () => {
  assert.throws(() => applyJsonPatch({ a: [1] }, [{ op: 'remove', path: '/a/-2' }]), /the server rejected our request/)
})

test.run()
