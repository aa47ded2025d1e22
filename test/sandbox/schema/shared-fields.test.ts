/** Equal sets of fields are kept once. */
import * as assert from 'uvu/assert'
import { shared } from '../../../lib/sandbox/schema/shared-fields.ts'
import { suite } from '../../support/suite.ts'

const test = suite('shared fields')

test('equal sets are one and the same', () => {
  assert.ok(shared({ 'f:spec': { 'f:a': {} } }) === shared({ 'f:spec': { 'f:a': {} } }))
})

test('other sets stay apart', () => {
  assert.ok(shared({ 'f:spec': { 'f:a': {} } }) !== shared({ 'f:spec': { 'f:b': {} } }))
})

test.run()
