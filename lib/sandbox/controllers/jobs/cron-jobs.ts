/** The CronJob controller: a Job at each time of the schedule. */
import type { KubeObject } from '../../objects.ts'
import { timestamp } from '../../store/store.ts'
import { condition } from '../conditions.ts'
import { type Again, type Context, type Controller, keyOf, splitKey } from '../controller.ts'
import { ownerKeys, ownerReference } from '../owners.ts'
import { isFinished, jobs } from './job.ts'
import { nextTime } from './schedule.ts'

const cronJobs = 'cronjobs.batch'
const scheduledAt = 'batch.kubernetes.io/cronjob-scheduled-timestamp'

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

/** Lets go of what is over, and of what is too old to be kept. */
function lookAfter(cronJob: KubeObject, context: Context): KubeObject {
  const own = context.dependents.controlled(cronJob, jobs).sort(oldestFirst)
  const listed = new Set((cronJob.status?.active ?? []).map(({ uid }: { uid: string }) => uid))
  for (const job of own.filter((one) => isFinished(one) && listed.has(one.metadata.uid))) {
    const how = condition(job.status.conditions, 'Complete') ? 'Complete' : 'Failed'
    tell(cronJob, 'SawCompletedJob', `Saw completed job: ${job.metadata.name}, status: ${how}`, context)
  }
  const limits = [
    ['Complete', cronJob.spec.successfulJobsHistoryLimit ?? 3],
    ['Failed', cronJob.spec.failedJobsHistoryLimit ?? 1],
  ] as const
  for (const [type, limit] of limits) {
    const ended = own.filter((job) => condition(job.status?.conditions, type))
    for (const job of ended.slice(0, Math.max(0, ended.length - limit))) drop(cronJob, job, context)
  }
  const success = own
    .map((job) => job.status?.completionTime as string | undefined)
    .filter(Boolean)
    .at(-1)
  return write(cronJob, { ...cronJob.status, ...(success ? { lastSuccessfulTime: success } : {}) }, context)
}

function schedule(cronJob: KubeObject, context: Context): Again {
  const now = context.now()
  const { spec, status, metadata } = cronJob
  const last = new Date(status?.lastScheduleTime ?? metadata.creationTimestamp)
  const due = newest(spec.schedule, last, now)
  const isInTime = due && !(spec.startingDeadlineSeconds < (now.getTime() - due.getTime()) / 1000)
  if (isInTime) start(cronJob, due, context)
  const next = nextTime(spec.schedule, now)
  return next && next.getTime() - now.getTime()
}

/** The last time of the schedule that has come. */
function newest(text: string, after: Date, now: Date): Date | undefined {
  let found: Date | undefined
  for (let next = nextTime(text, after); next && next <= now; next = nextTime(text, next)) found = next
  return found
}

function start(cronJob: KubeObject, due: Date, context: Context): void {
  const { spec } = cronJob
  const running = context.dependents.controlled(cronJob, jobs).filter((job) => !isFinished(job))
  if (running.length > 0 && spec.concurrencyPolicy === 'Forbid') {
    tell(
      cronJob,
      'JobAlreadyActive',
      'Not starting job because prior execution is running and concurrency policy is Forbid',
      context,
    )
    return
  }
  if (running.length > 0 && spec.concurrencyPolicy === 'Replace') for (const job of running) drop(cronJob, job, context)
  const job = context.write.createAs(jobs, jobFor(cronJob, due))
  tell(cronJob, 'SuccessfulCreate', `Created job ${job.metadata.name}`, context)
  write(cronJob, { ...cronJob.status, lastScheduleTime: timestamp(due) }, context, job)
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
      annotations: { ...template.metadata?.annotations, [scheduledAt]: timestamp(due) },
      ownerReferences: [ownerReference(cronJob)],
    },
    spec: template.spec,
  }
}

/** With the Jobs that were started here and are not over; others that it owns were made by hand. */
function write(
  cronJob: KubeObject,
  { active: _old, ...status }: KubeObject['status'],
  context: Context,
  started?: KubeObject,
): KubeObject {
  const { name, namespace } = cronJob.metadata
  const current = context.store.get(cronJobs, name, namespace) ?? cronJob
  const running = context.dependents.controlled(cronJob, jobs).filter((job) => !isFinished(job))
  const listed: KubeObject['metadata'][] = current.status?.active ?? []
  const kept = listed.filter(({ uid }) => running.some(({ metadata }) => metadata.uid === uid))
  const active = [...kept, ...(started ? [referenceTo(started)] : [])]
  const next = { ...status, ...(active.length > 0 ? { active } : {}) }
  return context.write.updateStatus(cronJobs, { ...current, status: next })
}

function referenceTo({ apiVersion, kind, metadata }: KubeObject): object {
  const { name, namespace, resourceVersion, uid } = metadata
  return { apiVersion, kind, name, namespace, resourceVersion, uid }
}

function drop(cronJob: KubeObject, job: KubeObject, context: Context): void {
  context.store.remove(jobs, job.metadata.name, job.metadata.namespace)
  tell(cronJob, 'SuccessfulDelete', `Deleted job ${job.metadata.name}`, context)
}

function tell(cronJob: KubeObject, reason: string, message: string, { record }: Context): void {
  record(cronJob, { type: 'Normal', reason, message, component: 'cronjob-controller' })
}

function oldestFirst(a: KubeObject, b: KubeObject): number {
  return Date.parse(a.metadata.creationTimestamp ?? '') - Date.parse(b.metadata.creationTimestamp ?? '')
}
