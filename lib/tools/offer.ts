/** Asks once, on a terminal, whether the missing tools may be downloaded. */
import { createInterface } from 'node:readline'
import { commandLine, interruptible } from '../interrupt.ts'
import type { Tool } from '../machine.ts'
import type { Words } from '../words/en.ts'
import { installTools } from './install.ts'

/** Offers to download tools: true where they are there now, false where nobody is there to ask or the answer is no. */
export type Offer = (missing: readonly Tool[]) => Promise<boolean>

/** @param script as it is typed, to be begun again where it is interrupted */
export function offerDownload(script: string, words: Words): Offer {
  return async (missing) => {
    if (!process.stdin.isTTY || !process.stderr.isTTY) return false
    return interruptible(words.interrupted(commandLine(script)), async (signal) => {
      const answer = await ask(words.doctor.ask.question(missing), signal)
      signal.throwIfAborted()
      if (answer === undefined || words.doctor.ask.no.test(answer)) return false
      await installTools(missing, { words, signal, mirror: process.env.LAB_MIRROR })
      return true
    })
  }
}

/** A line typed by the user; undefined where the input is at its end. The question goes where no pipe reads it. */
function ask(question: string, signal: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve) => {
    const terminal = createInterface({ input: process.stdin, output: process.stderr })
    // The terminal's own handling of Ctrl-C would end the process without a word.
    terminal.on('SIGINT', () => process.kill(process.pid, 'SIGINT'))
    terminal.once('close', () => resolve(undefined))
    signal.addEventListener('abort', () => terminal.close(), { once: true })
    terminal.question(question, (answer) => {
      resolve(answer)
      terminal.close()
    })
  })
}
