/** What a lesson is made of: sections of steps. A step is data; lib/runner.ts runs it, lib/print-script.ts writes it down. */
import { realpathSync } from 'node:fs'
import { basename } from 'node:path'
import type { Condition } from './conditions.ts'
import { EXIT } from './failure.ts'
import type { Proof } from './proof.ts'
import type { Command } from './sh.ts'
import type { SectionId, StepId } from './words/steps.ts'

/** What a step's commands may depend on. */
export interface Settings {
  /** `--image IMAGE`, or nothing. */
  nodeImageFlags: readonly string[]
  /** manifests/kind-cluster.yaml with the chosen ports. */
  clusterConfig: string
}

export interface Step {
  id: StepId
  title: string
  why: string
  /** What must be so before the step; the script that brings it about is named where it is not. */
  needs?: readonly Condition[]
  /** Where all of these hold there is nothing to do, and that is said. */
  already?: readonly Condition[]
  /** What hides the step's result, and the commands that take it away. */
  fresh?: { unless: Condition; run: readonly Command[] }
  /** What would keep the step waiting for ever, each with the commands that mend it. */
  stuck?: readonly { unless: Condition; run: readonly Command[] }[]
  run: readonly Command[] | ((settings: Settings) => readonly Command[])
  /** What the commands promise. */
  ready?: readonly Condition[]
  /** Commands that only show something. */
  show?: readonly Command[]
  proof: Proof
  /** Takes back what the step did. */
  undo?: readonly Command[]
  /** What to try next, by hand. */
  try?: string
}

export interface Section {
  id: SectionId
  title: string
  steps: readonly [Step, ...Step[]]
}

export function section(id: SectionId, title: string, steps: Section['steps']): Section {
  return { id, title, steps }
}

/** The script that holds a section, as one types it from the project's folder. */
export const scriptOf: Readonly<Record<SectionId, string>> = {
  install: './scripts/01-install.ts',
  deploy: './scripts/02-deploy.ts',
  'version-route': './scripts/03-version-route.ts',
  'user-route': './scripts/04-user-route.ts',
}

export function commandsOf(step: Step, settings: Settings): readonly Command[] {
  return typeof step.run === 'function' ? step.run(settings) : step.run
}

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
    const { parseOptions } = await import('./options.ts')
    const about = sections.length > 1 ? 'The whole lesson' : sections[0].title
    const options = parseOptions(script, about, process.argv.slice(2))
    if (!options) return EXIT.done
    const { runLesson } = await import('./runner.ts')
    return runLesson({ script, sections, options })
  })
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
    const [{ printFailure }, { lessonIn }, { langOf }] = await Promise.all([
      import('./print.ts'),
      import('./words/lesson.ts'),
      import('./options.ts'),
    ])
    process.exitCode = printFailure(error, process.argv.includes('--verbose'), await lessonIn(langOf(process.argv)))
  } finally {
    clearInterval(alive)
  }
}
