/** Where the lesson runs. No lesson script asks which one it is. */
import type { Kube } from '../kube.ts'
import type { TargetId } from '../options.ts'
import type { Command } from '../sh.ts'
import type { Words } from '../words/en.ts'
import type { StepId } from '../words/steps.ts'

/** Commands that a target wants run before a step's own, and why. */
export interface Beforehand {
  why: string
  run: readonly Command[]
}

export interface PageAccess {
  /** Where the scripts visit the page. */
  url: string
  /** A command that holds the way to the page open, to be run by hand after the scripts have ended. */
  keepOpen?: string
  close(): void
}

export interface Target {
  readonly id: TargetId
  /** As it is named to the user: `kind cluster "kind"`. */
  readonly title: string
  readonly simulated: boolean
  /** Others may work in this cluster, which the lesson has not made: only what it is known to have made is taken away. */
  readonly shared: boolean
  /** The scripts' own kubeconfig, mode 0600: another current context in the user's never sends a command elsewhere. */
  readonly kubeconfig: string
  /** The environment in which a command runs. */
  env(command?: Command): NodeJS.ProcessEnv
  /** Steps that are not for this target, each with the reason that is printed. */
  readonly leavesOut: Partial<Record<StepId, string>>
  /**
   * Makes sure that the cluster can be worked with, as far as it exists; for a check nothing of it is started, and one
   * that is to be removed as a whole may be broken. @throws Failure for what a person must mend
   */
  attach(signal: AbortSignal, purpose?: 'work' | 'check' | 'removal'): Promise<void>
  /** What is wrong below the cluster: the engine, the node. Asked when something has failed; empty where nothing is seen. */
  troubles?(words: Words): Promise<string[]>
  /** What must be run before a step's own commands. */
  before(step: StepId, signal: AbortSignal): Promise<Beforehand | undefined>
  /** Called where a step's commands were not run to their end. Never fails. */
  gaveUp?(step: StepId): Promise<void>
  /** Called after a step's commands have succeeded. */
  after(step: StepId, signal: AbortSignal): Promise<void>
  /** Brings the lesson's images to a new cluster, beside what is waited for. Never fails; ends with the signal. */
  prefetch?(signal: AbortSignal, onStart: (images: number) => void): Promise<void>
  /** Brings forward what pods of a new cluster wait for, beside the next steps. Never fails; ends with the signal. */
  hasten?(kube: () => Promise<Kube>, signal: AbortSignal): Promise<void>
  /** Opens the way to the page. */
  openPage(signal: AbortSignal): Promise<PageAccess>
  /** What goes on running when the scripts have ended; undefined where nothing of ours does. */
  running(): string | undefined
  /** How to type commands by hand in the same place. */
  byHand(): string
  /** Takes away what section 1 made, and nothing else. */
  removal(): readonly Command[]
}
