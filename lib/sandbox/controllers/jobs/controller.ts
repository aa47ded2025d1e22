/** The Job controller: pods until enough of them have succeeded, or too many failed. */
import type { KubeObject } from '../../objects.ts'
import { timestamp } from '../../store/store.ts'
import { type Condition, condition, isTrue } from '../conditions.ts'
import { type Again, type Context, type Controller, keyOf, splitKey } from '../controller.ts'
import { deleteObject } from '../delete.ts'
import { ownerKeys } from '../owners.ts'
import { isActive, isReady } from '../pods/pod.ts'
import { BackOffs } from './back-off.ts'
import { failureVerdict } from './failure-policy.ts'
import { indexesText, isFinished, type Job, jobs } from './job.ts'
import { endPods, letGo, letOrphansGo, tell } from './pods.ts'
import { type Tally, tallyOf } from './tally.ts'
import { judged, type Verdict } from './verdict.ts'
import { endingOf, manage } from './workers.ts'

export function jobController(): Controller {
  const backOffs = new BackOffs()
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
      if (isFinished(job)) {
        backOffs.forget(job.metadata.uid as string)
        return expire(job, context)
      }
      return work(job, backOffs, context)
    },
  }
}

/** A Job that is over stays for as long as it says. */
function expire(job: Job, context: Context): Again {
  const { newlySucceeded, newlyFailed } = tallyOf(job, context.dependents.controlled(job, 'pods'))
  for (const pod of [...newlySucceeded, ...newlyFailed]) letGo(pod, context)
  const { ttlSecondsAfterFinished: ttl } = job.spec
  if (ttl === undefined || job.metadata.deletionTimestamp) return undefined
  const end = job.status.conditions?.find(({ type }) => type === 'Complete' || type === 'Failed') as Condition
  const left = Date.parse(end.lastTransitionTime) + ttl * 1000 - context.now().getTime()
  if (left > 0) return left
  deleteObject(jobs, job, context)
  return undefined
}

function work(job: Job, backOffs: BackOffs, context: Context): Again {
  const now = context.now()
  const pods = context.dependents.controlled(job, 'pods')
  const tally = tallyOf(job, pods)
  const { active } = tally
  const isLeaving = job.metadata.deletionTimestamp !== undefined
  const status = counted(job, tally)
  const verdict = isLeaving ? undefined : judged({ ...job, status } as Job, tally, pods, now)
  const settled = count(job, tally, verdict !== undefined || isLeaving, backOffs, context)
  if (verdict) {
    const going = endingOf(settled, context)
    endPods(settled, active, context)
    finish(withFailed(settled, active.length), verdict, going, context)
    return undefined
  }
  const { suspend = false } = settled.spec
  if (suspend) endPods(settled, active, context)
  const wait = suspend || isLeaving ? undefined : manage(settled, tally, backOffs, context)
  const resumed = isLeaving ? settled : suspendedAs(settled, suspend, context)
  const { startTime, ...rest } = resumed.status
  const begun = startTime === undefined && suspend ? {} : { startTime: startTime ?? timestamp(now) }
  write(resumed, { ...rest, ...begun }, context)
  return wait ?? untilDeadline({ ...resumed, status: { ...rest, ...begun } }, now)
}

/** The status with what pods have newly come to. @param waiting those of them that do not count yet */
function counted({ spec, status, ...job }: Job, tally: Tally, waiting: ReadonlySet<KubeObject> = new Set()): object {
  const { newlySucceeded, newlyFailed, completedIndexes, failedIndexes } = tally
  const isCounted = (pod: KubeObject) =>
    !waiting.has(pod) && failureVerdict({ spec, status, ...job } as Job, pod).action !== 'Ignore'
  const sum = (before = 0, more: number) => (before + more > 0 ? before + more : undefined)
  const isIndexed = spec.completionMode === 'Indexed'
  return {
    ...status,
    succeeded: isIndexed ? sum(0, completedIndexes.size) : sum(status.succeeded, newlySucceeded.length),
    failed: spec.suspend ? status.failed : sum(status.failed, newlyFailed.filter(isCounted).length),
    ...(isIndexed && completedIndexes.size > 0 ? { completedIndexes: indexesText(completedIndexes) } : {}),
    ...(failedIndexes ? { failedIndexes: indexesText(failedIndexes) } : {}),
  }
}

/** Writes what pods have come to, and lets them go. @param isOver whether none has to wait for another in its place */
function count(job: Job, tally: Tally, isOver: boolean, backOffs: BackOffs, context: Context): Job {
  const { newlySucceeded, newlyFailed } = tally
  const waiting = new Set(isOver ? [] : tally.waiting.values())
  if (!job.spec.suspend) backOffs.note(job.metadata.uid as string, newlySucceeded, newlyFailed)
  const pods = [...newlySucceeded, ...newlyFailed].filter((pod) => !waiting.has(pod))
  if (pods.length === 0 && !tally.failedIndexes) return job
  const written = write(job, counted(job, tally, waiting), context)
  for (const pod of pods) letGo(pod, context)
  return written
}

/** Pods that are ended before they are done have failed. */
function withFailed({ status, ...job }: Job, more: number): Job {
  return { ...job, status: more > 0 ? { ...status, failed: (status.failed ?? 0) + more } : status } as Job
}

/** @param going how many pods were ending when the Job was found to be over: it says so from then on */
function finish(job: Job, { type, reason, message }: Verdict, going: number, context: Context): void {
  const time = timestamp(context.now())
  const known = { lastProbeTime: time, lastTransitionTime: time }
  const ended = { type, status: 'True' as const, ...known, ...(reason ? { reason, message: message as string } : {}) }
  // A policy's word is written down before pods are let go.
  const target = reason === 'PodFailurePolicy' ? [{ ...ended, type: 'FailureTarget' }] : []
  const conditions = [...(job.status.conditions ?? []), ...target, ended]
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

function untilDeadline({ spec, status }: Job, now: Date): Again {
  if (spec.activeDeadlineSeconds === undefined || !status.startTime) return undefined
  return Math.max(1, Date.parse(status.startTime) + spec.activeDeadlineSeconds * 1000 - now.getTime())
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
