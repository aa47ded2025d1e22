/** The lesson as written: a kind cluster on this machine's Docker. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Failure, notReady } from '../failure.ts'
import { dockerEngine, portHolder } from '../machine.ts'
import { type Command, sh } from '../sh.ts'
import { run, runOnce } from '../shell.ts'
import { type LabRecord, labFolder, labOf, recordLab, stateFolder } from '../state.ts'
import type { StepId } from '../words/steps.ts'
import { httpsPortOf } from './cluster-config.ts'
import type { Beforehand, PageAccess, Target } from './target.ts'

/** For the small questions asked of kind and Docker between the lesson's commands. */
const QUESTION_LIMIT_MS = 60_000

export function kindTarget(record: LabRecord, { named }: { named: boolean }): Target {
  const { name, port } = record
  const folder = labFolder('kind', name)
  const kubeconfig = join(folder, 'kubeconfig')
  const node = `${name}-control-plane`
  // What doctor --fix has downloaded comes first.
  const path = `${join(stateFolder(), 'bin')}:${process.env.PATH}`
  const ask = (command: Command, signal: AbortSignal) =>
    runOnce(command, { env: env(command), signal, limitMs: QUESTION_LIMIT_MS })

  /** kind itself writes the user's kubeconfig, as the lesson shows; all the rest works on the scripts' own. */
  function env(command?: Command): NodeJS.ProcessEnv {
    const common = { ...process.env, PATH: path, KIND_CLUSTER_NAME: name }
    return command && String(command).startsWith('kind ') ? common : { ...common, KUBECONFIG: kubeconfig }
  }

  const made = () => labOf(record)?.made.cluster

  async function exists(signal: AbortSignal): Promise<boolean> {
    const { exitCode, stdout, stderr } = await ask(sh`kind get clusters`, signal)
    if (exitCode !== 0) throw new Failure('kind cannot list its clusters', { seen: stderr.trim(), mend: 'docker info' })
    return stdout.split('\n').includes(name)
  }

  async function writeKubeconfig(signal: AbortSignal): Promise<boolean> {
    const { exitCode, stdout } = await ask(sh`kind get kubeconfig`, signal)
    if (exitCode !== 0) return false
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    writeFileSync(kubeconfig, stdout, { mode: 0o600 })
    chmodSync(kubeconfig, 0o600)
    return true
  }

  /** Ports are fixed when a cluster is created, so a cluster with others cannot be used. */
  async function checkPorts(signal: AbortSignal): Promise<void> {
    const { exitCode, stdout } = await ask(sh`docker port ${node} 8080/tcp`, signal)
    if (exitCode === 0 && stdout.split('\n').some((line) => line.endsWith(`:${port}`))) return
    throw new Failure(`the cluster "${name}" does not map port ${port} of this machine to 8080 of its node`, {
      seen:
        exitCode === 0
          ? `8080 is mapped to ${stdout.trim().split('\n').join(', ')}`
          : 'port 8080 of the node is not mapped',
      why: ['kind fixes the ports when it creates a cluster'],
      mend: `use another cluster with --name NAME, or remove this one: kind delete cluster --name ${name}`,
    })
  }

  /** After a reboot the container of the node may be stopped. */
  async function startNode(signal: AbortSignal): Promise<void> {
    const { stdout } = await ask(sh`docker inspect -f ${'{{.State.Running}}'} ${node}`, signal)
    if (stdout.trim() !== 'false') return
    await run(sh`docker start ${node}`, { env: env(), signal, limitMs: QUESTION_LIMIT_MS })
  }

  return {
    id: 'kind',
    title: `kind cluster "${name}"`,
    simulated: false,
    shared: false,
    kubeconfig,
    env,
    leavesOut: {},
    async attach(signal) {
      const engine = await dockerEngine()
      if (!engine.ok) throw noDocker(engine)
      if (!(await exists(signal)) || made() === 'begun') return
      if (made() !== 'done' && !named)
        throw new Failure(`there is a kind cluster "${name}" that this lesson has not made`, {
          mend: `use it with --name ${name}, or let the lesson make one of its own with --name lesson`,
        })
      await startNode(signal)
      await checkPorts(signal)
      if (!(await writeKubeconfig(signal)))
        throw new Failure(`kind has no kubeconfig for its cluster "${name}"`, {
          mend: `kind delete cluster --name ${name}`,
        })
    },
    async before(step: StepId, signal: AbortSignal): Promise<Beforehand | undefined> {
      if (step !== 'cluster') return undefined
      const halfMade = (await exists(signal)) && made() !== 'done'
      if (!halfMade) await checkPortsFree([port, httpsPortOf(port)])
      recordLab({ ...record, made: { ...record.made, cluster: 'begun' } })
      return halfMade
        ? { why: 'an earlier run was stopped while it made this cluster', run: [sh`kind delete cluster`] }
        : undefined
    },
    async after(step, signal) {
      if (step === 'cluster' && !(await writeKubeconfig(signal)))
        throw new Failure('kind has no kubeconfig for the new cluster')
    },
    openPage: async (): Promise<PageAccess> => ({
      url: `http://localhost:${port}/productpage`,
      close: () => undefined,
    }),
    running: () => `the Docker container ${node}`,
    byHand: () => `export KUBECONFIG=${kubeconfig}`,
    removal: () => (made() ? [sh`kind delete cluster`] : []),
  }
}

/** A taken port makes kind fail late, with Docker's words. */
async function checkPortsFree(ports: readonly number[]): Promise<void> {
  for (const port of ports) {
    const holder = await portHolder(port)
    if (holder)
      throw notReady(`port ${port} of this machine is taken`, {
        seen: `held by ${holder}`,
        mend: 'end that program, or take another port for the page: --port 8090',
      })
  }
}

const mends = {
  missing: 'install Docker (https://docs.docker.com/engine/install/), or take the sandbox: --target sandbox',
  'not running': 'sudo systemctl start docker   (or start Docker Desktop)',
  'no permission': 'sudo usermod -aG docker $USER, then log in again',
} as const

function noDocker({ reason, detail }: { reason: keyof typeof mends; detail: string }): Failure {
  return notReady(`Docker cannot be used: ${reason}`, { seen: detail, mend: mends[reason] })
}
