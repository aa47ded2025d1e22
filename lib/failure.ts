/** What goes wrong for a reason that a person can mend. Anything else that is thrown is a bug and shows its stack. */
import { en, type Words } from './words/en.ts'

/** Exit codes of every script. */
export const EXIT = { done: 0, failed: 1, usage: 2, notReady: 3, interrupted: 130 } as const

/** In the words of whoever reads it, or as it is where it was made of them. */
export type Sentence = string | ((words: Words) => string)

export interface FailureDetails {
  /** What was seen instead of what was expected. */
  seen?: string | undefined
  /** Why, as far as the cluster or the machine tells; one sentence each. */
  why?: readonly string[]
  /** The command, or the deed, that mends it. */
  mend?: string | undefined
  exitCode?: number
  cause?: unknown
}

export class Failure extends Error {
  readonly seen: string | undefined
  readonly why: readonly string[]
  readonly mend: string | undefined
  readonly exitCode: number
  readonly #what: Sentence

  /** @param what what was being done, and that it did not come about */
  constructor(what: Sentence, { seen, why = [], mend, exitCode = EXIT.failed, cause }: FailureDetails = {}) {
    super(inWords(what, en), { cause })
    this.name = 'Failure'
    this.#what = what
    this.seen = seen
    this.why = why
    this.mend = mend
    this.exitCode = exitCode
  }

  what(words: Words): string {
    return inWords(this.#what, words)
  }

  /** The same, with more that is known of it. */
  with(details: Omit<FailureDetails, 'cause'>): Failure {
    const { seen, why, mend, exitCode } = this
    return new Failure(this.#what, { seen, why, mend, exitCode, ...details, cause: this })
  }
}

/** The time was over: with more of it, it may come about. */
export class TimeOver extends Failure {}

/** A program that said no. */
export function commandFailed(command: string, exitCode: number, said: string): Failure {
  return new Failure((words) => words.commandFailed(command, exitCode), { seen: said })
}

function inWords(sentence: Sentence, words: Words): string {
  return typeof sentence === 'string' ? sentence : sentence(words)
}

/** The user asked for something that does not exist. */
export function usage(what: Sentence, mend?: string): Failure {
  return new Failure(what, { mend, exitCode: EXIT.usage })
}

/** The machine lacks something. */
export function notReady(what: Sentence, details: Omit<FailureDetails, 'exitCode'>): Failure {
  return new Failure(what, { ...details, exitCode: EXIT.notReady })
}
