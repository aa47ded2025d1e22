import * as assert from 'uvu/assert'
import { sameHost } from '../lib/hosts.ts'
import { suite } from './support/suite.ts'

const test = suite('hosts')

const pairs: [a: string, b: string, same: boolean][] = [
  ['reviews', 'reviews', true],
  ['reviews', 'reviews.default', true],
  ['reviews.default.svc.cluster.local', 'reviews', true],
  ['reviews.default', 'reviews.default.svc.cluster.local', true],
  ['reviews', 'ratings', false],
  ['reviews', 'reviews.other', false],
  ['reviews', 'reviews.other.svc.cluster.local', false],
  ['reviews', '*', false],
]
for (const [a, b, same] of pairs)
  test(`${a} and ${b} are ${same ? 'one service' : 'two'}`, () => {
    assert.is(sameHost(a, b), same)
  })

test.run()
