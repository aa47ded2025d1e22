import * as assert from 'uvu/assert'
import { memo } from '../../lib/sandbox/memo.ts'
import { suite } from '../support/suite.ts'

const test = suite('memo')

test('what was worked out of an object is not worked out again, whatever it is', () => {
  let times = 0
  const first = memo((list: readonly unknown[]) => {
    times++
    return list[0]
  })
  const [none, one] = [[], [1]]
  assert.equal([first(none), first(none), first(one), first(one), times], [undefined, undefined, 1, 1, 2])
})

test.run()
