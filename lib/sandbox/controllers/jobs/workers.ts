/** How many pods work for a Job: more are made, or some are ended. */
import type { KubeObject } from '../../objects.ts'
import type { Again, Context } from '../controller.ts'
import { type BackOffs, finishTime, remainingMs } from './back-off.ts'
import { failureCount, ignoredCount, indexOf, type Job } from './job.ts'
import { endPods, freeIndexes, makePod } from './pods.ts'
import { replacesFailedOnly, type Tally } from './tally.ts'

/** Makes or ends pods. @returns the time after which to try again */
export function manage(job: Job, tally: Tally, backOffs: BackOffs, context: Context): Again {
  const { spec, status } = job
  const { active } = tally
  const parallel: number = spec.parallelism ?? 1
  const { succeeded = 0 } = status
  const left = spec.completions === undefined ? parallel : spec.completions - succeeded
  const wanted = spec.completions === undefined && succeeded > 0 ? active.length : Math.min(parallel, left)
  if (active.length > wanted) {
    endPods(job, active.slice(wanted), context)
    return undefined
  }
  const ending = replacesFailedOnly(job) ? endingOf(job, context) : 0
  const more = wanted - ending - active.length
  if (more <= 0) return undefined
  const isPerIndex = spec.backoffLimitPerIndex !== undefined
  const wait = isPerIndex ? 0 : backOffs.remainingMs(job.metadata.uid as string, context.now())
  if (wait > 0) return wait
  return spec.completionMode === 'Indexed' ? makeIndexed(job, tally, more, context) : makeSome(job, more, context)
}

function makeSome(job: Job, more: number, context: Context): Again {
  for (let made = 0; made < more; made++) if (makePod(job, undefined, undefined, context)) return 'later'
  return undefined
}

function makeIndexed(job: Job, tally: Tally, more: number, context: Context): Again {
  const { active, completedIndexes, failedIndexes = [], waiting } = tally
  const ending = replacesFailedOnly(job) ? context.dependents.controlled(job, 'pods').filter(isEnding) : []
  const taken = new Set([...completedIndexes, ...failedIndexes, ...[...active, ...ending].map(indexOf)])
  const waits: number[] = []
  for (const index of freeIndexes(job, taken).slice(0, more)) {
    const replaced = waiting.get(index)
    const failures = replaced ? failureCount(replaced) + ignoredCount(replaced) + 1 : 0
    const wait = remainingMs(failures, replaced && finishTime(replaced), context.now())
    if (wait > 0) waits.push(wait)
    else if (makePod(job, index, replaced, context)) return 'later'
  }
  return waits.length > 0 ? Math.min(...waits) : undefined
}

function isEnding({ metadata, status }: KubeObject): boolean {
  return metadata.deletionTimestamp !== undefined && status?.phase !== 'Succeeded' && status?.phase !== 'Failed'
}

/** How many pods have been asked to end, and have not. */
export function endingOf(job: Job, { dependents }: Context): number {
  return dependents.controlled(job, 'pods').filter(isEnding).length
}
