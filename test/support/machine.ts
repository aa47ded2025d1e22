/** A machine as a table of answers: ready for the lesson on kind, but for what a test says. */
import type { Asked, Examination } from '../../lib/doctor/finding.ts'
import type { Machine, NodeContainer } from '../../lib/doctor/machine.ts'
import type { Item } from '../../lib/kube.ts'
import type { Engine, Tool } from '../../lib/machine.ts'
import { versions } from '../../lib/versions.ts'
import { en } from '../../lib/words/en.ts'

const GB = 1e9

interface Answers {
  env: NodeJS.ProcessEnv
  nodeVersion: string
  engine: Engine
  cgroupVersion: string
  memory: number
  freeMemory: number | undefined
  freeDisk: number | undefined
  tools: Partial<Record<Tool, string>>
  holders: Readonly<Record<number, string>>
  node: NodeContainer | undefined
  serverVersion: string | undefined
  istioDeployments: Item[] | undefined
  inotify: readonly [watches: number, instances: number] | undefined
  /** Hosts that do not answer. */
  silent: readonly string[]
}

const good: Answers = {
  env: {},
  nodeVersion: '22.18.0',
  engine: { ok: true, version: '27.0.3' },
  cgroupVersion: '2',
  memory: 8 * GB,
  freeMemory: 4 * GB,
  freeDisk: 40 * GB,
  tools: { kind: versions.kind, kubectl: versions.kubectl, istioctl: versions.istio },
  holders: {},
  node: undefined,
  serverVersion: undefined,
  istioDeployments: undefined,
  inotify: [524_288, 512],
  silent: [],
}

function machineWith(answers: Partial<Answers> = {}): Machine {
  const all = { ...good, ...answers }
  const info = { cgroupVersion: all.cgroupVersion, memory: all.memory, folder: '/var/lib/docker' }
  return {
    env: all.env,
    nodeVersion: all.nodeVersion,
    engine: async () => all.engine,
    engineInfo: async () => (all.engine.ok ? info : undefined),
    toolVersion: async (tool) => all.tools[tool],
    portHolder: async (port) => all.holders[port],
    nodeContainer: async () => all.node,
    nodeState: async () => all.node && (all.node.running ? 'running' : 'exited'),
    serverVersion: async () => all.serverVersion,
    istioDeployments: async () => all.istioDeployments,
    kernelLimit: (path) => all.inotify?.[path.endsWith('watches') ? 0 : 1],
    freeMemory: () => all.freeMemory,
    freeDisk: async () => all.freeDisk,
    answers: async (url) => !all.silent.includes(new URL(url).host),
  }
}

/** Asks about the lesson's own cluster on kind, but for what a test says. */
export function examinationOf(answers: Partial<Answers> = {}, asked: Partial<Asked> = {}): Examination {
  return {
    machine: machineWith(answers),
    asked: {
      target: 'kind',
      name: 'kind',
      named: false,
      made: undefined,
      port: 8080,
      portGiven: false,
      nodeImage: undefined,
      ...asked,
    },
    words: en,
  }
}
