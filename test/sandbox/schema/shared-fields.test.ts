/** Equal sets of fields are kept once. */
import * as assert from 'uvu/assert'
import { shared } from '../../../lib/sandbox/schema/shared-fields.ts'
import { suite } from '../../support/suite.ts'

const test = suite('shared fields')

const fields = (name: string) => ({ 'f:spec': { [`f:${name}`]: {} } })

test('equal sets are one and the same', () => {
  const first = shared(fields('a'))
  assert.is(shared(fields('a')), first)
})

test('other sets stay apart', () => {
  assert.is.not(shared(fields('b')), shared(fields('a')))
})

test.run()
