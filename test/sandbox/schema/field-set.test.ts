import * as assert from 'uvu/assert'
import type { FieldSet } from '../../../lib/sandbox/objects.ts'
import {
  difference,
  fromFieldSet,
  intersection,
  paths,
  pathText,
  toFieldSet,
  union,
  withoutBranches,
} from '../../../lib/sandbox/schema/field-set.ts'
import { suite } from '../../support/suite.ts'

const test = suite('sets of fields')

const a: FieldSet = { 'f:data': { '.': {}, 'f:a': {}, 'f:b': {} }, 'f:type': {} }
const b: FieldSet = { 'f:data': { 'f:b': {}, 'f:c': {} } }

const operations = { union, intersection, difference, withoutBranches }
const results: readonly [name: keyof typeof operations, result: FieldSet][] = [
  ['union', { 'f:data': { '.': {}, 'f:a': {}, 'f:b': {}, 'f:c': {} }, 'f:type': {} }],
  ['intersection', { 'f:data': { 'f:b': {} } }],
  ['difference', { 'f:data': { '.': {}, 'f:a': {} }, 'f:type': {} }],
]

for (const [name, result] of results)
  test(`${name} of two sets`, () => {
    assert.equal(toFieldSet(operations[name](fromFieldSet(a), fromFieldSet(b))), result)
  })

test('a branch goes with all that is below it', () => {
  assert.equal(toFieldSet(withoutBranches(fromFieldSet(a), fromFieldSet({ 'f:data': {} }))), { 'f:type': {} })
})

test('a set is written as it was read', () => {
  const set: FieldSet = { 'f:a': { '.': {}, 'k:{"name":"x"}': { '.': {}, 'f:b': {} } }, 'f:c': { 'v:"y"': {} } }
  assert.equal(toFieldSet(fromFieldSet(set)), set)
})

const texts: readonly [set: FieldSet, text: string][] = [
  [{ 'f:spec': { 'f:replicas': {} } }, '.spec.replicas'],
  [{ 'f:containers': { 'k:{"name":"c"}': { 'f:image': {} } } }, '.containers[name="c"].image'],
  [{ 'f:ports': { 'k:{"containerPort":80,"protocol":"TCP"}': {} } }, '.ports[containerPort=80,protocol="TCP"]'],
  [{ 'f:finalizers': { 'v:"a/b"': {} } }, '.finalizers[="a/b"]'],
]

for (const [set, text] of texts)
  test(`a path reads ${text}`, () => {
    const fields = { ...fromFieldSet(set), isMember: false }
    assert.equal(paths(fields).map(pathText), [text])
  })

test.run()
