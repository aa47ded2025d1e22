import { deepEqual } from 'node:assert/strict'
import { Chunks } from '../../../../lib/sandbox/mesh/http1/chunks.ts'
import { suite } from '../../../support/suite.ts'

const test = suite('chunks')

/** The body and the rest; undefined where more has to come, 'bad' where it is none. All at once, and letter by letter. */
function read(text: string): unknown[] {
  return [[text], [...text]].map((parts) => {
    const chunks = new Chunks()
    for (const [index, part] of parts.entries()) {
      const rest = chunks.take(Buffer.from(part))
      if (rest === 'bad') return rest
      if (rest) return [chunks.body.toString(), rest.toString() + parts.slice(index + 1).join('')]
    }
    return undefined
  })
}

const cases: readonly [string, unknown][] = [
  ['0\r\n\r\n', ['', '']],
  ['3\r\nabc\r\n2\r\nde\r\n0\r\n\r\nGET', ['abcde', 'GET']],
  ['A;x=1\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n', ['0123456789', '']],
  ['1 \r\nx\r\n0\r\n\r\n', ['x', '']],
  ['3\r\nab', undefined],
  ['zz\r\n', 'bad'],
  ['\r\n', 'bad'],
  ['1\nx\n0\n\n', 'bad'],
  ['FFFFFFFFFFFF\r\n', 'bad'],
]

for (const [text, expected] of cases) test(JSON.stringify(text), () => deepEqual(read(text), [expected, expected]))

test.run()
