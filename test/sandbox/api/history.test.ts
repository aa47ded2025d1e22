import * as assert from 'uvu/assert'
import { History } from '../../../lib/sandbox/api/history.ts'
import { Store } from '../../../lib/sandbox/store/store.ts'
import { suite } from '../../support/suite.ts'

const test = suite('history')

/** A history of one ConfigMap with so many changes, each of so many bytes. */
function afterChanges(count: number, size: number) {
  const store = new Store()
  const history = new History(store)
  const metadata = { name: 'a', namespace: 'default' }
  const map = (index: number) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata,
    data: { index: String(index), value: 'x'.repeat(size) },
  })
  store.create('configmaps', map(0))
  for (let index = 1; index < count; index++) store.update('configmaps', map(index))
  return { store, history }
}

const MIB = 1024 * 1024

const cases: [title: string, count: number, size: number, leastKnown: number, mostKnown: number][] = [
  ['all of a few changes', 50, 10, 50, 50],
  ['thousands of small changes, not all of a great many', 10_000, 10, 3000, 6000],
  ['few large changes', 100, MIB, 20, 64],
]
for (const [title, count, size, leastKnown, mostKnown] of cases)
  test(`knows ${title}`, () => {
    const { store, history } = afterChanges(count, size)
    const known = history.since(history.oldest)?.length ?? 0
    assert.ok(known >= leastKnown && known <= mostKnown, String(known))
    assert.is(store.revision - history.oldest, known)
    const isAllKnown = known === count
    assert.is(history.since(history.oldest - 1) === undefined, true)
    assert.is(history.listAt('configmaps', undefined, history.oldest)?.length, isAllKnown ? 0 : 1)
  })

test.run()
