import * as assert from 'uvu/assert'
import { mergePatch } from '../../../lib/sandbox/kubectl/apply.ts'
import { suite } from '../../support/suite.ts'

const test = suite('what apply changes')

const cases: [title: string, before: unknown, wanted: unknown, live: unknown, patch: unknown][] = [
  ['nothing, where all is as wanted', { a: 1 }, { a: 1 }, { a: 1, b: 2 }, undefined],
  ['what is otherwise', {}, { a: 1 }, { a: 2 }, { a: 1 }],
  ['what is missing', {}, { a: { b: 1 } }, { a: {} }, { a: { b: 1 } }],
  ['what it no longer asks for', { a: 1, b: 1 }, { a: 1 }, { a: 1, b: 1, c: 1 }, { b: null }],
  ['nothing of what others have set', { a: 1 }, { a: 1 }, { a: 1, c: 1 }, undefined],
  ['nothing, where it is gone already', { a: 1, b: 1 }, { a: 1 }, { a: 1 }, undefined],
  ['a list as a whole', {}, { list: [1, 2] }, { list: [1] }, { list: [1, 2] }],
  [
    'nothing, where the server has added to items',
    {},
    { list: [{ a: 1 }] },
    { list: [{ a: 1, default: true }] },
    undefined,
  ],
]
for (const [title, before, wanted, live, patch] of cases)
  test(`it changes ${title}`, () => {
    assert.equal(mergePatch(before, wanted, live), patch)
  })

test.run()
