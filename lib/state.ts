/**
 * What the scripts remember between runs, in the state folder `.lab/` (or `$LAB_HOME`): which lab was used last, and
 * what in each lab the lesson has made. Written before a thing is made, so that a half-made one is known as ours.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Failure } from './failure.ts'
import type { TargetId } from './options.ts'
import type { StepId } from './words/steps.ts'

export interface LabRecord {
  target: TargetId
  /** Name of the kind cluster or of the sandbox; for a context its name in the user's kubeconfig. */
  name: string
  port: number
  nodeImage?: string
  /** The steps whose commands were run here: only what they made is ever taken away. */
  made: Partial<Record<StepId, 'begun' | 'done'>>
}

export interface State {
  /** Key of the lab used last. */
  current?: string
  labs: Record<string, LabRecord>
}

/** The project's folder: commands run there, as their paths are written from there. */
export const projectFolder = join(import.meta.dirname, '..')

/** The state folder: `$LAB_HOME`, or `.lab` in the project. */
export function stateFolder(): string {
  return process.env.LAB_HOME ? resolve(process.env.LAB_HOME) : join(projectFolder, '.lab')
}

/** A folder of its own for each lab, named so that no name can lead elsewhere. */
export function labFolder(target: TargetId, name: string): string {
  return join(stateFolder(), `${target}-${encodeURIComponent(name)}`)
}

export function keyOf({ target, name }: Pick<LabRecord, 'target' | 'name'>): string {
  return `${target}/${name}`
}

export function readState(): State {
  const file = stateFile()
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { labs: {} }
    throw new Failure(`cannot read the state ${file}`, { seen: String(error), cause: error })
  }
  try {
    const state = JSON.parse(text) as State
    if (typeof state.labs !== 'object' || state.labs === null) throw new Error('it names no labs')
    return state
  } catch (cause) {
    throw new Failure(`the state ${file} is damaged`, {
      seen: String(cause),
      mend: `mv ${file} ${file}.damaged`,
      cause,
    })
  }
}

/** Written beside its place and moved there whole, so that a stop at any moment leaves the old or the new one. */
export function writeState(state: State): void {
  mkdirSync(stateFolder(), { recursive: true, mode: 0o700 })
  const temporary = `${stateFile()}.${process.pid}`
  writeFileSync(temporary, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 })
  renameSync(temporary, stateFile())
}

/** Changes the record of one lab, and makes it the current one. */
export function recordLab(record: LabRecord): void {
  const state = readState()
  writeState({ current: keyOf(record), labs: { ...state.labs, [keyOf(record)]: record } })
}

/** Forgets a lab of which nothing is left. */
export function forgetLab(record: LabRecord): void {
  const { current, labs } = readState()
  const { [keyOf(record)]: _gone, ...rest } = labs
  writeState({ ...(current && current !== keyOf(record) ? { current } : {}), labs: rest })
}

function stateFile(): string {
  return join(stateFolder(), 'state.json')
}
