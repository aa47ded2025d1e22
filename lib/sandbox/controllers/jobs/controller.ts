/** The Job controller: pods until enough of them have succeeded, or too many failed. */
import type { KubeObject } from '../../objects.ts'
import { timestamp } from '../../store/store.ts'
import { type Condition, condition, isTrue } from '../conditions.ts'
import { type Again, type Context, type Controller, keyOf, splitKey } from '../controller.ts'
import { deleteObject } from '../delete.ts'
import { ownerKeys } from '../owners.ts'
import { isActive, isReady } from '../pods/pod.ts'
import { indexesOf, indexesText, indexOf, isFinished, type Job, jobs } from './job.ts'
import { endPods, freeIndexes, isToCount, letGo, letOrphansGo, makePod, tell } from './pods.ts'

/** After a failure the next pod waits, each time twice as long. */
const FIRST_BACK_OFF_MS = 10_000
const LONGEST_BACK_OFF_MS = 600_000

export function jobController(): Controller {
  /** When the last pod of a Job failed, by the Job's uid. */
  const failures = new Map<string, number>()
  return {
    name: 'job-controller',
    client: 'kube-controller-manager',
    keys: ({ resource, object }) =>
      resource === jobs ? [keyOf(object)] : resource === 'pods' ? ownerKeys(object, 'Job') : [],
    reconcile: (key, context) => {
      const { namespace, name } = splitKey(key)
      const found = context.store.get(jobs, name, namespace)
      const job = found && ({ ...found, status: found.status ?? {} } as Job)
      letOrphansGo(namespace, name, context)
      if (!job) return undefined
      if (isFinished(job)) return expire(job, context)
      return work(job, failures, context)
    },
  }
}

/** A Job that is over stays for as long as it says. */
function expire(job: Job, context: Context): Again {
  for (const pod of context.dependents.controlled(job, 'pods').filter(isToCount)) letGo(pod, context)
  const { ttlSecondsAfterFinished: ttl } = job.spec
  if (ttl === undefined || job.metadata.deletionTimestamp) return undefined
  const end = job.status.conditions?.find(({ type }) => type === 'Complete' || type === 'Failed') as Condition
  const left = Date.parse(end.lastTransitionTime) + ttl * 1000 - context.now().getTime()
  if (left > 0) return left
  deleteObject(jobs, job, context)
  return undefined
}

function work(job: Job, failures: Map<string, number>, context: Context): Again {
  const now = context.now()
  const counted = count(job, failures, context)
  const active = context.dependents.controlled(counted, 'pods').filter(isActive)
  const verdict = counted.metadata.deletionTimestamp ? undefined : judged(counted, active, now)
  if (verdict) {
    const going = endingOf(counted, context)
    endPods(counted, active, context)
    finish(withFailed(counted, active.length), verdict, going, context)
    return undefined
  }
  const { suspend = false } = counted.spec
  const resumed = suspendedAs(counted, suspend, context)
  if (suspend) endPods(resumed, active, context)
  const wait = suspend || resumed.metadata.deletionTimestamp ? undefined : manage(resumed, active, failures, context)
  const { startTime, ...status } = resumed.status
  const begun = startTime === undefined && suspend ? {} : { startTime: startTime ?? timestamp(now) }
  write(resumed, { ...status, ...begun }, context)
  return wait ?? untilDeadline({ ...resumed, status: { ...status, ...begun } }, now)
}

/** The Job with what its pods have come to, which may go then. */
function count(job: Job, failures: Map<string, number>, context: Context): Job {
  const pods = context.dependents.controlled(job, 'pods').filter(isToCount)
  if (pods.length === 0) return job
  const succeeded = pods.filter(({ status }) => status.phase === 'Succeeded')
  const failed = pods.length - succeeded.length
  const isStopped = Boolean(job.spec.suspend)
  const { status } = job
  const sum = (before = 0, more: number) => (before + more > 0 ? before + more : undefined)
  const indexes = new Set([...indexesOf(status.completedIndexes), ...succeeded.map(indexOf)])
  const isIndexed = job.spec.completionMode === 'Indexed'
  const next = {
    ...status,
    succeeded: isIndexed ? sum(0, indexes.size) : sum(status.succeeded, succeeded.length),
    failed: isStopped ? status.failed : sum(status.failed, failed),
    ...(isIndexed ? { completedIndexes: indexesText(indexes) } : {}),
  }
  if (failed > 0 && !isStopped) failures.set(job.metadata.uid as string, context.now().getTime())
  const written = write(job, next, context)
  for (const pod of pods) letGo(pod, context)
  return written
}

/** Pods that are ended before they are done have failed. */
function withFailed({ status, ...job }: Job, more: number): Job {
  return { ...job, status: more > 0 ? { ...status, failed: (status.failed ?? 0) + more } : status } as Job
}

interface Verdict {
  type: 'Complete' | 'Failed'
  reason?: string
  message?: string
}

