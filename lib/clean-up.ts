/** Undoes the sections, last step first, and with --all takes away what section 1 made. */
import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { commandFailed, EXIT } from './failure.ts'
import { commandLine, interruptible } from './interrupt.ts'
import type { Section, Step } from './lesson.ts'
import { takeLock } from './lock.ts'
import { guarded, isMain, wordsAsked } from './main.ts'
import { checkTarget, duration, type Options, parseWith, program, withSpeech, withTarget } from './options.ts'
import { printer } from './print.ts'
import { commandScript } from './print-script.ts'
import type { Command } from './sh.ts'
import { type RunOptions, runOnce } from './shell.ts'
import { forgetLab, type LabRecord, labOf, recordLab } from './state.ts'
import { choose } from './targets/choose.ts'

/** Pods get 30 seconds to end by themselves; deleting a kind cluster takes less. */
const LIMIT_MS = 120_000

type CleanUpOptions = Omit<Options, 'from' | 'only' | 'check' | 'prefetch'> & { all: boolean }

export async function cleanUp(meta: ImportMeta, sections: readonly Section[]): Promise<void> {
  if (!isMain(meta)) return
  await guarded(async () => {
    const script = `./scripts/${basename(meta.filename)}`
    const words = await wordsAsked()
    const command = withTarget(program(script, words.options.cleanUp, words.options), words.options)
      .option('--all', words.options.all, false)
      .option('--list', words.options.list, false)
      .option('--print', words.options.print, false)
      .option('--timeout <duration>', words.options.commandLimit, duration)
    const options = parseWith<CleanUpOptions>(withSpeech(command, words.options), process.argv.slice(2))
    if (!options) return EXIT.done
    checkTarget(options, words.options)
    if (options.list) {
      for (const step of lastFirst(sections)) console.log(`${step.id.padEnd(18)} ${words.step(step).title}`)
      return EXIT.done
    }
    const { record, target, notes } = await choose(options, words)
    const commands = () => {
      const removal = options.all ? target.removal() : []
      // A cluster that goes as a whole takes everything along.
      if (options.all && !target.shared) return removal
      return [...undoing(sections, target.shared ? (labOf(record)?.made ?? {}) : undefined), ...removal]
    }
    if (options.print) {
      process.stdout.write(commandScript(commands(), { record, target, words }))
      return EXIT.done
    }
    const print = printer({ ...options, words })
    print.banner(words.cleanUp, target.title, target.simulated)
    notes.forEach(print.note)
    return interruptible(words.interrupted(commandLine(script)), async (signal) => {
      const release = takeLock(record, commandLine(script), words)
      try {
        await target.attach(signal, options.all ? 'removal' : 'work')
        // Where there is no cluster, nothing is asked of whatever answers without one.
        const isThere = existsSync(target.kubeconfig)
        for (const command of commands().filter((each) => isThere || !String(each).startsWith('kubectl '))) {
          print.command(command)
          await takeAway(command, {
            env: target.env(command),
            signal,
            limitMs: options.timeout ?? LIMIT_MS,
            onLine: print.output,
          })
        }
        if (options.all) forgetLab(record)
        else {
          const known = labOf(record) ?? record
          recordLab({ ...known, made: withoutSections(known.made, sections) })
        }
        print.note(options.all ? words.cleanedAll : words.cleaned)
        return EXIT.done
      } finally {
        release()
      }
    })
  })
}

/** The undoing of the steps, last step first; of those the lesson is known to have made, where others work there too. */
function undoing(sections: readonly Section[], made: LabRecord['made'] | undefined): Command[] {
  return lastFirst(sections)
    .filter(({ id }) => !made || made[id])
    .flatMap(({ undo = [] }) => [...undo].reverse())
}

/** The steps that can be undone, in that order. */
function lastFirst(sections: readonly Section[]): Step[] {
  return sections
    .flatMap(({ steps }) => steps)
    .filter(({ undo }) => undo)
    .reverse()
}

/** What has no kind in the cluster, or no cluster, is not there to be taken away. */
const NOTHING_THERE = /no matches for kind|the server doesn't have a resource type/

async function takeAway(command: Command, options: RunOptions): Promise<void> {
  const { exitCode, stderr } = await runOnce(command, options)
  if (exitCode !== 0 && !NOTHING_THERE.test(stderr)) throw commandFailed(String(command), exitCode, stderr.trim())
}

function withoutSections(made: LabRecord['made'], sections: readonly Section[]): LabRecord['made'] {
  const undone = sections.flatMap(({ steps }) => steps.filter(({ undo }) => undo).map(({ id }) => id as string))
  return Object.fromEntries(Object.entries(made).filter(([id]) => !undone.includes(id)))
}
