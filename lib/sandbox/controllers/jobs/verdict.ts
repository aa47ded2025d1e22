/** Whether a Job is over, and how. */
import type { KubeObject } from '../../objects.ts'
import { failureVerdict } from './failure-policy.ts'
import type { Job } from './job.ts'
import { isFailed, type Tally } from './tally.ts'

export interface Verdict {
  type: 'Complete' | 'Failed'
  reason?: string
  message?: string
}

const failed = (reason: string, message: string): Verdict => ({ type: 'Failed', reason, message })

/** @returns undefined where it goes on */
export function judged(job: Job, tally: Tally, pods: readonly KubeObject[], now: Date): Verdict | undefined {
  const { spec, status } = job
  const { succeeded = 0, failed: failures = 0, startTime } = status
  const message = pods
    .filter((pod) => isFailed(pod, job))
    .map((pod) => failureVerdict(job, pod).message)
    .find((text) => text !== undefined)
  if (message !== undefined) return failed('PodFailurePolicy', message)
  if (failures > spec.backoffLimit || restarts(spec, tally.active) > spec.backoffLimit)
    return failed('BackoffLimitExceeded', 'Job has reached the specified backoff limit')
  const deadline = spec.activeDeadlineSeconds
  if (deadline !== undefined && startTime && now.getTime() - Date.parse(startTime) >= deadline * 1000)
    return failed('DeadlineExceeded', 'Job was active longer than specified deadline')
  const givenUp = tally.failedIndexes?.size ?? 0
  if (givenUp > (spec.maxFailedIndexes ?? givenUp))
    return failed('MaxFailedIndexesExceeded', 'Job has exceeded the specified maximal number of failed indexes')
  if (givenUp > 0 && givenUp + tally.completedIndexes.size >= spec.completions)
    return failed('FailedIndexes', 'Job has failed indexes')
  if (spec.suspend) return undefined
  const isComplete =
    spec.completions === undefined ? succeeded > 0 && tally.active.length === 0 : succeeded >= spec.completions
  return isComplete ? { type: 'Complete' } : undefined
}

/** Where containers are started again in their pods, that is what is counted. */
function restarts({ template }: Job['spec'], active: readonly KubeObject[]): number {
  if (template.spec.restartPolicy !== 'OnFailure') return 0
  const statuses = active.flatMap(({ status }) => status?.containerStatuses ?? [])
  return statuses.reduce((sum: number, { restartCount }: { restartCount: number }) => sum + restartCount, 0)
}
