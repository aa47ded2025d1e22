/** One process for each folder: who writes its id there first has it, until it ends. */
import { randomUUID } from 'node:crypto'
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { processOf } from './process.ts'

/** Takes the folder for this process; false where a living one has it. */
export function claim(folder: string): boolean {
  const file = join(folder, 'pid')
  const own = join(folder, `pid.${randomUUID()}`)
  writeFileSync(own, String(process.pid), { mode: 0o600 })
  try {
    while (!linked(own, file)) {
      if (processOf(folder) !== undefined) return false
      // Left behind by a process that was killed. Of several that see so, one takes it away.
      takeAway(file, folder)
    }
    return true
  } finally {
    rmSync(own, { force: true })
  }
}

/** Gives the folder back. */
export function release(folder: string): void {
  const file = join(folder, 'pid')
  try {
    if (readFileSync(file, 'utf8') === String(process.pid)) rmSync(file)
  } catch (error) {
    // The folder is gone: the cluster was deleted.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

/** A link is made whole or not at all, and never over another file. */
function linked(own: string, file: string): boolean {
  try {
    linkSync(own, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function takeAway(file: string, folder: string): void {
  const stale = join(folder, `pid.${randomUUID()}`)
  try {
    renameSync(file, stale)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  rmSync(stale, { force: true })
}
