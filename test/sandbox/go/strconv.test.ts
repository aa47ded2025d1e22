import * as assert from 'uvu/assert'
import { numError, uintError } from '../../../lib/sandbox/go/strconv.ts'
import { suite } from '../../support/suite.ts'

const test = suite('what strconv says')

const numbers: readonly [text: string, bits: 16 | 32, why: string | undefined][] = [
  ['0', 16, undefined],
  ['65535', 16, undefined],
  ['65536', 16, 'strconv.ParseUint: parsing "65536": value out of range'],
  ['65536', 32, undefined],
  ['4294967296', 32, 'strconv.ParseUint: parsing "4294967296": value out of range'],
  ['-1', 32, 'strconv.ParseUint: parsing "-1": invalid syntax'],
  ['', 32, 'strconv.ParseUint: parsing "": invalid syntax'],
]
for (const [text, bits, why] of numbers)
  test(`of "${text}" as a number of ${bits} bits: ${why ?? 'nothing'}`, () => {
    assert.is(uintError(text, bits), why)
  })

test('the text is quoted', () => {
  assert.is(numError('Atoi', 'a"b'), 'strconv.Atoi: parsing "a\\"b": invalid syntax')
})

test.run()
