/**
 * Runs the tests: every `*.test.ts` below test/, or those whose path contains one of the words given, each file in a
 * process of its own, three at a time. Fails when a file registers no test or a registered test did not run, and, where
 * all are run, when too little of lib was covered.
 * The last line is `N passed, N failed` (with `, N skipped` where a test could not run on this machine).
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { keepLib, LINES_TO_COVER, lineCoverage } from './support/coverage.ts'
import type { Counts } from './support/suite.ts'

/** For one file; a hanging test must not hang the run. */
const FILE_LIMIT_MS = 300_000

const root = join(import.meta.dirname, '..')
const { values, positionals: words } = parseArgs({
  // Another folder of tests than the project's: the runner's own test gives it files that go wrong.
  options: { in: { type: 'string' } },
  allowPositionals: true,
})
const folder = values.in ?? join(root, 'test')
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts') && !file.startsWith('real/'))
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  // Stories take longest: started first, they end with the rest.
  .sort((a, b) => Number(b.startsWith('e2e/')) - Number(a.startsWith('e2e/')) || a.localeCompare(b))

const scratch = mkdtempSync(join(tmpdir(), 'istio-lesson-test-'))
const total: Counts = { registered: 0, passed: 0, failed: 0, skipped: 0 }
const faults: string[] = []
const coverage = words.length === 0 && !values.in ? join(scratch, 'coverage') : undefined

function run(file: string, index: number): Promise<void> {
  const countsFile = join(scratch, `${index}.json`)
  const child = spawn(process.execPath, ['--import', 'tsx/esm', join(folder, file)], {
    cwd: root,
    env: {
      ...process.env,
      TEST_COUNTS: countsFile,
      FORCE_COLOR: '0',
      ...(coverage && mirrorsLib(file) ? { NODE_V8_COVERAGE: coverage } : {}),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: FILE_LIMIT_MS,
    killSignal: 'SIGKILL',
  })
  const start = performance.now()
  let output = ''
  child.stdout.on('data', (data) => (output += data))
  child.stderr.on('data', (data) => (output += data))
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      const counts = existsSync(countsFile) ? (JSON.parse(readFileSync(countsFile, 'utf8')) as Counts) : undefined
      const fault = faultOf(counts, code, signal)
      if (fault) faults.push(`${file}: ${fault}`)
      for (const key of Object.keys(total) as (keyof Counts)[]) total[key] += counts?.[key] ?? 0
      const skips = output.split('\n').filter((line) => line.startsWith('skipped: '))
      const seconds = ((performance.now() - start) / 1000).toFixed(1)
      console.log(
        `${fault ? 'FAIL' : 'ok  '} ${file} (${counts?.passed ?? 0}) ${seconds} s${skips.map((line) => `\n     ${line}`).join('')}`,
      )
      if (fault) console.log(output.replace(/^/gm, '     '))
      resolve()
    })
  })
}

/** Stories and the sandbox's tests run lib too, but in so many processes that counting them would cost a minute. */
function mirrorsLib(file: string): boolean {
  return !/^(e2e|sandbox)\//.test(file)
}

function faultOf(counts: Counts | undefined, code: number | null, signal: string | null): string | undefined {
  if (signal) return `stopped by ${signal} (limit ${FILE_LIMIT_MS / 1000} s)`
  if (!counts || counts.registered === 0) return 'registered no test'
  if (counts.failed > 0) return `${counts.failed} failed`
  const ran = counts.passed + counts.skipped
  if (ran !== counts.registered) return `${counts.registered - ran} of ${counts.registered} tests did not run`
  return code === 0 ? undefined : `exit code ${code}`
}

function checkCoverage(reports: string): void {
  keepLib(reports)
  const { percent, table } = lineCoverage(reports)
  if (percent < LINES_TO_COVER) {
    console.log(table)
    faults.push(`${percent} % of lib's lines are covered, ${LINES_TO_COVER} % should be`)
  } else console.log(`ok   coverage of lib: ${percent} % of lines`)
}

const queue = files.entries()
await Promise.all(
  // One more than there are cores: stories wait for their clusters half of the time.
  Array.from({ length: Math.min(2, availableParallelism()) + 1 }, async () => {
    for (const [index, file] of queue) await run(file, index)
  }),
)
if (coverage) checkCoverage(coverage)
rmSync(scratch, { recursive: true, force: true })

if (files.length === 0) faults.push(`no test file matches: ${words.join(' ')}`)
for (const fault of faults) console.log(`FAIL ${fault}`)
// A file that broke outside of its tests counts as one failure, so that the last line never looks green.
const failed = Math.max(total.failed, faults.length)
console.log(`${total.passed} passed, ${failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`)
process.exitCode = failed > 0 ? 1 : 0
