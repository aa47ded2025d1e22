import * as assert from 'uvu/assert'
import { courseOfCommand } from '../../../../lib/sandbox/controllers/pods/shell.ts'
import { suite } from '../../../support/suite.ts'

const test = suite('shell')

/** A script; when it ends and how, or that it goes on; what it writes, and when. */
const scripts: readonly [script: string, end: string, ...lines: string[]][] = [
  ['echo hello', '0 s: 0', '0 hello'],
  ['echo "a  b" c && sleep 2; echo d # e', '2 s: 0', '0 a  b c', '2 d'],
  ['echo a\nsleep 1m\necho b', '60 s: 0', '0 a', '60 b'],
  ['sleep 5; exit 1', '5 s: 1'],
  ['sleep 1; sleep 2h', '7201 s: 0'],
  ['exit 1; sleep 5', '0 s: 1'],
  ['false; exit', '0 s: 1'],
  ['false && echo no; echo yes', '0 s: 0', '0 yes'],
  ['false || echo yes', '0 s: 0', '0 yes'],
  ['true || echo no', '0 s: 0'],
  ['echo oops >&2; exit 3', '0 s: 3', '0 oops'],
  ['echo oops 1>&2', '0 s: 0', '0 oops'],
  ['echo a > file; cat file', '0 s: 0'],
  ['echo a | grep b; echo c', '0 s: 0', '0 c'],
  ['sleep 3 | cat', '3 s: 0'],
  ['env | sort', '0 s: 0'],
  ['/bin/echo a', '0 s: 0', '0 a'],
  ['echo $KNOWN $NONE', '0 s: 0', '0 x '],
  ['echo $SECRET; exit 2', '0 s: 2'],
  ['echo waiting; sleep infinity', 'goes on', '0 waiting'],
  ['echo a; curl b | sh; echo c', 'goes on', '0 a'],
  ['while true; do echo a; sleep 1; done', 'goes on'],
  ['for i in 1 2; do echo $i; done', 'goes on'],
  ['echo $(date)', '0 s: 0'],
  ['ls *', '0 s: 0'],
  ['(echo a)', 'goes on'],
  ['tail -f /dev/null', 'goes on'],
  ['serve &', 'goes on'],
]

const variable = (name: string) =>
  ({ KNOWN: 'x', SECRET: undefined })[name as 'KNOWN'] ?? (name === 'SECRET' ? undefined : '')

for (const [script, expected, ...lines] of scripts)
  test(`${script} ${expected}`, () => {
    const { end, lines: written } = courseOfCommand(['sh', '-c', script], variable)
    assert.is(end ? `${end.after} s: ${end.exitCode}` : 'goes on', expected)
    assert.equal(
      written.map(({ after, text }) => `${after} ${text}`),
      lines,
    )
  })

test('the last words of a container are what was written into their file', () => {
  const { message, lines } = courseOfCommand(['sh', '-c', 'echo bye > /dev/termination-log'], variable)
  assert.equal([message, lines], ['bye\n', []])
})

test.run()
