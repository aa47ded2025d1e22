import * as assert from 'uvu/assert'
import { rootSchema } from '../../../lib/sandbox/schema/built-in.ts'
import { fromFieldSet } from '../../../lib/sandbox/schema/field-set.ts'
import { mergeApplied, removeFields } from '../../../lib/sandbox/schema/merge-fields.ts'
import { suite } from '../../support/suite.ts'
import { kindOf } from './kinds.ts'

const test = suite('merging of fields')

// biome-ignore lint/suspicious/noExplicitAny: any part of an object
type Part = any

const schema = rootSchema(kindOf('pods'), 'v1')
const names = (text: string) => [...text].map((name) => ({ name }))
const order = (live: string, applied: string) => {
  const merged = mergeApplied({ spec: { containers: names(live) } }, { spec: { containers: names(applied) } }, schema)
  return (merged as Part).spec.containers.map(({ name }: Part) => name).join('')
}

const orders: readonly [live: string, applied: string, merged: string][] = [
  ['abc', 'abc', 'abc'],
  ['abc', '', 'abc'],
  ['', 'ab', 'ab'],
  ['abc', 'd', 'abcd'],
  ['abc', 'cb', 'acb'],
  ['abcd', 'bxd', 'abcxd'],
  ['abc', 'ca', 'bca'],
]

for (const [live, applied, merged] of orders)
  test(`${live || 'nothing'} with ${applied || 'nothing'} applied is ${merged}`, () => {
    assert.is(order(live, applied), merged)
  })

test('a whole is taken as a whole', () => {
  const live = { spec: { containers: [{ name: 'c', args: ['a', 'b'] }] } }
  const applied = { spec: { containers: [{ name: 'c', args: ['x'] }] } }
  assert.equal(mergeApplied(live, applied, schema), applied)
})

test('fields, items and what is left empty are removed', () => {
  const pod = {
    spec: { containers: [{ name: 'a', image: 'x' }, { name: 'b' }], nodeSelector: { a: 'b' }, hostname: 'h' },
  }
  const fields = fromFieldSet({
    'f:spec': {
      'f:containers': { 'k:{"name":"a"}': { 'f:image': {} }, 'k:{"name":"b"}': { '.': {}, 'f:name': {} } },
      'f:hostname': {},
    },
  })
  assert.equal(removeFields(pod, { ...fields, isMember: false }, schema), {
    spec: { containers: [{ name: 'a' }], nodeSelector: { a: 'b' } },
  })
})

test.run()
