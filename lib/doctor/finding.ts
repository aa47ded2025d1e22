/** What a check has found, and what it may ask. */
import { type Failure, notReady } from '../failure.ts'
import type { TargetId } from '../options.ts'
import type { Words } from '../words/en.ts'
import type { Machine } from './machine.ts'

/** `warn` is for what may go wrong later; only `fail` keeps the lesson from running. */
export type Verdict = 'ok' | 'warn' | 'fail'

export interface Finding {
  verdict: Verdict
  /** In a few words: what is so, or what is wrong. */
  what: string
  seen?: string | undefined
  why?: string | undefined
  mend?: string | undefined
}

/** What the lesson is to be run on. */
export interface Asked {
  /** Undefined where the user leaves it to the machine. */
  target: TargetId | undefined
  /** Name of the cluster, or of the context. */
  name: string
  /** The user has named the cluster: then one that the lesson has not made may be used too. */
  named: boolean
  /** How far the lesson has come with making this kind cluster. */
  made: 'begun' | 'done' | undefined
  port: number
  /** The user has named the port. */
  portGiven: boolean
  nodeImage: string | undefined
}

export interface Examination {
  machine: Machine
  asked: Asked
  words: Words
}

export type CheckId = keyof Words['doctor']['titles']

export interface Check {
  id: CheckId
  /** The targets that cannot do without it. */
  for: readonly TargetId[]
  /** Undefined where there is nothing to look at. */
  examine: (examination: Examination) => Promise<Finding | undefined>
}

/** A finding that keeps a script from starting. */
export function failureOf({ what, seen, why, mend }: Finding): Failure {
  return notReady(what, { seen, why: why ? [why] : [], mend })
}
