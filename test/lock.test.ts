import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import * as assert from 'uvu/assert'
import { takeLock } from '../lib/lock.ts'
import { lockFile } from '../lib/state.ts'
import { en } from '../lib/words/en.ts'
import { failureOf } from './support/failures.ts'
import { temporaryFolder } from './support/folder.ts'
import { shellPrograms } from './support/programs.ts'
import { suite } from './support/suite.ts'

const test = suite('lock')

const lab = { target: 'sandbox', name: 'kind' } as const
const take = (name = 'kind') => takeLock({ ...lab, name }, './scripts/all.ts', en)

/** A lock as another run has left it. */
function leave(holder: unknown): void {
  mkdirSync(dirname(lockFile(lab)), { recursive: true })
  writeFileSync(lockFile(lab), typeof holder === 'string' ? holder : JSON.stringify(holder))
}

const held = () => (JSON.parse(readFileSync(lockFile(lab), 'utf8')) as { pid: number }).pid

let other: ChildProcess | undefined
test.before.each(() => {
  process.env.LAB_HOME = temporaryFolder()
})
test.after.each(() => {
  other?.kill('SIGKILL')
  other = undefined
})

test('a lock is there while a run is at work, and gone afterwards', () => {
  const release = take()
  assert.is(held(), process.pid)
  release()
  assert.equal(readdirSync(dirname(lockFile(lab))), [])
})

test('a second run in the same lab is told who is at work, and how to end that', async () => {
  const release = take()
  const failure = await failureOf(() => take())
  assert.is(failure.message, 'another run is at work in this lab')
  assert.is(failure.seen, `process ${process.pid}: ./scripts/all.ts`)
  assert.is(failure.mend, `kill ${process.pid}`)
  assert.is(held(), process.pid, 'the first still has it')
  release()
})

test('a run in another lab is not in the way', () => {
  const release = take()
  take('two')()
  release()
})

test('a lock whose process is gone is taken over', async () => {
  other = spawn('true')
  const { pid } = other
  await once(other, 'exit')
  leave({ pid, program: 'all.ts', command: './scripts/all.ts' })
  const release = take()
  assert.is(held(), process.pid)
  release()
})

test('a lock whose process number now belongs to another program is taken over', () => {
  other = spawn('sleep', ['600'])
  leave({ pid: other.pid, program: 'all.ts', command: './scripts/all.ts' })
  take()()
})

test('a lock whose program is alive is respected, whatever the clock says', async () => {
  other = spawn('sleep', ['600'])
  leave({ pid: other.pid, program: 'sleep', command: './scripts/03-version-route.ts' })
  const failure = await failureOf(() => take())
  assert.is(failure.seen, `process ${other.pid}: ./scripts/03-version-route.ts`)
})

/** Each way a machine tells, or does not, what a process was started with; here a script's run. */
const machines: [title: string, programs: Record<string, string>][] = [
  ['no ps', {}],
  ['a ps that knows none of its options', { ps: 'echo "ps: unrecognized option: p" >&2; exit 1' }],
  [
    'a ps that cuts commands off unless told otherwise',
    { ps: '[ "$1" = -ww ] && exec echo node /a/long/path/scripts/all.ts; echo node /a/long/pa' },
  ],
]
for (const [title, programs] of machines)
  test(`a lock whose process is alive is respected on a machine with ${title}`, async () => {
    const path = process.env.PATH
    other = spawn('sleep', ['600'])
    leave({ pid: other.pid, program: 'all.ts', command: './scripts/all.ts' })
    process.env.PATH = shellPrograms(programs)
    try {
      assert.is((await failureOf(() => take())).message, 'another run is at work in this lab')
    } finally {
      process.env.PATH = path
    }
  })

for (const text of ['', '{"pid":'])
  test(`a damaged lock (${JSON.stringify(text)}) is nobody's`, () => {
    leave(text)
    take()()
  })

test('a lock that somebody else has taken since is not released', () => {
  const release = take()
  leave({ pid: 1, program: basename('init'), command: 'x' })
  release()
  assert.ok(existsSync(lockFile(lab)))
})

test('of many runs that find a stale lock at once, one gets it', async () => {
  leave({ pid: 999_999_999, program: 'gone', command: 'x' })
  const code = `
    import { takeLock } from './lib/lock.ts'
    import { en } from './lib/words/en.ts'
    process.argv[1] = process.execPath
    try {
      takeLock({ target: 'sandbox', name: 'kind' }, 'x', en)
      console.log('taken')
    } catch (error) {
      console.log(error.message)
    }
    process.stdin.resume()`
  const runs = Array.from({ length: 4 }, () =>
    spawn(process.execPath, ['--import', 'tsx/esm', '--input-type=module', '-e', code], { env: { ...process.env } }),
  )
  const said = await Promise.all(runs.map(async (run) => String(await once(run.stdout, 'data'))))
  for (const run of runs) run.stdin.end()
  assert.is(said.filter((line) => line.startsWith('taken')).length, 1, said.join(''))
})

test.run()
