/** What has become of a CronJob's Jobs: which are active, which may be forgotten. */
import type { KubeObject } from '../../objects.ts'
import { condition } from '../conditions.ts'
import type { Context } from '../controller.ts'
import { isFinished, jobs } from './job.ts'

export const cronJobs = 'cronjobs.batch'

interface Reference {
  name: string
  namespace: string
  uid: string
}

/** Lets go of what is over, and of what is too old to be kept. @returns the CronJob as it is then */
export function lookAfter(cronJob: KubeObject, context: Context): KubeObject {
  const own = context.dependents.controlled(cronJob, jobs).sort(oldestFirst)
  const listed = activeOf(cronJob)
  const isListed = ({ metadata }: KubeObject) => listed.some(({ uid }) => uid === metadata.uid)
  for (const job of own) {
    const { name } = job.metadata
    if (!isFinished(job)) {
      // Made by hand, as by `kubectl create job --from`.
      if (!isListed(job))
        tell(cronJob, 'UnexpectedJob', `Saw a job that the controller did not create or forgot: ${name}`, context)
    } else if (isListed(job)) {
      const how = condition(job.status.conditions, 'Complete') ? 'Complete' : 'Failed'
      tell(cronJob, 'SawCompletedJob', `Saw completed job: ${name}, status: ${how}`, context)
    }
  }
  const isOver = ({ uid }: Reference) => own.some((job) => job.metadata.uid === uid && isFinished(job))
  const isMissing = ({ uid }: Reference) => !own.some(({ metadata }) => metadata.uid === uid)
  for (const { name } of listed.filter(isMissing))
    tell(cronJob, 'MissingJob', `Active job went missing: ${name}`, context)
  forget(cronJob, own, context)
  const active = listed.filter((reference) => !isOver(reference) && !isMissing(reference))
  return withStatus(cronJob, { ...successOf(cronJob, own), active }, context)
}

/** Of those that are over only so many are kept. */
function forget(cronJob: KubeObject, own: readonly KubeObject[], context: Context): void {
  const limits = [
    ['Complete', cronJob.spec.successfulJobsHistoryLimit ?? 3],
    ['Failed', cronJob.spec.failedJobsHistoryLimit ?? 1],
  ] as const
  for (const [type, limit] of limits) {
    const ended = own.filter((job) => condition(job.status?.conditions, type))
    for (const job of ended.slice(0, Math.max(0, ended.length - limit))) drop(cronJob, job, context)
  }
}

function successOf({ status }: KubeObject, own: readonly KubeObject[]): Partial<Change> {
  const times = [status?.lastSuccessfulTime, ...own.map((job) => job.status?.completionTime)].filter(Boolean).sort()
  return times.length > 0 ? { lastSuccessfulTime: times.at(-1) } : {}
}

interface Change {
  active: object[]
  lastScheduleTime?: string
  lastSuccessfulTime?: string
}

export function activeOf({ status }: KubeObject): Reference[] {
  return status?.active ?? []
}

export function withStatus(cronJob: KubeObject, change: Change, { write }: Context): KubeObject {
  const { active, ...status } = { ...cronJob.status, ...change }
  const next = { ...status, ...(active.length > 0 ? { active } : {}) }
  return write.updateStatus(cronJobs, { ...cronJob, status: next })
}

export function drop(cronJob: KubeObject, job: KubeObject, context: Context): void {
  context.store.remove(jobs, job.metadata.name, job.metadata.namespace)
  tell(cronJob, 'SuccessfulDelete', `Deleted job ${job.metadata.name}`, context)
}

const warnings: readonly string[] = ['UnexpectedJob', 'InvalidSchedule', 'TooManyMissedTimes', 'FailedCreate']

export function tell(cronJob: KubeObject, reason: string, message: string, { record }: Pick<Context, 'record'>): void {
  const type = warnings.includes(reason) ? 'Warning' : 'Normal'
  record(cronJob, { type, reason, message, component: 'cronjob-controller' })
}

function oldestFirst(a: KubeObject, b: KubeObject): number {
  return Date.parse(a.metadata.creationTimestamp ?? '') - Date.parse(b.metadata.creationTimestamp ?? '')
}
