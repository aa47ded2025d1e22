/**
 * The embedded stand-in: its own `kind` and `istioctl` come first on the PATH, so that the lesson's commands are the
 * same as everywhere. It is reached as a real cluster is, by its programs and over HTTPS.
 */
import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { mustPass } from '../doctor/checks.ts'
import { thisMachine } from '../doctor/machine.ts'
import { Failure, notReady } from '../failure.ts'
import { sh } from '../sh.ts'
import { run } from '../shell.ts'
import { type LabRecord, labOf, projectFolder, recordLab, stateFolder } from '../state.ts'
import type { Words } from '../words/en.ts'
import { askedFor } from './asked.ts'
import type { Target } from './target.ts'

const dist = join(projectFolder, 'dist')

/** Bringing a stopped sandbox back takes about half a second. */
const RESUME_LIMIT_MS = 30_000

/** Of the gateway on the node, as the lesson's configuration maps it. */
const PAGE_PORT = 8080

const sandboxHome = () => join(stateFolder(), 'sandbox')

/** What kind made, with its port mappings; a sandbox exists as long as this file does. */
const settingsFile = (name: string) => join(sandboxHome(), name, 'cluster.json')

/** Set so by `npm run sandbox`, and by every script that works in a sandbox. */
export function sandboxEnv(name: string, port: number): NodeJS.ProcessEnv {
  const own = [join(dist, 'bin'), ...(hasKubectl() ? [] : [join(dist, 'bin-kubectl')])]
  return {
    ...process.env,
    PATH: [...own, process.env.PATH].join(delimiter),
    KUBECONFIG: kubeconfigOf(name),
    KIND_CLUSTER_NAME: name,
    LAB_SANDBOX_HOME: sandboxHome(),
    LAB_SANDBOX_PORT: String(port),
  }
}

/** The ports of this machine that an existing sandbox maps to its page; undefined where there is no such sandbox. */
export function mappedPorts(name: string): number[] | undefined {
  const settings = settingsFile(name)
  if (!existsSync(settings)) return undefined
  const { ports } = JSON.parse(readFileSync(settings, 'utf8')) as {
    ports: { hostPort: number; containerPort: number }[]
  }
  return ports.filter(({ containerPort }) => containerPort === PAGE_PORT).map(({ hostPort }) => hostPort)
}

/** Starts the sandbox's process again where it should run and does not (a crash, a reboot). */
export async function resumeSandbox(name: string, port: number, signal: AbortSignal): Promise<void> {
  if (!existsSync(join(dist, 'sandbox', 'resume.js'))) await build(signal)
  if (!existsSync(settingsFile(name))) return
  await run(sh`${process.execPath} ${join(dist, 'sandbox', 'resume.js')} ${name}`, {
    env: sandboxEnv(name, port),
    signal,
    limitMs: RESUME_LIMIT_MS,
  })
}

export function sandboxTarget(record: LabRecord, words: Words): Target {
  const { name, port } = record
  const made = () => labOf(record)?.made.cluster
  const exists = () => existsSync(kubeconfigOf(name))
  return {
    id: 'sandbox',
    title: words.lab.sandbox(name),
    simulated: true,
    shared: false,
    kubeconfig: kubeconfigOf(name),
    env: () => sandboxEnv(name, port),
    leavesOut: {},
    async attach(signal, purpose) {
      if (purpose === 'removal') return existsSync(join(dist, 'bin')) ? undefined : build(signal)
      const ports = made() === 'begun' ? undefined : mappedPorts(name)
      if (ports && !ports.includes(port))
        throw notReady(words.doctor.cluster.otherPorts(name, port), {
          seen: words.doctor.cluster.mappedTo(ports),
          why: [words.doctor.cluster.otherPortsWhy],
          mend: words.doctor.cluster.otherPortsMend(`npm run sandbox -- kind delete cluster --name ${name}`, ports),
        })
      await resumeSandbox(name, port, signal)
    },
    async before(step) {
      if (step !== 'cluster') return undefined
      const halfMade = made() === 'begun' && exists()
      if (!exists()) {
        // Whatever was begun: nothing of it is there that could hold the ports.
        const asked = { ...askedFor(record), made: undefined }
        await mustPass(['ports'], { machine: thisMachine(process.env), asked, words })
      }
      recordLab({ ...record, made: { ...labOf(record)?.made, cluster: 'begun' } })
      return halfMade ? { why: words.halfMade, run: [sh`kind delete cluster`] } : undefined
    },
    after: async () => undefined,
    openPage: async () => ({ url: `http://localhost:${port}/productpage`, close: () => undefined }),
    running: () => (exists() ? words.lab.process(name) : undefined),
    byHand: () => `npm run sandbox -- ${name === 'kind' ? '' : `--name ${name} `}bash`,
    removal: () => [sh`kind delete cluster`],
  }
}

function kubeconfigOf(name: string): string {
  return join(sandboxHome(), name, 'kubeconfig')
}

function hasKubectl(): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, 'kubectl'), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/** `npm ci` does this; a copy that was installed without its scripts has not done it. */
async function build(signal: AbortSignal): Promise<void> {
  try {
    await run(sh`npm run --silent build`, { env: process.env, signal, limitMs: 60_000 })
  } catch (cause) {
    throw new Failure((words) => words.notBuilt, { seen: (cause as Error).message, mend: 'npm ci', cause })
  }
}
