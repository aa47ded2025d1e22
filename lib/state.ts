/**
 * What the scripts remember between runs, in the state folder `.lab/` (or `$LAB_HOME`): which lab was used last, and
 * what in each lab the lesson has made. Written before a thing is made, so that a half-made one is known as ours.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { Failure } from './failure.ts'
import type { TargetId } from './options.ts'
import type { StepId } from './words/steps.ts'

export interface LabRecord {
  target: TargetId
  /** Name of the kind cluster or of the sandbox; for a context its name in the user's kubeconfig. */
  name: string
  port: number
  nodeImage?: string
  /** The user has named the cluster: later scripts may go on with it, though the lesson has not made it. */
  named?: true
  /** Id of the node's container that the lesson made: one of the same name may be somebody else's by now. */
  node?: string
  /** When the lesson began to make the cluster, as an ISO time: what was made long after a run that was killed is not its. */
  begunAt?: string
  /** The steps whose commands were run here: only what they made is ever taken away. */
  made: Partial<Record<StepId, 'begun' | 'done'>>
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

/** The lab that the last script worked with. */
export function currentLab(): LabRecord | undefined {
  const current = readJson<Pick<LabRecord, 'target' | 'name'>>(currentFile())
  return current && labOf(current)
}

/** What is known of a lab; nothing where the lesson has made nothing there. */
export function labOf(lab: Pick<LabRecord, 'target' | 'name'>): LabRecord | undefined {
  return readJson<LabRecord>(recordFile(lab))
}

/** Writes the record of a lab. */
export function noteLab(record: LabRecord): void {
  writeJson(recordFile(record), record)
}

/** Writes the record of a lab, and makes it the current one, with which later scripts go on. */
export function recordLab(record: LabRecord): void {
  noteLab(record)
  writeJson(currentFile(), { target: record.target, name: record.name })
}

/** Forgets a lab of which nothing is left, and how to reach it. */
export function forgetLab(lab: Pick<LabRecord, 'target' | 'name'>): void {
  rmSync(recordFile(lab), { force: true })
  rmSync(labFolder(lab.target, lab.name), { recursive: true, force: true })
  if (!currentLab()) rmSync(currentFile(), { force: true })
}

function currentFile(): string {
  return join(stateFolder(), 'current.json')
}

/** One file a lab, so that two runs in two labs do not overwrite each other. */
function recordFile({ target, name }: Pick<LabRecord, 'target' | 'name'>): string {
  return join(stateFolder(), 'labs', `${target}-${encodeURIComponent(name)}.json`)
}

/** Held by the run that works in a lab. */
export function lockFile({ target, name }: Pick<LabRecord, 'target' | 'name'>): string {
  return join(stateFolder(), 'labs', `${target}-${encodeURIComponent(name)}.lock`)
}

function readJson<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new Failure((words) => words.stateDamaged(file), {
      seen: String(cause),
      mend: `mv ${file} ${file}.damaged`,
      cause,
    })
  }
}

/** Written beside its place and moved there whole, so that a stop at any moment leaves the old or the new one. */
function writeJson(file: string, value: unknown): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const temporary = `${file}.${process.pid}`
  writeFileSync(temporary, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 })
  renameSync(temporary, file)
}
