/** How much of lib the tests have run, in all the processes they started; lib/sandbox is measured by its own tests. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Percent of lib's lines. */
export const LINES_TO_COVER = 90

const root = join(import.meta.dirname, '..', '..')
const lib = pathToFileURL(join(root, 'lib')).href
const measured = (url: string) => url.startsWith(`${lib}/`) && !url.startsWith(`${lib}/sandbox/`)

interface ProcessCoverage {
  result: { url: string }[]
  'source-map-cache'?: Record<string, unknown>
}

/** Leaves only lib in what V8 wrote down: all else is megabytes for each process. */
export function keepLib(folder: string): void {
  if (!existsSync(folder)) return
  for (const file of readdirSync(folder)) {
    const path = join(folder, file)
    const coverage = JSON.parse(readFileSync(path, 'utf8')) as ProcessCoverage
    const maps = Object.entries(coverage['source-map-cache'] ?? {}).filter(([url]) => measured(url))
    const kept = {
      result: coverage.result.filter(({ url }) => measured(url)),
      'source-map-cache': Object.fromEntries(maps),
    }
    writeFileSync(path, JSON.stringify(kept))
  }
}

/** Percent of the lines that were run, and the table of files that lack some. */
export function lineCoverage(folder: string): { percent: number; table: string } {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [
      ...[join('node_modules', 'c8', 'bin', 'c8.js'), 'report', '--temp-directory', folder, '--reports-dir', folder],
      ...['--all', '--src', 'lib', '--include', 'lib/**/*.ts', '--exclude', 'lib/sandbox/**'],
      ...['--reporter', 'json-summary', '--reporter', 'text', '--skip-full'],
    ],
    { cwd: root, encoding: 'utf8' },
  )
  const summary = join(folder, 'coverage-summary.json')
  if (!existsSync(summary)) throw new Error(`c8 gives no summary: ${stderr}`)
  const { total } = JSON.parse(readFileSync(summary, 'utf8')) as { total: { lines: { pct: number } } }
  return { percent: total.lines.pct, table: stdout }
}
