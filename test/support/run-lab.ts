/** A lab for what runs steps, without a script around it: its words are kept, its cluster is in memory. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Item } from '../../lib/kube.ts'
import type { Lab } from '../../lib/lab.ts'
import { parseOptions } from '../../lib/options.ts'
import type { Printer } from '../../lib/print.ts'
import type { LabRecord } from '../../lib/state.ts'
import type { Target } from '../../lib/targets/target.ts'
import { en } from '../../lib/words/en.ts'
import { lessonIn } from '../../lib/words/lesson.ts'
import { temporaryFolder } from './folder.ts'
import { kubeOf } from './kube.ts'

const record: LabRecord = { target: 'kind', name: 'kind', port: 8080, made: {} }

export interface RunLab extends Lab {
  /** What was printed, a line each, in order. */
  said: string[]
}

/** @param changes of the target; and the objects of its cluster */
export async function runLab(changes: Partial<Target> = {}, ...objects: Item[]): Promise<RunLab> {
  process.env.LAB_HOME = temporaryFolder()
  const kubeconfig = join(process.env.LAB_HOME, 'kubeconfig')
  mkdirSync(dirname(kubeconfig), { recursive: true })
  writeFileSync(kubeconfig, '{}')
  const said: string[] = []
  const { signal } = new AbortController()
  return {
    said,
    record,
    settings: { clusterConfig: '', nodeImageFlags: [] },
    options: parseOptions('./scripts/all.ts', '', ['--lang', 'en'], en.options) as Lab['options'],
    print: keeping(said),
    signal,
    waits: [],
    untilClosed: signal,
    words: await lessonIn('en'),
    kube: async () => kubeOf(...objects),
    reconnect: () => undefined,
    page: async () => ({ url: 'http://localhost:8080/productpage', close: () => undefined }),
    close: async () => undefined,
    target: {
      id: 'kind',
      title: 'kind cluster "kind"',
      simulated: false,
      shared: false,
      kubeconfig,
      env: () => process.env,
      leavesOut: {},
      attach: async () => undefined,
      before: async () => undefined,
      after: async () => undefined,
      openPage: async () => ({ url: 'http://localhost:8080/productpage', close: () => undefined }),
      running: () => undefined,
      byHand: () => 'export KUBECONFIG=x',
      removal: () => [],
      ...changes,
    },
  }
}

function keeping(said: string[]): Printer {
  const keep = (text: unknown) => void said.push(String(text))
  return {
    banner: keep,
    note: keep,
    section: (_, title) => keep(title),
    step: keep,
    command: (command) => keep(`$ ${command}`),
    output: keep,
    detail: keep,
    done: (verdict) => keep(`✔ ${verdict}`),
    leftOut: (title, reason) => keep(`${title}: ${reason}`),
    ending: (lines) => lines.forEach(keep),
  }
}
