/** What the sandbox's programs share: how one ends. */

/** Thrown to end with this text on standard error, as it stands, and exit code 1. */
export class Failed extends Error {}

/** Runs a program to its end; prefix is what comes before an error's message: `ERROR: `, `Error: `. */
export async function program(prefix: string, run: () => Promise<number | undefined>): Promise<void> {
  try {
    process.exitCode = (await run()) ?? 0
  } catch (error) {
    if (!(error instanceof Error)) throw error
    console.error(error instanceof Failed ? error.message : `${prefix}${error.message}`)
    if (process.env.LAB_SANDBOX_DEBUG) console.error(error.stack)
    process.exitCode = 1
  }
}

/** The whole of standard input. */
export async function readInput(): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}
