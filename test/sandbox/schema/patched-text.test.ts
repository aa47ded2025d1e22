/** What a real server shows of an object that it cannot read after a patch (Kubernetes 1.29.2). */
import * as assert from 'uvu/assert'
import { patchedText } from '../../../lib/sandbox/schema/patched-text.ts'
import { suite } from '../../support/suite.ts'

const test = suite('the text of a patched object')
const object = {
  kind: 'ConfigMap',
  data: { n: 5, a: '1' },
  metadata: { name: 'b', labels: { z: '', q: '' }, uid: 'c' },
}
const add = (path: string) => ({ op: 'add', path, value: 5 })

const texts: readonly [string, unknown, string][] = [
  [
    'operations in one part',
    [add('/data/n')],
    '{"data":{"a":"1","n":5},"kind":"ConfigMap","metadata":{"name":"b","labels":{"z":"","q":""},"uid":"c"}}',
  ],
  [
    'operations in several parts',
    [add('/data/n'), add('/metadata/labels/q')],
    '{"data":{"a":"1","n":5},"kind":"ConfigMap","metadata":{"labels":{"q":"","z":""},"name":"b","uid":"c"}}',
  ],
  [
    'a merge',
    { data: { n: 5 }, metadata: { labels: { q: '' } } },
    '{"data":{"a":"1","n":5},"kind":"ConfigMap","metadata":{"labels":{"q":"","z":""},"name":"b","uid":"c"}}',
  ],
  [
    'an operation that moves from another part',
    [{ op: 'move', from: '/metadata/x', path: '/data/n' }],
    '{"data":{"a":"1","n":5},"kind":"ConfigMap","metadata":{"labels":{"z":"","q":""},"name":"b","uid":"c"}}',
  ],
]
for (const [title, patch, text] of texts) test(title, () => assert.is(patchedText(object, patch), text))

test('items of a list that were gone through, and only those', () => {
  const list = {
    items: [
      { b: 1, a: 1 },
      { b: 2, a: 2 },
    ],
  }
  assert.is(patchedText(list, [add('/items/1/a')]), '{"items":[{"b":1,"a":1},{"a":2,"b":2}]}')
})

test.run()
