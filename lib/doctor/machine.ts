/** What the checks ask of a machine; in tests a table of answers stands in its place. */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { freemem } from 'node:os'
import { promisify } from 'node:util'
import type { Item } from '../kube.ts'
import { dockerEngine, type Engine, portHolder, type Tool, toolVersion } from '../machine.ts'
import type { Words } from '../words/en.ts'

const exec = promisify(execFile)

/** Milliseconds for an answer of Docker or of a cluster. */
const LIMIT_MS = 10_000

/** Milliseconds for an answer from the internet: a check must not hang where there is none. */
const NETWORK_LIMIT_MS = 3_000

/** What Docker's engine says of itself. */
interface EngineInfo {
  cgroupVersion: string
  /** Bytes. */
  memory: number
  /** Where Docker keeps images; on Docker Desktop a folder of its virtual machine. */
  folder: string
}

/** The container that is a kind cluster's node. */
export interface NodeContainer {
  id: string
  /** In milliseconds since 1970, by the engine's clock. */
  created: number
  running: boolean
  image: string
  /** This machine's ports that lead to 8080 of the node. */
  pagePorts: readonly string[]
}

export interface Machine {
  readonly env: NodeJS.ProcessEnv
  readonly nodeVersion: string
  engine(): Promise<Engine>
  engineInfo(): Promise<EngineInfo | undefined>
  toolVersion(tool: Tool): Promise<string | undefined>
  portHolder(port: number, words: Words): Promise<string | undefined>
  /** Node of a kind cluster; undefined where there is no such cluster. */
  nodeContainer(cluster: string): Promise<NodeContainer | undefined>
  /** `running`, `paused`, `exited`, ... of that container. */
  nodeState(cluster: string): Promise<string | undefined>
  /** Kubernetes version of the cluster behind a context of the user's kubeconfig. */
  serverVersion(context: string): Promise<string | undefined>
  /** Istio's deployments in that cluster; undefined where they may not be read. */
  istioDeployments(context: string): Promise<Item[] | undefined>
  /** A number of the Linux kernel, as fs/inotify/max_user_watches; undefined elsewhere. */
  kernelLimit(path: string): number | undefined
  /** Bytes that programs can have; undefined where the system does not tell. */
  freeMemory(): number | undefined
  /** Bytes free below a folder; undefined where there is no such folder on this machine. */
  freeDisk(folder: string): Promise<number | undefined>
  /** Whether anything at all answers at an address. */
  answers(url: string): Promise<boolean>
}

/** This machine, each slow question asked once. */
export function thisMachine(env: NodeJS.ProcessEnv): Machine {
  return {
    env,
    nodeVersion: process.versions.node,
    engine: once(() => dockerEngine(env)),
    engineInfo: once(() => engineInfo(env)),
    toolVersion: once((tool: Tool) => toolVersion(tool, env)),
    portHolder,
    nodeContainer: once((cluster: string) => nodeContainer(cluster, env)),
    nodeState: (cluster: string) => nodeState(cluster, env),
    serverVersion: once((context: string) => serverVersion(context, env)),
    istioDeployments: (context: string) => istioDeployments(context, env),
    kernelLimit,
    // What other systems call free leaves out what they would give up at once.
    freeMemory: () => (process.platform === 'linux' ? freemem() : undefined),
    freeDisk,
    answers,
  }
}

/** Asks once for each argument, and remembers. */
function once<A extends [] | [string], T>(ask: (...argument: A) => Promise<T>): (...argument: A) => Promise<T> {
  const answers = new Map<string | undefined, Promise<T>>()
  return (...argument) => {
    const answer = answers.get(argument[0]) ?? ask(...argument)
    answers.set(argument[0], answer)
    return answer
  }
}

/** A program's output; undefined where it fails. */
async function output(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string | undefined> {
  return exec(program, [...args], { env, timeout: LIMIT_MS }).then(
    ({ stdout }) => stdout,
    () => undefined,
  )
}

async function engineInfo(env: NodeJS.ProcessEnv): Promise<EngineInfo | undefined> {
  const text = await output('docker', ['info', '--format', '{{json .}}'], env)
  const info = text && JSON.parse(text)
  if (!info?.MemTotal) return undefined
  return {
    cgroupVersion: info.CgroupVersion ?? '',
    memory: info.MemTotal,
    folder: info.DockerRootDir ?? '',
  }
}

/** The container that kind names after the cluster; a stopped one still tells its ports. */
async function nodeContainer(cluster: string, env: NodeJS.ProcessEnv): Promise<NodeContainer | undefined> {
  const container = await inspected(cluster, env)
  if (!container) return undefined
  const bindings: { HostPort: string }[] = container.HostConfig?.PortBindings?.['8080/tcp'] ?? []
  return {
    id: container.Id,
    created: Date.parse(container.Created),
    running: container.State.Running,
    image: container.Config.Image,
    pagePorts: bindings.map(({ HostPort }) => HostPort),
  }
}

/** What Docker tells of a node's container. */
// biome-ignore lint/suspicious/noExplicitAny: of its many fields a few are read
async function inspected(cluster: string, env: NodeJS.ProcessEnv): Promise<any> {
  const text = await output('docker', ['container', 'inspect', `${cluster}-control-plane`], env)
  return text ? JSON.parse(text)[0] : undefined
}

async function nodeState(cluster: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const container = await inspected(cluster, env)
  return container && (container.State.Status ?? 'running')
}

async function serverVersion(context: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const args = ['version', '--context', context, '--request-timeout', '5s', '-o', 'json']
  const text = await output('kubectl', args, env)
  return text && JSON.parse(text).serverVersion?.gitVersion?.replace(/^v/, '')
}

async function istioDeployments(context: string, env: NodeJS.ProcessEnv): Promise<Item[] | undefined> {
  const args = ['get', 'deployments', '--context', context, '-n', 'istio-system', '--request-timeout', '5s']
  const text = await output('kubectl', [...args, '-o', 'json'], env)
  return text ? JSON.parse(text).items : undefined
}

function kernelLimit(path: string): number | undefined {
  try {
    return Number(readFileSync(`/proc/sys/${path}`, 'utf8'))
  } catch {
    // Not a Linux, so Docker runs in a virtual machine with limits of its own.
    return undefined
  }
}

async function freeDisk(folder: string): Promise<number | undefined> {
  return statfs(folder).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => undefined,
  )
}

async function answers(url: string): Promise<boolean> {
  return fetch(url, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(NETWORK_LIMIT_MS) }).then(
    () => true,
    () => false,
  )
}
