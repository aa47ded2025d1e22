/** What a run works with: the target, the words, and what is opened once and kept. */
import { connect, type Kube } from './kube.ts'
import type { Settings } from './lesson.ts'
import type { Options } from './options.ts'
import type { Printer } from './print.ts'
import { type LabRecord, labOf, recordLab } from './state.ts'
import type { PageAccess, Target } from './targets/target.ts'
import type { Lesson } from './words/lesson.ts'
import type { StepId } from './words/steps.ts'

export interface Lab {
  target: Target
  record: LabRecord
  settings: Settings
  options: Options
  print: Printer
  signal: AbortSignal
  words: Lesson
  kube: () => Promise<Kube>
  /** Forgets the connection: the next question reads the kubeconfig anew. */
  reconnect: () => void
  page: () => Promise<PageAccess>
  close: () => Promise<void>
  /** Waits that go on beside the next step. */
  waits: Promise<unknown>[]
  /** Aborted when the run is stopped, and when it is over. */
  untilClosed: AbortSignal
}

/** What is opened once and kept for the run: the connection to the API, and the way to the page. */
export function openLab(parts: Omit<Lab, 'kube' | 'reconnect' | 'page' | 'close' | 'waits' | 'untilClosed'>): Lab {
  const { target, signal } = parts
  let kube: Promise<Kube> | undefined
  let page: Promise<PageAccess> | undefined
  const closed = new AbortController()
  return {
    ...parts,
    kube: () => (kube ??= connect(target.kubeconfig, { signal })),
    reconnect: () => {
      kube = undefined
    },
    page: () => (page ??= target.openPage(signal)),
    close: async () => {
      closed.abort()
      ;(await page?.catch(() => undefined))?.close()
    },
    waits: [],
    untilClosed: AbortSignal.any([signal, closed.signal]),
  }
}

/** The lab as it is chosen now, with what is known of it by now: targets and steps write to the same record. */
export function recordOf({ record }: Lab): LabRecord {
  const { made = {}, node, begunAt } = labOf(record) ?? {}
  return { ...record, made, ...(node ? { node } : {}), ...(begunAt ? { begunAt } : {}) }
}

/** The steps whose commands were run in this lab. */
export function madeSoFar(lab: Lab): LabRecord['made'] {
  return recordOf(lab).made
}

/** Written down before a thing is made, and when it is. */
export function recordMade(lab: Lab, step: StepId, how: 'begun' | 'done'): void {
  recordLab({ ...recordOf(lab), made: { ...madeSoFar(lab), [step]: how } })
}
