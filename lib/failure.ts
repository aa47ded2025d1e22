/** What goes wrong for a reason that a person can mend. Anything else that is thrown is a bug and shows its stack. */

/** Exit codes of every script. */
export const EXIT = { done: 0, failed: 1, usage: 2, notReady: 3, interrupted: 130 } as const

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

  /** @param what what was being done, and that it did not come about */
  constructor(what: string, { seen, why = [], mend, exitCode = EXIT.failed, cause }: FailureDetails = {}) {
    super(what, { cause })
    this.name = 'Failure'
    this.seen = seen
    this.why = why
    this.mend = mend
    this.exitCode = exitCode
  }
}

/** The user asked for something that does not exist. */
export function usage(what: string, mend?: string): Failure {
  return new Failure(what, { mend, exitCode: EXIT.usage })
}

/** The machine lacks something. */
export function notReady(what: string, details: Omit<FailureDetails, 'exitCode'>): Failure {
  return new Failure(what, { ...details, exitCode: EXIT.notReady })
}
