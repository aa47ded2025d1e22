/**
 * One run at a time in each lab: two that change the same cluster would make each other's proofs fail. The lock names
 * its holder; one whose process is gone (kill -9, a reboot) is taken over.
 */
import { execFileSync } from 'node:child_process'
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { Failure } from './failure.ts'
import { type LabRecord, lockFile } from './state.ts'
import type { Words } from './words/en.ts'

interface Holder {
  pid: number
  /** The file that its Node was started with: a pid alone may have been given to another program since. */
  program: string
  command: string
}

/** Takes the lab's lock and gives the function that releases it. @throws Failure that names the holder */
export function takeLock(lab: Pick<LabRecord, 'target' | 'name'>, command: string, words: Words): () => void {
  const file = lockFile(lab)
  const own: Holder = { pid: process.pid, program: basename(process.argv[1] ?? ''), command }
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, JSON.stringify(own), { mode: 0o600 })
  try {
    // A link comes into being with its content, and fails where one is there: no moment shows an empty lock.
    while (!linked(draft, file)) {
      const holder = read(file)
      if (holder && isAlive(holder))
        throw new Failure(words.locked, {
          seen: words.lockHolder(holder.pid, holder.command),
          mend: `kill ${holder.pid}`,
        })
      if (holder) takeAway(file, draft)
    }
  } finally {
    rmSync(draft, { force: true })
  }
  return () => {
    if (read(file)?.pid === process.pid) rmSync(file, { force: true })
  }
}

function linked(draft: string, file: string): boolean {
  try {
    linkSync(draft, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/**
 * Removes a lock whose holder is gone, one run at a time: of two that find it, the slower one would else remove the
 * lock that the faster one has taken since.
 */
function takeAway(file: string, draft: string): void {
  const guard = `${file}.guard`
  if (!linked(draft, guard)) {
    const busy = read(guard)
    if (busy && !isAlive(busy)) rmSync(guard, { force: true })
    return
  }
  try {
    const holder = read(file)
    if (holder && !isAlive(holder)) rmSync(file)
  } finally {
    rmSync(guard, { force: true })
  }
}

/** A damaged lock is held by nobody. */
const nobody: Holder = { pid: 0, program: '', command: '' }

/** Undefined where there is no lock (any more). */
function read(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    if (error instanceof SyntaxError) return nobody
    throw error
  }
}

function isAlive({ pid, program }: Holder): boolean {
  return isThere(pid) && commandOf(pid)?.includes(program) !== false
}

/** Whether there is a process of this number, whoever owns it. */
function isThere(pid: number): boolean {
  if (!(pid > 0)) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/**
 * What a process was started with: its number may have been given to another program since. Not when it began, as
 * clocks are set, also back. Undefined where this machine has no `ps` that tells.
 */
function commandOf(pid: number): string | undefined {
  try {
    // Twice wide: else macOS cuts the command off.
    return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8', stdio: 'pipe' })
  } catch {
    return undefined
  }
}
