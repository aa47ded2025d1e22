/**
 * The sandbox's process, one for each cluster: `main.js FOLDER`. It restores the cluster's objects, or puts in those of
 * a fresh one, runs the controllers, and serves the API and the page's ports on 127.0.0.1 until it is told to end.
 */
import { watchFile } from 'node:fs'
import { join } from 'node:path'
import type { Logs } from './api/logs.ts'
import { createRegistry } from './api/registry.ts'
import { startApi } from './api/server.ts'
import { Tokens } from './api/tokens.ts'
import { claim, release } from './cluster/claim.ts'
import { NODE_IP, nodeName } from './cluster/node.ts'
import { isAnswering, type Report } from './cluster/process.ts'
import { isSeeded, manifestsOf, seed } from './cluster/seed.ts'
import { type ClusterSettings, readSettingsIn, writeSettingsIn } from './cluster/settings.ts'
import { clusterControllers } from './controllers/all.ts'
import { contexts } from './controllers/context.ts'
import { lifelike } from './controllers/pace.ts'
import { podAddresses } from './controllers/pods/node.ts'
import { runControllers } from './controllers/run.ts'
import { startGateway } from './mesh/gateway.ts'
import { type Journal, openJournal } from './store/journal.ts'
import { Store } from './store/store.ts'

/** How soon a changed rule shows in traffic, measured on a real cluster. */
const RULE_DELAY_MS = 150
/** How often the process looks whether its folder is still there. */
const LOOK_MS = 500

const folder = process.argv[2] ?? ''
const now = () => new Date()
const log = (message: string) => console.error(`${now().toISOString()} ${message}`)

function report(message: Report): void {
  if (!process.send) return
  process.send(message)
  process.disconnect()
}

async function start(settings: ClusterSettings): Promise<() => Promise<void>> {
  const { apiPort, certificates } = settings
  const store = new Store({ now })
  const journal = openJournal(folder, store)
  const warning = lossWords(journal, settings)
  if (warning) log(warning)
  if (!isSeeded(store)) seed(store, settings, now())
  if (!settings.isSeeded) writeSettingsIn(folder, { ...settings, isSeeded: true })

  const registry = createRegistry({ store, now })
  const tokens = new Tokens(certificates.serverKey)
  const running = runControllers(
    store,
    clusterControllers({
      issueToken: (account, secret) => tokens.issueFor(account, secret),
      clusterAuthority: certificates.authority,
      meshAuthority: certificates.meshAuthority,
      node: { name: nodeName(settings.name), ip: NODE_IP, nextPodIP: podAddresses() },
      manifests: manifestsOf(settings.name),
    }),
    contexts(registry, lifelike),
    toldOnce((error, controller, key) => log(`${controller} ${key}: ${(error as Error).stack}`)),
  )
  const delayMs = Number(process.env.LAB_SANDBOX_DELAY_MS ?? RULE_DELAY_MS)
  const gateway = await startGateway({ store, ports: settings.ports, delayMs, log })
  const logs: Logs = { read: gateway.logsOf, follow: gateway.followLogs }
  const tls = { key: certificates.serverKey, cert: certificates.server, ca: certificates.authority }
  const api = await startApi({ registry, port: apiPort, tls, tokens, logs, log })
  report({ ready: true, ...(warning ? { warning } : {}) })
  return async () => {
    running.stop()
    await Promise.all([api.close(), gateway.close()])
    journal.close()
  }
}

type OnError = Parameters<typeof runControllers>[3]

/** A controller tries again and again: the same error is told once in a row. */
function toldOnce(tell: OnError): OnError {
  let last = ''
  return (error, controller, key) => {
    const text = `${controller} ${key} ${String(error)}`
    if (text !== last) tell(error, controller, key)
    last = text
  }
}

/** What is to be said of state that did not come back whole; undefined where all is well. */
function lossWords({ damaged, isNew }: Journal, { isSeeded }: ClusterSettings): string | undefined {
  if (damaged)
    return `the sandbox's stored state was damaged and has been set aside as ${damaged}; what came before the damage is restored`
  if (isNew && isSeeded)
    return `the sandbox's stored state is gone (${join(folder, 'journal')} was missing or empty); the cluster is as fresh as one just created`
  return undefined
}

function failure(error: unknown): Report {
  const { code, port, message } = error as NodeJS.ErrnoException & { port?: number }
  return { failed: message, ...(code === 'EADDRINUSE' && port ? { takenPort: port } : {}) }
}

const settings = readSettingsIn(folder)
if (!settings) throw new Error(`no cluster in ${folder}`)
if (claim(folder)) {
  try {
    const close = await start(settings)
    log('ready')
    const end = async (why: string) => {
      log(why)
      await close()
      release(folder)
      process.exit(0)
    }
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void end(signal))
    watchFile(join(folder, 'cluster.json'), { interval: LOOK_MS }, ({ nlink }) => {
      if (nlink === 0) void end('the folder is gone')
    })
  } catch (error) {
    log(String((error as Error).stack))
    report(failure(error))
    release(folder)
    process.exit(1)
  }
} else {
  // Somebody else has just started it.
  const isReady = await isAnswering(folder, settings.apiPort)
  report(isReady ? { ready: true } : { failed: 'the process that was started first has ended' })
}
