import * as assert from 'uvu/assert'
import { rootSchema } from '../../../lib/sandbox/schema/built-in.ts'
import { strategicMergePatch } from '../../../lib/sandbox/schema/strategic-merge-patch.ts'
import { suite } from '../../support/suite.ts'
import { kindOf } from './kinds.ts'

const test = suite('strategic merge patch')

// biome-ignore lint/suspicious/noExplicitAny: any part of an object
type Part = any

const schema = rootSchema(kindOf('pods'), 'v1')
const patched = (spec: Part, patch: Part) => strategicMergePatch({ spec }, { spec: patch }, schema).spec as Part
const names = (...list: string[]) => list.map((name) => ({ name }))

const lists: readonly [what: string, current: Part, patch: Part, result: Part][] = [
  [
    'items merge by their key',
    { containers: [{ name: 'a', image: 'x' }] },
    { containers: [{ name: 'a', command: ['c'] }] },
    { containers: [{ name: 'a', image: 'x', command: ['c'] }] },
  ],
  ['new items come first', { containers: names('a') }, { containers: names('b') }, { containers: names('b', 'a') }],
  [
    'an item is deleted',
    { containers: names('a', 'b') },
    { containers: [{ name: 'a', $patch: 'delete' }] },
    { containers: names('b') },
  ],
  [
    'a list is replaced',
    { containers: names('a', 'b') },
    { containers: [{ $patch: 'replace' }, ...names('c')] },
    { containers: names('c') },
  ],
  [
    'items are put in the order that is told',
    { containers: names('a', 'b', 'c') },
    { '$setElementOrder/containers': names('c', 'b', 'a') },
    { containers: names('c', 'b', 'a') },
  ],
  [
    'items that the order does not tell of stay before those they stood before',
    { containers: names('x', 'a', 'b') },
    { '$setElementOrder/containers': names('b', 'a'), containers: [{ name: 'b', image: 'i' }] },
    { containers: [{ name: 'x' }, { name: 'b', image: 'i' }, { name: 'a' }] },
  ],
  [
    'what is new comes into the places of what is deleted, behind items that the order does not tell of',
    { containers: names('a', 'b', 'x') },
    {
      '$setElementOrder/containers': names('b', 'c', 'd'),
      containers: [{ name: 'a', $patch: 'delete' }, ...names('c', 'd')],
    },
    { containers: names('b', 'x', 'c', 'd') },
  ],
  [
    'a list that does not merge is replaced',
    { readinessGates: [{ conditionType: 'a' }] },
    { readinessGates: [] },
    { readinessGates: [] },
  ],
  ['a null removes', { nodeName: 'a', hostname: 'b' }, { nodeName: null }, { hostname: 'b' }],
  [
    'a map is replaced',
    { nodeSelector: { a: 'b' } },
    { nodeSelector: { $patch: 'replace', c: 'd' } },
    { nodeSelector: { c: 'd' } },
  ],
  ['a map is emptied', { nodeSelector: { a: 'b' } }, { nodeSelector: { $patch: 'delete' } }, { nodeSelector: {} }],
  [
    'only what is retained stays of a volume',
    { volumes: [{ name: 'v', emptyDir: {} }] },
    { volumes: [{ name: 'v', $retainKeys: ['name', 'secret'], secret: { secretName: 's' } }] },
    { volumes: [{ name: 'v', secret: { secretName: 's' } }] },
  ],
  [
    'directives and nulls in what is new mean nothing',
    {},
    { nodeSelector: { a: null, b: 'c' }, containers: [{ name: 'a', $patch: 'delete' }] },
    { nodeSelector: { b: 'c' }, containers: [] },
  ],
]

for (const [what, current, patch, result] of lists)
  test(what, () => {
    assert.equal(patched(current, patch), result)
  })

test('texts merge as a set, and are deleted by a list of their own', () => {
  const metadata = { finalizers: ['a/a', 'b/b'] }
  const merge = (patch: Part) =>
    (strategicMergePatch({ metadata }, { metadata: patch }, schema).metadata as Part).finalizers
  assert.equal(merge({ finalizers: ['c/c', 'a/a'] }), ['c/c', 'a/a', 'b/b'])
  assert.equal(merge({ '$deleteFromPrimitiveList/finalizers': ['a/a'] }), ['b/b'])
})

const mistakes: readonly [what: string, patch: Part, message: RegExp][] = [
  ['an unknown directive', { nodeSelector: { $patch: 'foo' } }, /^unknown patch type: foo in map: map\[\$patch:foo\]$/],
  ['an unknown directive of an item', { containers: [{ name: 'a', $patch: 'foo' }] }, /^unknown patch type: foo/],
  [
    'an item without its key',
    { containers: [{ image: 'x' }] },
    /^map: map\[image:x\] does not contain declared merge key: name$/,
  ],
  ['an item that is no object', { containers: ['a'] }, /^expected a map\[string\]interface {}, but received a string$/],
  [
    'an order that is no list',
    { '$setElementOrder/containers': 1 },
    /^expected a \[\]interface {}, but received a int64$/,
  ],
  [
    'an order that contradicts the list',
    { '$setElementOrder/containers': names('a', 'b'), containers: names('b', 'a') },
    /^The order in patch list:/,
  ],
  [
    'keys beside those that are retained',
    { volumes: [{ name: 'v', $retainKeys: ['name'], emptyDir: {} }] },
    /^invalid patch format of retainKeys$/,
  ],
]

for (const [what, patch, message] of mistakes)
  test(`${what} is refused`, () => {
    const current = { containers: names('a'), nodeSelector: { a: 'b' }, volumes: [{ name: 'v' }] }
    assert.throws(() => patched(current, patch), message)
  })

test('neither object nor patch is changed', () => {
  const current = { containers: [{ name: 'a', env: [{ name: 'A', value: '1' }] }] }
  const patch = { containers: [{ name: 'a', env: [{ name: 'A', value: '2' }] }] }
  const before = structuredClone([current, patch])
  patched(current, patch)
  assert.equal([current, patch], before)
})

test.run()
