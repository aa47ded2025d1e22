/** What a Job's pods have come to. */
import type { KubeObject } from '../../objects.ts'
import { isActive } from '../pods/pod.ts'
import { finishTime } from './back-off.ts'
import { failureVerdict } from './failure-policy.ts'
import { failureCount, ignoredCount, indexesOf, indexOf, type Job, trackingFinalizer } from './job.ts'

export interface Tally {
  active: readonly KubeObject[]
  /** Over, and not counted yet. */
  newlySucceeded: readonly KubeObject[]
  newlyFailed: readonly KubeObject[]
  /** Of an Indexed Job, with those that are new. */
  completedIndexes: ReadonlySet<number>
  /** Of one that has a limit for each index. */
  failedIndexes: ReadonlySet<number> | undefined
  /** Of such a Job: the last pod that failed at an index, which is counted once another is at work there. */
  waiting: ReadonlyMap<number, KubeObject>
}

export function tallyOf(job: Job, pods: readonly KubeObject[]): Tally {
  const { spec, status } = job
  const active = pods.filter(isActive)
  const uncounted = pods.filter(({ metadata }) => metadata.finalizers?.includes(trackingFinalizer))
  const newlySucceeded = uncounted.filter((pod) => pod.status?.phase === 'Succeeded')
  const newlyFailed = uncounted.filter((pod) => isFailed(pod, job))
  const completedIndexes = new Set([...indexesOf(status.completedIndexes), ...indexesIn(newlySucceeded, job)])
  const tally = { active, newlySucceeded, newlyFailed, completedIndexes }
  if (spec.backoffLimitPerIndex === undefined) return { ...tally, failedIndexes: undefined, waiting: new Map() }
  const givenUp = newlyFailed.filter((pod) => isGivenUp(pod, job))
  const failedIndexes = new Set([...indexesOf(status.failedIndexes), ...indexesIn(givenUp, job)])
  const done = new Set([...completedIndexes, ...failedIndexes, ...active.map(indexOf)])
  return { ...tally, failedIndexes, waiting: lastOf(newlyFailed, done, job) }
}

/** A pod that is ended before it is done has failed, unless the Job waits to see what becomes of it. */
export function isFailed({ metadata, status }: KubeObject, job: Job): boolean {
  if (status?.phase === 'Failed') return true
  return !replacesFailedOnly(job) && metadata.deletionTimestamp !== undefined && status?.phase !== 'Succeeded'
}

export function replacesFailedOnly({ spec }: Job): boolean {
  return spec.podReplacementPolicy === 'Failed' || spec.podFailurePolicy !== undefined
}

function indexesIn(pods: readonly KubeObject[], { spec }: Job): number[] {
  if (spec.completionMode !== 'Indexed') return []
  return pods.map(indexOf).filter((index) => index >= 0 && index < spec.completions)
}

function isGivenUp(pod: KubeObject, job: Job): boolean {
  const { action } = failureVerdict(job, pod)
  if (action === 'FailIndex') return true
  return action !== 'Ignore' && failureCount(pod) >= job.spec.backoffLimitPerIndex
}

function lastOf(failed: readonly KubeObject[], done: ReadonlySet<number>, { spec }: Job): Map<number, KubeObject> {
  const last = new Map<number, KubeObject>()
  const failures = (pod: KubeObject) => failureCount(pod) + ignoredCount(pod)
  for (const pod of failed) {
    const index = indexOf(pod)
    if (index < 0 || index >= spec.completions || done.has(index)) continue
    const other = last.get(index)
    const isLater = !other || (failures(other) <= failures(pod) && finishTime(pod) >= finishTime(other))
    if (isLater) last.set(index, pod)
  }
  return last
}
