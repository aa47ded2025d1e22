/** Ctrl-C and its like: the run is stopped, its children end with it, and the last word says how to go on. */
import { EXIT, Failure } from './failure.ts'
import { quote } from './sh.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Runs the body with a signal that is aborted by Ctrl-C. @throws Failure with `message` and exit code 130 then */
export async function interruptible<T>(message: string, body: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController()
  const interrupt = () => stop.abort(new Failure(message, { exitCode: EXIT.interrupted }))
  for (const name of SIGNALS) process.on(name, interrupt)
  // Who read the output has gone, as `| head` does: a crash would leave commands running, and the lock.
  process.stdout.on('error', interrupt)
  try {
    return await body(stop.signal)
  } catch (error) {
    // Whatever a stopped command or request throws, the reason is the interruption.
    throw stop.signal.aborted ? stop.signal.reason : error
  } finally {
    for (const name of SIGNALS) process.removeListener(name, interrupt)
    process.stdout.removeListener('error', interrupt)
  }
}

/** The command by which this very run can be begun again. */
export function commandLine(script: string): string {
  return [script, ...process.argv.slice(2).map(quote)].join(' ')
}
