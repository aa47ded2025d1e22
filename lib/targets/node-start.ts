/** A node whose container was stopped, as after a reboot: started, and waited for until it serves again. */
import { Failure } from '../failure.ts'
import { visit } from '../page.ts'
import { retry } from '../retry.ts'
import { sh } from '../sh.ts'
import { run, runOnce } from '../shell.ts'

/** Milliseconds for `docker start`, and for one question. */
const COMMAND_LIMIT_MS = 60_000

/** Measured: the API is back after 21 s, the page after 66 s; a slow machine gets three times as long. */
const API_LIMIT_MS = 60_000
const PAGE_LIMIT_MS = 180_000

interface Node {
  container: string
  env: NodeJS.ProcessEnv
  signal: AbortSignal
}

interface StoppedNode extends Node {
  /** The page, where it was open before: pods look Ready long before it answers, so only traffic tells. */
  pageUrl: string | undefined
  /** Called once the container runs and before its API is asked. */
  onStarted: () => Promise<void>
}

/** @throws Failure where the API does not come back; what a page lacks that does not, a proof finds out better */
export async function startNode({ container, env, pageUrl, signal, onStarted }: StoppedNode): Promise<void> {
  await run(sh`docker start ${container}`, { env, signal, limitMs: COMMAND_LIMIT_MS })
  await onStarted()
  await awaitApi({ container, env, signal })
  if (pageUrl)
    await retry(() => askPage(pageUrl, signal), { limitMs: PAGE_LIMIT_MS, signal }).catch(() => signal.throwIfAborted())
}

/** A node that was started a moment ago, by us or by others, answers later. @throws Failure where it does not */
export async function awaitApi({ container, env, signal }: Node): Promise<void> {
  await retry(() => askApi(env, signal), { limitMs: API_LIMIT_MS, signal }).catch((cause) => {
    signal.throwIfAborted()
    throw new Failure((words) => words.nodeSilent(container), {
      seen: (cause as Error).message,
      mend: `docker logs ${container}`,
      cause,
    })
  })
}

async function askApi(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<void> {
  const { exitCode, stderr } = await runOnce(sh`kubectl get --raw=/readyz`, { env, signal, limitMs: COMMAND_LIMIT_MS })
  if (exitCode !== 0) throw new Error(stderr.trim())
}

async function askPage(url: string, signal: AbortSignal): Promise<void> {
  const { fault } = await visit(url, {}, signal)
  if (fault) throw new Error(fault)
}