/** Whether a Job is over, and how. */
function judged({ spec, status }: Job, active: readonly KubeObject[], now: Date): Verdict | undefined {
  const { succeeded = 0, failed = 0, startTime } = status
  const limit = { reason: 'BackoffLimitExceeded', message: 'Job has reached the specified backoff limit' }
  if (failed > spec.backoffLimit || restarts(spec, active) > spec.backoffLimit) return { type: 'Failed', ...limit }
  const deadline = spec.activeDeadlineSeconds
  if (deadline !== undefined && startTime && now.getTime() - Date.parse(startTime) >= deadline * 1000)
    return {
      type: 'Failed',
      reason: 'DeadlineExceeded',
      message: 'Job was active longer than specified deadline',
    }
  if (spec.suspend) return undefined
  const isComplete =
    spec.completions === undefined ? succeeded > 0 && active.length === 0 : succeeded >= spec.completions
  return isComplete ? { type: 'Complete' } : undefined
}

/** Where containers are started again in their pods, that is what is counted. */
function restarts({ template }: Job['spec'], active: readonly KubeObject[]): number {
  if (template.spec.restartPolicy !== 'OnFailure') return 0
  const statuses = active.flatMap(({ status }) => status?.containerStatuses ?? [])
  return statuses.reduce((sum: number, { restartCount }: { restartCount: number }) => sum + restartCount, 0)
}

/** @param going how many pods were ending when the Job was found to be over: it says so from then on */
function finish(job: Job, { type, reason, message }: Verdict, going: number, context: Context): void {
  const time = timestamp(context.now())
  const known = { lastProbeTime: time, lastTransitionTime: time }
  const ended = { type, status: 'True' as const, ...known, ...(reason ? { reason, message: message as string } : {}) }
  const conditions = [...(job.status.conditions ?? []), ended]
  write(job, { ...job.status, conditions, ...(type === 'Complete' ? { completionTime: time } : {}) }, context, going)
  if (type === 'Complete') tell(job, 'Normal', 'Completed', 'Job completed', context)
  else tell(job, 'Warning', reason as string, message as string, context)
}

/** The Job with the condition that says whether it rests; one that goes on begins its time anew. */
function suspendedAs(job: Job, suspend: boolean, context: Context): Job {
  const { conditions = [] } = job.status
  if (isTrue(conditions, 'Suspended') === suspend) return job
  const time = timestamp(context.now())
  const [reason, message] = suspend ? ['Suspended', 'Job suspended'] : ['Resumed', 'Job resumed']
  const next: Condition = {
    type: 'Suspended',
    status: suspend ? 'True' : 'False',
    lastProbeTime: time,
    lastTransitionTime: time,
    reason: `Job${reason}`,
    message,
  }
  tell(job, 'Normal', reason as string, message as string, context)
  const others = conditions.filter((one) => one !== condition(conditions, 'Suspended'))
  const begun = suspend ? {} : { startTime: time }
  return { ...job, status: { ...job.status, ...begun, conditions: [...others, next] } }
}

/** Makes or ends pods. @returns the time after which to try again */
function manage(
  job: Job,
  active: readonly KubeObject[],
  failures: ReadonlyMap<string, number>,
  context: Context,
): Again {
  const { spec, status } = job
  const { succeeded = 0, failed = 0 } = status
  const parallel: number = spec.parallelism ?? 1
  const wanted =
    spec.completions === undefined
      ? succeeded > 0
        ? active.length
        : parallel
      : Math.min(parallel, spec.completions - succeeded)
  if (active.length > wanted) {
    endPods(job, active.slice(wanted), context)
    return undefined
  }
  if (active.length === wanted) return undefined
  const wait = backOff(failures.get(job.metadata.uid as string), failed, context)
  if (wait > 0) return wait
  const isIndexed = spec.completionMode === 'Indexed'
  const indexes = isIndexed ? freeIndexes(job, active, indexesOf(status.completedIndexes)) : []
  for (let made = 0; made < wanted - active.length; made++) if (makePod(job, indexes[made], context)) return 'later'
  return undefined
}

function backOff(last: number | undefined, failed: number, { now }: Context): number {
  if (last === undefined || failed === 0) return 0
  return last + Math.min(FIRST_BACK_OFF_MS * 2 ** (failed - 1), LONGEST_BACK_OFF_MS) - now().getTime()
}

function untilDeadline({ spec, status }: Job, now: Date): Again {
  if (spec.activeDeadlineSeconds === undefined || !status.startTime) return undefined
  return Math.max(1, Date.parse(status.startTime) + spec.activeDeadlineSeconds * 1000 - now.getTime())
}

function endingOf(job: Job, { dependents }: Context): number {
  const isEnding = ({ metadata, status: { phase } }: KubeObject) =>
    metadata.deletionTimestamp && phase !== 'Succeeded' && phase !== 'Failed'
  return dependents.controlled(job, 'pods').filter(isEnding).length
}

/** With how many pods there are now. */
function write(job: Job, status: object, context: Context, terminating = endingOf(job, context)): Job {
  const active = context.dependents.controlled(job, 'pods').filter(isActive)
  const { active: _active, ...rest } = status as Job['status']
  const next = {
    ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)),
    ...(active.length > 0 ? { active: active.length } : {}),
    ready: active.filter(isReady).length,
    terminating,
    uncountedTerminatedPods: {},
  }
  return context.write.updateStatus(jobs, { ...job, status: next }) as Job
}
