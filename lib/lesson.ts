/** What a lesson is made of: sections of steps. A step is data; lib/runner.ts runs it, lib/print-script.ts writes it down. */
import type { Condition } from './conditions.ts'
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
  /** What is in the step's way, or hides its result, and the commands that take it away. */
  fresh?: { unless: Condition; run: readonly Command[] }
  /** What would keep the step waiting for ever, each with the commands that mend it. */
  stuck?: readonly { unless: Condition; run: readonly Command[] }[]
  run: readonly Command[] | ((settings: Settings) => readonly Command[])
  /** What the commands promise. */
  ready?: readonly Condition[]
  /** What they promise too, but the next step can do without: waited for beside that step, before its proof. */
  meanwhile?: readonly Condition[]
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
