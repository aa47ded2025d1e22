/** What the scripts print: a banner, a block a step, and the last lines. Commands' own output is set in by two columns. */
import chalk from 'chalk'
import { EXIT, Failure } from './failure.ts'
import { recognised } from './known-faults.ts'
import type { Command } from './sh.ts'
import type { Words } from './words/en.ts'

export interface Printer {
  banner(title: string, target: string, simulated: boolean): void
  note(text: string): void
  section(number: number, title: string): void
  step(title: string, why: string): void
  command(command: Command): void
  output(line: string): void
  detail(text: string): void
  done(verdict: string, milliseconds: number): void
  leftOut(title: string, reason: string): void
  /** The last lines of a run: name and value. */
  ending(lines: readonly (readonly [name: string, value: string])[]): void
}

export function printer({ quiet, verbose, words }: { quiet: boolean; verbose: boolean; words: Words }): Printer {
  const say = (text = '') => console.log(text)
  const unlessQuiet = quiet ? () => undefined : say
  return {
    banner(title, target, simulated) {
      unlessQuiet(
        `${chalk.bold(title)}  ${chalk.dim('·')}  ${target}${simulated ? `  ${chalk.black.bgYellow(` ${words.simulated} `)}` : ''}`,
      )
      if (simulated) unlessQuiet(chalk.yellow(words.simulatedNote))
    },
    note: (text) => say(chalk.yellow(text)),
    section: (number, title) => unlessQuiet(`\n${chalk.bold.underline(words.section(number, title))}`),
    step(title, why) {
      unlessQuiet(`\n${chalk.bold.cyan(`▶ ${title}`)}`)
      unlessQuiet(chalk.dim(wrapped(why)))
    },
    command: (command) => unlessQuiet(`\n  ${chalk.bold(`$ ${String(command).replaceAll('\n', '\n  ')}`)}`),
    output: (line) => unlessQuiet(`  ${line}`),
    detail: (text) => (verbose ? unlessQuiet(chalk.dim(`  … ${text}`)) : undefined),
    done: (verdict, milliseconds) => say(`  ${chalk.green('✔')} ${verdict}  ${chalk.dim(seconds(milliseconds))}`),
    leftOut: (title, reason) => unlessQuiet(`\n${chalk.dim(`– ${title}. ${words.leftOut(reason)}`)}`),
    ending(lines) {
      const width = Math.max(...lines.map(([name]) => name.length))
      say()
      for (const [name, value] of lines)
        say(`${chalk.bold(name.padEnd(width))}  ${value.replaceAll('\n', `\n${' '.repeat(width + 2)}`)}`)
    },
  }
}

/** Prints what went wrong, once, and gives the exit code. A bug shows its stack; a failure only with --verbose. */
export function printFailure(thrown: unknown, verbose: boolean, words: Words): number {
  const error = recognised(thrown, words)
  if (!(error instanceof Failure)) {
    console.error(chalk.red(error instanceof Error ? error.stack : String(error)))
    return EXIT.failed
  }
  console.error(`\n${chalk.red.bold(`✘ ${error.what(words)}`)}`)
  const rows = [
    ...(error.seen ? [[words.saw, error.seen] as const] : []),
    ...error.why.map((why) => [words.why, why] as const),
    ...(error.mend ? [[words.mend, error.mend] as const] : []),
  ]
  const width = Math.max(0, ...rows.map(([name]) => name.length))
  for (const [name, value] of rows)
    console.error(`  ${chalk.bold(name.padEnd(width))}  ${value.replaceAll('\n', `\n${' '.repeat(width + 4)}`)}`)
  if (verbose) {
    console.error(chalk.dim(error.stack))
    for (let { cause } = error; cause instanceof Error; cause = cause.cause)
      console.error(chalk.dim(`caused by ${cause.stack}`))
  }
  return error.exitCode
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`
}

/** Lines of at most a hundred columns. */
function wrapped(text: string): string {
  return text.replace(/(.{1,98})(?:\s+|$)/g, '  $1\n').trimEnd()
}
