/** A script that is sent a signal in the middle, and what it leaves running. */
import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { projectFolder } from '../../lib/state.ts'
import type { Lab } from './lab.ts'

export interface Stopped {
  code: number | null
  signal: NodeJS.Signals | null
  output: string
}

/** Runs the chain until a text appears in its output, and sends it a signal there. */
export function stoppedAt(
  text: string,
  signal: NodeJS.Signals,
  lab: Pick<Lab, 'env'>,
  args: readonly string[],
): Promise<Stopped> {
  return actedAt(text, (child) => child.kill(signal), lab, ['all.ts', ...args])
}

/** Runs a script, and does something when a text appears in its output. */
export function actedAt(
  text: string,
  act: (child: ChildProcess) => void,
  { env }: Pick<Lab, 'env'>,
  [script = '', ...args]: readonly string[],
): Promise<Stopped> {
  const child = spawn(process.execPath, ['--import', 'tsx/esm', `scripts/${script}`, ...args], {
    cwd: projectFolder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const hear = (data: string) => {
    const heard = output.includes(text)
    output += data
    if (!heard && output.includes(text)) act(child)
  }
  child.stdout.setEncoding('utf8').on('data', hear)
  child.stderr.setEncoding('utf8').on('data', hear)
  return new Promise((resolve) => child.on('close', (code, ended) => resolve({ code, signal: ended, output })))
}

/** The processes that work in a lab, by what they run; but for the sandbox itself, which goes on. */
export function stillRunning({ home }: Pick<Lab, 'home'>): string[] {
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return []
    try {
      const isOurs = readFileSync(`/proc/${pid}/environ`, 'utf8').includes(home)
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
      return isOurs && command !== '' && !command.includes('main.js') ? [command] : []
    } catch {
      // It has ended while we looked, or is not ours to look at.
      return []
    }
  })
}
