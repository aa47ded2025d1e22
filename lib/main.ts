/** The frame of every script: runs where the script was the one that was started, and gives its exit code. */
import { realpathSync } from 'node:fs'
import { basename } from 'node:path'
import { EXIT } from './failure.ts'
import type { Section } from './lesson.ts'
import type { Lesson } from './words/lesson.ts'

/** True in the module that node was started with, false in one that another imports. */
export function isMain(meta: ImportMeta): boolean {
  const started = process.argv[1]
  return started !== undefined && realpathSync(started) === meta.filename
}

/**
 * The end of every section's script: runs the sections with the options of the command line, where this script was the
 * one that was started. What costs time to load is loaded only when something is run.
 */
export async function main(meta: ImportMeta, sections: readonly [Section, ...Section[]]): Promise<void> {
  if (!isMain(meta)) return
  const script = `./scripts/${basename(meta.filename)}`
  await guarded(async () => {
    const [{ parseOptions }, words] = await Promise.all([import('./options.ts'), wordsAsked()])
    const about = sections.length > 1 ? words.wholeLesson : words.title(sections[0])
    const options = parseOptions(script, about, process.argv.slice(2), words.options)
    if (!options) return EXIT.done
    const { runLesson } = await import('./runner.ts')
    return runLesson({ script, sections, options })
  })
}

/** The words of the language that the command line asks for, whatever else is in it. */
export async function wordsAsked(): Promise<Lesson> {
  const [{ langOf }, { lessonIn }] = await Promise.all([import('./options.ts'), import('./words/lesson.ts')])
  return lessonIn(langOf(process.argv))
}

/** Runs a script's body: its result is the exit code, a failure is printed once, and a bug shows its stack. */
export async function guarded(body: () => Promise<number>): Promise<void> {
  // Time limits (AbortSignal.timeout) and fetch between two connections do not hold the process: without this it could
  // end in the middle of a wait, with Node's exit code 13.
  const alive = setInterval(() => undefined, 2 ** 30)
  // What is printed after the reader has gone is lost, and no reason to crash: `--list | head -1`.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  try {
    process.exitCode = await body()
  } catch (error) {
    const [{ printFailure }, words] = await Promise.all([import('./print.ts'), wordsAsked()])
    process.exitCode = printFailure(error, process.argv.includes('--verbose'), words)
  } finally {
    clearInterval(alive)
  }
}
