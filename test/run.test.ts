import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as assert from 'uvu/assert'
import { projectFolder } from '../lib/state.ts'
import { temporaryFolder } from './support/folder.ts'
import { suite } from './support/suite.ts'

const test = suite('run')

const head = `
  import { suite } from '${pathToFileURL(join(projectFolder, 'test', 'support', 'suite.ts'))}'
  const test = suite('a suite')
`
const passes = `${head} test('passes', () => undefined); test.run()`

/** Runs the runner on these test files. */
function run(
  files: Readonly<Record<string, string>>,
  ...words: string[]
): { code: number | null; last: string; output: string } {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  for (const [file, code] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), code)
  }
  const { status, stdout } = spawnSync(
    process.execPath,
    ['--import', 'tsx/esm', 'test/run.ts', '--in', folder, ...words],
    {
      cwd: projectFolder,
      encoding: 'utf8',
    },
  )
  return { code: status, last: stdout.trimEnd().split('\n').at(-1) ?? '', output: stdout }
}

test('tests that pass end well, counted over all files', () => {
  const { code, last } = run({ 'a.test.ts': passes, 'deep/b.test.ts': passes, 'helper.ts': 'throw new Error()' })
  assert.equal([code, last], [0, '2 passed, 0 failed'])
})

/** Each goes wrong in its own way, and only the first of them in a way that uvu alone reports. */
const wrong: { title: string; code: string; says: string }[] = [
  {
    title: 'a test that fails',
    code: `${head} test('passes', () => undefined); test('fails', () => { throw new Error('no') }); test.run()`,
    says: '1 failed',
  },
  { title: 'a file that registers nothing', code: `${head} test.run()`, says: 'registered no test' },
  { title: 'a file that is empty', code: '', says: 'registered no test' },
  { title: 'a file that cannot be loaded', code: `import './nowhere.ts'`, says: 'registered no test' },
  {
    title: 'a file that forgets to run its tests',
    code: `${head} test('never', () => undefined)`,
    says: '1 of 1 tests did not run',
  },
  {
    title: 'a file that ends before its tests do',
    code: `${head} test('ends', () => process.exit(0)); test('never', () => undefined); test.run()`,
    says: '2 of 2 tests did not run',
  },
  {
    title: 'a test that waits for what never comes',
    code: `${head} test('hangs', () => new Promise(() => undefined)); test('never', () => undefined); test.run()`,
    says: '2 of 2 tests did not run',
  },
  {
    title: 'a hook that throws before the tests',
    code: `${head} test.before(() => { throw new Error('no') }); test('never', () => undefined); test.run()`,
    says: '1 failed',
  },
  {
    title: 'a hook that throws before each test',
    code: `${head} test.before.each(() => { throw new Error('no') }); test('never', () => undefined); test.run()`,
    says: '1 failed',
  },
  {
    title: 'a hook that throws after each test',
    code: `${head} test.after.each(() => { throw new Error('no') }); test('a', () => undefined); test.run()`,
    says: '1 failed',
  },
  {
    title: 'a hook that throws after the tests',
    code: `${head} test.after(() => { throw new Error('no') }); test('a', () => undefined); test.run()`,
    says: '1 failed',
  },
  {
    title: 'a promise that nobody waits for, and that fails',
    code: `${head}
      test('a', () => { void Promise.reject(new Error('lost')) })
      test('b', () => new Promise((done) => setImmediate(done)))
      test.run()`,
    says: '1 of 2 tests did not run',
  },
]
const wrongRun = run(Object.fromEntries(wrong.map(({ code }, i) => [`wrong-${i}.test.ts`, code])))

for (const [i, { title, says }] of wrong.entries())
  test(`${title} is a failure`, () => {
    assert.match(wrongRun.output, `\nFAIL wrong-${i}.test.ts: ${says}\n`)
  })

test('the last line counts them all, and the exit code is 1', () => {
  assert.match(wrongRun.last, /^\d+ passed, 12 failed$/)
  assert.is(wrongRun.code, 1)
})

test('what the machine lacks is skipped, with the reason, and counted', () => {
  const { code, last, output } = run({
    'a.test.ts': `${head} test('passes', () => undefined); test.skip('the page in a browser', 'no browser is installed'); test.run()`,
  })
  assert.equal([code, last], [0, '1 passed, 0 failed, 1 skipped'])
  assert.match(output, 'skipped: a suite: the page in a browser (no browser is installed)')
})

test('words choose the files whose path has one of them', () => {
  const { last, output } = run(
    { 'wait.test.ts': passes, 'page.test.ts': passes, 'deep/proof.test.ts': passes },
    'wait',
    'deep/',
  )
  assert.is(last, '2 passed, 0 failed')
  assert.not.match(output, 'page.test.ts')
})

test('words that choose nothing are a failure', () => {
  const { code, last, output } = run({ 'wait.test.ts': passes }, 'wiat')
  assert.match(output, 'no test file matches: wiat')
  assert.equal([code, last], [1, '0 passed, 1 failed'])
})

test.run()
