/**
 * Runs the lesson's commands with zx, in the project's folder and in the environment of the target. Each line of output
 * goes to the caller as it comes; when the run is stopped, the command and its children are ended with it.
 */
import { $ } from 'zx/core'
import { commandFailed, Failure, TimeOver } from './failure.ts'
import { retry } from './retry.ts'
import type { Command } from './sh.ts'
import { projectFolder } from './state.ts'

export interface RunOptions {
  env: NodeJS.ProcessEnv
  signal: AbortSignal
  limitMs: number
  /** Called with each line of standard output and standard error. */
  onLine?: (line: string) => void
}

export interface Output {
  exitCode: number
  stdout: string
  stderr: string
}

/** What gets better by itself: right after istioctl install the webhook is not up yet; an API server that restarts. */
const MAY_MEND =
  /failed calling webhook|: EOF\b|connection reset by peer|The connection to the server \S+ was refused|TLS handshake timeout|the server is currently unable to handle the request|etcdserver: (leader changed|request timed out)/

/** How long a webhook may take to come up; an API server takes a third of it. */
const MENDING_LIMIT_MS = 60_000

/** Runs a command to its end. @throws Failure with what it said, where it fails */
export async function run(command: Command, options: RunOptions): Promise<Output> {
  let all = ''
  return retry(
    async () => {
      all = ''
      const output = await runOnce(command, options)
      all = output.stderr + output.stdout
      if (output.exitCode === 0) return output
      const said = (output.stderr.trim() || output.stdout.trim()).split('\n').slice(-5).join('\n')
      throw commandFailed(firstLine(command), output.exitCode, said)
    },
    {
      limitMs: MENDING_LIMIT_MS,
      signal: options.signal,
      canMend: (error) => error instanceof Failure && MAY_MEND.test(all),
    },
  )
}

/** Runs a command and gives its output whatever its exit code is. @throws Failure when its time is over */
export async function runOnce(command: Command, { env, signal, limitMs, onLine }: RunOptions): Promise<Output> {
  signal.throwIfAborted()
  const over = AbortSignal.timeout(limitMs)
  const stop = AbortSignal.any([signal, over])
  const running = $({
    cwd: projectFolder,
    env,
    // Without input nothing is there to read: with an open pipe a command that reads would hang.
    stdio: [command.stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    ...(command.stdin === undefined ? {} : { input: command.stdin }),
    quiet: true,
    nothrow: true,
    signal: stop,
    detached: true,
  })(command.pieces, ...command.args)
  // zx asks with SIGTERM, which a child may trap; a command and its children are a process group that is killed as one.
  const kill = () => killGroup(running.pid)
  stop.addEventListener('abort', kill)
  // A command that fails early leaves its input unread; what it says of that is in its output.
  running.child?.stdin?.on('error', () => undefined)
  if (onLine) {
    eachLine(running.stdout, onLine)
    eachLine(running.stderr, onLine)
  }
  // The number of a group that has ended may be given to somebody else's.
  const { exitCode, stdout, stderr } = await running.finally(() => stop.removeEventListener('abort', kill))
  signal.throwIfAborted()
  if (over.aborted)
    throw new TimeOver((words) => words.commandHangs(firstLine(command), limitMs / 1000), { seen: stderr.trim() })
  return { exitCode: exitCode ?? 1, stdout, stderr }
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid) process.kill(-pid, 'SIGKILL')
  } catch (error) {
    // It has ended by itself.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

function eachLine(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  let rest = ''
  stream.setEncoding('utf8')
  stream.on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    lines.forEach(onLine)
  })
  stream.on('end', () => {
    if (rest) onLine(rest)
  })
}

function firstLine(command: Command): string {
  return String(command).split('\n', 1)[0] ?? ''
}
