import * as assert from 'uvu/assert'
import { type Condition, isTrue, setAtEnd, setInPlace } from '../../../lib/sandbox/controllers/conditions.ts'
import { suite } from '../../support/suite.ts'

const test = suite('conditions of objects')

const at = (type: string, status: Condition['status'], time: string, reason?: string): Condition => ({
  type,
  status,
  lastTransitionTime: time,
  ...(reason ? { reason } : {}),
})
const before = [at('Ready', 'False', 'early', 'Waiting'), at('Other', 'True', 'early')]

test('a condition is true only where its status says so', () => {
  assert.ok(isTrue(before, 'Other'))
  assert.not(isTrue(before, 'Ready'))
  assert.not(isTrue(undefined, 'Ready'))
})

test('set in place, a condition keeps its place, and its time where the status stays', () => {
  assert.equal(setInPlace(before, at('Ready', 'False', 'late', 'Why')), [
    at('Ready', 'False', 'early', 'Why'),
    before[1],
  ])
  assert.equal(setInPlace(before, at('Ready', 'True', 'late')), [at('Ready', 'True', 'late'), before[1]])
  assert.equal(setInPlace(before, at('New', 'True', 'late')).at(-1), at('New', 'True', 'late'))
})

test('set at the end, a condition moves there unless nothing of it changes', () => {
  assert.equal(setAtEnd(before, at('Ready', 'False', 'late', 'Waiting')), before)
  assert.equal(setAtEnd(before, at('Ready', 'False', 'late', 'Why')), [before[1], at('Ready', 'False', 'early', 'Why')])
  assert.equal(setAtEnd(before, at('Ready', 'True', 'late', 'Waiting')), [
    before[1],
    at('Ready', 'True', 'late', 'Waiting'),
  ])
})

test.run()
