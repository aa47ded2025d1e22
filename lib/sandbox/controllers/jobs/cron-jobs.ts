/** The CronJob controller: a Job at each time of the schedule. */
import type { KubeObject } from '../../objects.ts'
import { StatusError } from '../../status.ts'
import { timestamp } from '../../store/store.ts'
import { type Again, type Context, type Controller, keyOf, splitKey } from '../controller.ts'
import { ownerKeys, ownerReference } from '../owners.ts'
import { activeOf, cronJobs, drop, lookAfter, tell, withStatus } from './cron-history.ts'
import { jobs } from './job.ts'
import { nextTime, timestampIn } from './schedule.ts'

const scheduledAt = 'batch.kubernetes.io/cronjob-scheduled-timestamp'

/** As many times may have passed unseen before it is said that they were many. */
const MOST_MISSED = 100

export const cronJobController: Controller = {
  name: 'cronjob-controller',
  client: 'kube-controller-manager',
  keys: ({ resource, object }) =>
    resource === cronJobs ? [keyOf(object)] : resource === jobs ? ownerKeys(object, 'CronJob') : [],
  reconcile: (key, context) => {
    const { namespace, name } = splitKey(key)
    const cronJob = context.store.get(cronJobs, name, namespace)
    if (!cronJob || cronJob.metadata.deletionTimestamp) return undefined
    const seen = lookAfter(cronJob, context)
    return seen.spec.suspend ? undefined : schedule(seen, context)
  },
}

function schedule(cronJob: KubeObject, context: Context): Again {
  const now = context.now()
  const next = nextTime(cronJob.spec.schedule, now, cronJob.spec.timeZone)
  if (!next) {
    const why = 'time difference between two schedules is less than 1 second'
    tell(cronJob, 'InvalidSchedule', `invalid schedule: ${cronJob.spec.schedule} : ${why}`, context)
    return undefined
  }
  const due = newest(cronJob, now, context)
  if (due && !start(cronJob, due, context)) return 'later'
  return next.getTime() - now.getTime()
}

/** The last time of the schedule that has come, and is not too long ago. */
function newest(cronJob: KubeObject, now: Date, context: Context): Date | undefined {
  const { spec, status, metadata } = cronJob
  const last = Date.parse(status?.lastScheduleTime ?? metadata.creationTimestamp)
  const deadline = spec.startingDeadlineSeconds
  const after = new Date(deadline === undefined ? last : Math.max(last, now.getTime() - deadline * 1000))
  let missed = 0
  let found: Date | undefined
  for (let next = nextTime(spec.schedule, after, spec.timeZone); next && next <= now; missed++) {
    found = next
    next = nextTime(spec.schedule, next, spec.timeZone)
  }
  const advice = 'Set or decrease .spec.startingDeadlineSeconds or check clock skew'
  if (missed > MOST_MISSED) tell(cronJob, 'TooManyMissedTimes', `too many missed start times. ${advice}`, context)
  return found
}

/** @returns whether nothing is left to be tried again */
function start(cronJob: KubeObject, due: Date, context: Context): boolean {
  const { spec, metadata } = cronJob
  let active = activeOf(cronJob)
  if (active.length > 0 && spec.concurrencyPolicy === 'Forbid') {
    const why = 'prior execution is running and concurrency policy is Forbid'
    tell(cronJob, 'JobAlreadyActive', `Not starting job because ${why}`, context)
    return true
  }
  if (spec.concurrencyPolicy === 'Replace') {
    for (const { name } of active) {
      const job = context.store.get(jobs, name, metadata.namespace)
      if (job) drop(cronJob, job, context)
    }
    active = []
  }
  const job = make(cronJob, due, context)
  if (!job) return false
  withStatus(cronJob, { active: [...active, referenceTo(job)], lastScheduleTime: timestamp(due) }, context)
  return true
}

/** One that is there already was made before the status said so. */
function make(cronJob: KubeObject, due: Date, context: Context): KubeObject | undefined {
  const wanted = jobFor(cronJob, due)
  try {
    const job = context.write.createAs(jobs, wanted)
    tell(cronJob, 'SuccessfulCreate', `Created job ${job.metadata.name}`, context)
    return job
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    if (error.reason === 'AlreadyExists')
      return context.store.get(jobs, wanted.metadata.name, wanted.metadata.namespace)
    tell(cronJob, 'FailedCreate', `Error creating job: ${error.message}`, context)
    return undefined
  }
}

function jobFor(cronJob: KubeObject, due: Date): KubeObject {
  const { metadata, spec } = cronJob
  const template = spec.jobTemplate
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: `${metadata.name}-${Math.floor(due.getTime() / 60_000)}`,
      namespace: metadata.namespace as string,
      ...(template.metadata?.labels ? { labels: template.metadata.labels } : {}),
      annotations: { ...template.metadata?.annotations, [scheduledAt]: timestampIn(due, spec.timeZone) },
      ownerReferences: [ownerReference(cronJob)],
    },
    spec: template.spec,
  }
}

function referenceTo({ apiVersion, kind, metadata }: KubeObject): object {
  const { name, namespace, resourceVersion, uid } = metadata
  return { apiVersion, kind, name, namespace, resourceVersion, uid }
}
