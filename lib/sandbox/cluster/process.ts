/** The background process of a cluster: started, found, ended. One for each folder. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { basename, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** What the process tells who started it, once. */
export type Report = { ready: true; warning?: string } | { failed: string; takenPort?: number }

/** It could not listen, because somebody else does. */
export class PortTaken extends Error {
  readonly port: number

  constructor(port: number, message: string) {
    super(message)
    this.name = 'PortTaken'
    this.port = port
  }
}

/** Most of what a request makes is gone with its answer: a third of Node's room for it saves 25 MB, and no time. */
const youngSpace = '--max-semi-space-size=4'
const LOOK_AGAIN_MS = 20
/** How long another's process may take until it listens. */
const START_LIMIT_MS = 10_000
/** How long the process may take to write down what it has. */
const END_LIMIT_MS = 5000

/**
 * Starts the process and waits until it answers; gives what it has to say about its state.
 * @throws PortTaken, or an Error with what it said last
 */
export async function startProcess(folder: string): Promise<string | undefined> {
  const log = openSync(join(folder, 'log'), 'a', 0o600)
  // Beside this program: bin/ in the sources, the same folder where they are bundled.
  const child = spawn(process.execPath, [...process.execArgv, youngSpace, mainProgram(), folder], {
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
  })
  closeSync(log)
  try {
    const report = await new Promise<Report>((resolve, reject) => {
      child.once('message', (message) => resolve(message as Report))
      child.once('error', reject)
      child.once('exit', (code, signal) =>
        resolve({ failed: `the sandbox's process ended (${signal ?? `exit code ${code}`}): ${lastWords(folder)}` }),
      )
    })
    if ('ready' in report) return report.warning
    // It holds its ports until it has ended.
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    if (report.takenPort !== undefined) throw new PortTaken(report.takenPort, report.failed)
    throw new Error(report.failed)
  } finally {
    if (child.connected) child.disconnect()
    child.unref()
  }
}

/** The id of the folder's living process. */
export function processOf(folder: string): number | undefined {
  const file = join(folder, 'pid')
  if (!existsSync(file)) return undefined
  const pid = Number(readFileSync(file, 'utf8'))
  return Number.isInteger(pid) && pid > 0 && isOurs(pid, folder) ? pid : undefined
}

/**
 * Waits until the API of the folder's process, which somebody else has started, listens: false where that has ended.
 * @throws when it does not in time
 */
export async function isAnswering(folder: string, port: number): Promise<boolean> {
  const deadline = Date.now() + START_LIMIT_MS
  while (!(await isListening(port))) {
    if (processOf(folder) === undefined) return false
    if (Date.now() > deadline)
      throw new Error(`the sandbox's process does not answer on port ${port}; delete the cluster and create it again`)
    await pause(LOOK_AGAIN_MS)
  }
  return processOf(folder) !== undefined
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

/** Ends the folder's process; at once where it does not end by itself. */
export async function stopProcess(folder: string): Promise<void> {
  const pid = processOf(folder)
  if (pid === undefined) return
  signal(pid, 'SIGTERM')
  const deadline = Date.now() + END_LIMIT_MS
  while (isAlive(pid)) {
    if (Date.now() > deadline) signal(pid, 'SIGKILL')
    await pause(LOOK_AGAIN_MS)
  }
}

function mainProgram(): string {
  const isBundled = basename(import.meta.filename).endsWith('.js')
  return isBundled ? join(import.meta.dirname, 'main.js') : join(import.meta.dirname, '..', 'main.ts')
}

function lastWords(folder: string): string {
  const lines = readFileSync(join(folder, 'log'), 'utf8').trimEnd().split('\n')
  return lines.slice(-5).join('\n')
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** Whether a process runs, or still holds what it had. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !isZombie(pid)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/**
 * Where nobody collects the ended (a container without an init), they stay in the list of processes. Ports are held
 * until the last thread has ended, which may be after the first.
 */
function isZombie(pid: number): boolean {
  try {
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8')) && readdirSync(`/proc/${pid}/task`).length === 1
  } catch (error) {
    // Gone meanwhile, or a system without /proc.
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return false
    throw error
  }
}

/** After a crash or a reboot the id may be another program's: ours names its folder as its last argument. */
function isOurs(pid: number, folder: string): boolean {
  if (!isAlive(pid)) return false
  const args = argumentsOf(pid)
  return args.trimEnd().endsWith(` ${folder}`) && /main\.(js|ts) /.test(args)
}

function argumentsOf(pid: number): string {
  try {
    const file = `/proc/${pid}/cmdline`
    if (existsSync(file)) return readFileSync(file, 'utf8').replaceAll('\0', ' ')
    return execFileSync('ps', ['-o', 'args=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  } catch {
    // It has just ended.
    return ''
  }
}
