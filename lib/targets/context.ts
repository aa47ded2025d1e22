/** An existing cluster that the user names and that has Istio: a cloud's, k3d's, a classroom's. */
import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { mustPass } from '../doctor/checks.ts'
import { thisMachine } from '../doctor/machine.ts'
import { Failure } from '../failure.ts'
import { quote, sh } from '../sh.ts'
import { runOnce } from '../shell.ts'
import { type LabRecord, labFolder, labOf, stateFolder } from '../state.ts'
import type { Words } from '../words/en.ts'
import { askedFor } from './asked.ts'
import { removalFromShared } from './shared.ts'
import type { PageAccess, Target } from './target.ts'

const QUESTION_LIMIT_MS = 30_000

/** Writes a kubeconfig in which no other context is left. */
export const contextView = (name: string) => sh`kubectl config view --raw --minify --flatten --context ${name}`

export function contextTarget(record: LabRecord, words: Words): Target {
  const { name } = record
  const folder = labFolder('context', name)
  const kubeconfig = join(folder, 'kubeconfig')
  const users = { ...process.env, PATH: `${join(stateFolder(), 'bin')}:${process.env.PATH}` }
  const env = { ...users, KUBECONFIG: kubeconfig }
  // By hand it is typed where another context may be the current one.
  const forward = ['kubectl', '--context', name, 'port-forward', '-n', 'istio-system', 'svc/istio-ingressgateway']
  const keepOpen = [...forward, '8080:80'].map(quote).join(' ')
  return {
    id: 'context',
    title: words.lab.context(name),
    simulated: false,
    shared: true,
    kubeconfig,
    env: () => env,
    leavesOut: {
      cluster: words.leftOutOfContext.cluster,
      istio: words.leftOutOfContext.istio,
      'way-in': words.leftOutOfContext.wayIn,
    },
    async attach(signal) {
      const how = { env: users, signal, limitMs: QUESTION_LIMIT_MS }
      const { exitCode, stdout, stderr } = await runOnce(contextView(name), how)
      if (exitCode !== 0) {
        await haveKubectl()
        throw new Failure(words.noContext(name), { seen: stderr.trim(), mend: 'kubectl config get-contexts' })
      }
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      writeFileSync(kubeconfig, stdout, { mode: 0o600 })
    },
    before: async () => undefined,
    after: async () => undefined,
    openPage: (signal) => portForward(env, signal),
    running: () => undefined,
    byHand: () => `export KUBECONFIG=${quote(kubeconfig)}`,
    removal: () => removalFromShared(labOf(record)?.made ?? {}),
  }

  async function haveKubectl(): Promise<void> {
    await mustPass(['kubectl'], { machine: thisMachine(users), asked: askedFor(record), words })
  }

  /** Held open as long as the run lasts, on a port that kubectl picks. */
  async function portForward(environment: NodeJS.ProcessEnv, signal: AbortSignal): Promise<PageAccess> {
    const [program = '', ...args] = [...forward, ':80']
    const child = spawn(program, args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
    const close = () => child.kill()
    signal.addEventListener('abort', close, { once: true })
    const port = await new Promise<number>((resolve, reject) => {
      let said = ''
      const fail = (cause?: unknown) =>
        reject(new Failure(words.noPortForward, { seen: said.trim(), mend: keepOpen, cause }))
      const limit = setTimeout(() => {
        close()
        fail()
      }, QUESTION_LIMIT_MS)
      const listen = (text: Buffer) => {
        said += text
        const found = /Forwarding from 127\.0\.0\.1:(\d+)/.exec(said)
        if (!found) return
        clearTimeout(limit)
        resolve(Number(found[1]))
      }
      child.stdout.on('data', listen)
      child.stderr.on('data', listen)
      child.on('error', fail)
      // Only then all that it said has been read.
      child.on('close', () => {
        clearTimeout(limit)
        fail()
      })
    })
    return { url: `http://localhost:${port}/productpage`, keepOpen, close }
  }
}
