/** The lesson as written: a kind cluster on this machine's Docker. */
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { mustPass } from '../doctor/checks.ts'
import type { CheckId } from '../doctor/finding.ts'
import { type Machine, type NodeContainer, thisMachine } from '../doctor/machine.ts'
import { Failure } from '../failure.ts'
import { type Command, quote, sh } from '../sh.ts'
import { runOnce } from '../shell.ts'
import { forgetLab, type LabRecord, labFolder, labOf, recordLab } from '../state.ts'
import { binFolder, envWithTools } from '../tools/bin.ts'
import type { Words } from '../words/en.ts'
import type { StepId } from '../words/steps.ts'
import { askedFor } from './asked.ts'
import { awaitApi, startNode } from './node-start.ts'
import { prefetch } from './prefetch.ts'
import { probeDns } from './probe-dns.ts'
import { removalFromShared } from './shared.ts'
import type { Beforehand, PageAccess, Target } from './target.ts'

/** For the small questions asked of kind and Docker between the lesson's commands. */
const QUESTION_LIMIT_MS = 60_000

/** Milliseconds from the beginning of a creation to its node's container; the image of the node is pulled between. */
const CREATION_LIMIT_MS = 1_800_000

/** What each script needs before it starts. */
const ALWAYS: readonly CheckId[] = ['docker', 'kind', 'kubectl']

/** What else a new cluster needs. */
const FOR_A_CLUSTER: readonly CheckId[] = ['istioctl', 'cgroup', 'memory', 'disk', 'ports']

export function kindTarget(record: LabRecord, words: Words): Target {
  const { name, port } = record
  const folder = labFolder('kind', name)
  const kubeconfig = join(folder, 'kubeconfig')
  const nodeName = `${name}-control-plane`
  const page = `http://localhost:${port}/productpage`
  const users = envWithTools()
  const ask = (command: Command, signal: AbortSignal) =>
    runOnce(command, { env: env(command), signal, limitMs: QUESTION_LIMIT_MS })

  /** kind itself writes the user's kubeconfig, as the lesson shows; all the rest works on the scripts' own. */
  function env(command?: Command): NodeJS.ProcessEnv {
    const common = { ...users, KIND_CLUSTER_NAME: name }
    return command && String(command).startsWith('kind ') ? common : { ...common, KUBECONFIG: kubeconfig }
  }

  const known = () => labOf(record) ?? { ...record, made: {} }
  const made = () => known().made.cluster

  async function check(ids: readonly CheckId[], machine: Machine): Promise<void> {
    await mustPass(ids, { machine, asked: askedFor(record), words })
  }

  async function writeKubeconfig(signal: AbortSignal): Promise<boolean> {
    const { exitCode, stdout } = await ask(sh`kind get kubeconfig`, signal)
    if (exitCode !== 0) return false
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    writeFileSync(kubeconfig, stdout, { mode: 0o600 })
    chmodSync(kubeconfig, 0o600)
    return true
  }

  async function takeKubeconfig(signal: AbortSignal): Promise<void> {
    if (await writeKubeconfig(signal)) return
    throw new Failure(words.noKubeconfig(name), { mend: `kind delete cluster --name ${name}` })
  }

  /** Who deletes a cluster by hand and makes one of the same name has made it: nothing of the lesson is in there. */
  function disownOther(container: NodeContainer | undefined): void {
    if (!container) return
    const { node, begunAt } = known()
    const another = node !== undefined && container.id !== node
    const muchLater = begunAt !== undefined && container.created - Date.parse(begunAt) > CREATION_LIMIT_MS
    if (another || (made() === 'begun' && muchLater)) forgetLab(record)
  }

  return {
    id: 'kind',
    title: words.lab.kind(name),
    simulated: false,
    get shared() {
      return made() === undefined
    },
    kubeconfig,
    env,
    leavesOut: {},
    async attach(signal, purpose) {
      const machine = thisMachine(users)
      await check(ALWAYS, machine)
      const container = await machine.nodeContainer(name)
      disownOther(container)
      // Of a cluster that is gone no kubeconfig is kept: what it names may be anybody's by now.
      if (!container) return rmSync(kubeconfig, { force: true })
      if (made() === 'begun' || (made() && purpose === 'removal')) return
      await check(['cluster'], machine)
      if ((await machine.nodeState(name)) === 'paused')
        throw new Failure(words.nodeIs(nodeName, 'paused'), { mend: `docker unpause ${nodeName}` })
      if (container.running) {
        await takeKubeconfig(signal)
        return awaitApi({ container: nodeName, env: env(), signal })
      }
      if (purpose === 'check')
        throw new Failure(words.nodeIs(nodeName, (await machine.nodeState(name)) ?? 'stopped'), {
          mend: `docker start ${nodeName}`,
        })
      const pageUrl = labOf(record)?.made.gateway === 'done' ? page : undefined
      await startNode({ container: nodeName, env: env(), pageUrl, signal, onStarted: () => takeKubeconfig(signal) })
    },
    async troubles({ engineSilent, nodeIs, noNode }) {
      const machine = thisMachine(users)
      if (!(await machine.engine()).ok) return [engineSilent]
      const state = await machine.nodeState(name)
      if (state === undefined) return made() ? [noNode(nodeName)] : []
      return state === 'running' ? [] : [nodeIs(nodeName, state)]
    },
    async before(step: StepId): Promise<Beforehand | undefined> {
      // Asked anew: commands have changed the machine since the script was started.
      const machine = thisMachine(users)
      if (step === 'istio') await check(['istioctl'], machine)
      if (step !== 'cluster') return undefined
      const there = (await machine.nodeContainer(name)) !== undefined
      const halfMade = there && made() === 'begun'
      if (there && !halfMade) throw new Failure(words.nodeUnseen(nodeName), { mend: 'kubectl get nodes' })
      if (!halfMade) await check(FOR_A_CLUSTER, machine)
      recordLab({ ...known(), begunAt: new Date().toISOString(), made: { ...known().made, cluster: 'begun' } })
      return halfMade ? { why: words.halfMade, run: [sh`kind delete cluster`] } : undefined
    },
    async gaveUp(step) {
      // Where nothing was left, the next cluster of this name may be made by hand, and is not half made.
      if (step !== 'cluster' || (await thisMachine(users).nodeContainer(name))) return
      const { cluster: _, ...rest } = known().made
      recordLab({ ...known(), made: rest })
    },
    async after(step, signal) {
      if (step !== 'cluster') return
      if (!(await writeKubeconfig(signal))) throw new Failure(words.noKubeconfig(name))
      const node = (await thisMachine(users).nodeContainer(name))?.id
      if (node) recordLab({ ...known(), node })
    },
    prefetch: (signal, onStart) => prefetch({ container: nodeName, env: users, signal, onStart }),
    hasten: (kube, signal) => probeDns({ kube, env: env(), signal }),
    openPage: async (): Promise<PageAccess> => ({
      url: page,
      close: () => undefined,
    }),
    running: () => words.lab.container(nodeName),
    byHand: () =>
      `export ${existsSync(binFolder()) ? `PATH=${quote(binFolder())}:"$PATH" ` : ''}KUBECONFIG=${quote(kubeconfig)}`,
    removal: () => (made() ? [sh`kind delete cluster`] : removalFromShared(known().made)),
  }
}
