/** A Job's pods: made, ended, counted. */
import { randomSuffix } from '../../names.ts'
import type { KubeObject } from '../../objects.ts'
import type { Context } from '../controller.ts'
import { deleteObject, removeFinalizer } from '../delete.ts'
import { controllerOf } from '../owners.ts'
import { podFrom } from '../replica-sets.ts'
import { failureVerdict } from './failure-policy.ts'
import {
  failureCount,
  failureCountAnnotation,
  ignoredCount,
  ignoredCountAnnotation,
  indexLabel,
  type Job,
  trackingFinalizer,
} from './job.ts'

// biome-ignore lint/suspicious/noExplicitAny: parts of a pod are known by the schema
type Part = any

export function letGo(pod: KubeObject, context: Context): void {
  removeFinalizer('pods', pod, trackingFinalizer, context)
}

/** The pods that a Job has left behind which is no more. */
export function letOrphansGo(namespace: string, name: string, context: Context): void {
  for (const pod of context.store.list('pods', namespace)) {
    const owner = controllerOf(pod)
    const isOrphan = owner?.kind === 'Job' && owner.name === name && !context.dependents.find(owner.uid)
    if (isOrphan && pod.metadata.finalizers?.includes(trackingFinalizer)) letGo(pod, context)
  }
}

/** Makes one more pod. @param replaced the one that failed at its index. @returns why it could not be made */
export function makePod(
  job: Job,
  index: number | undefined,
  replaced: KubeObject | undefined,
  context: Context,
): string | undefined {
  try {
    const pod = context.write.createPod(podFor(job, index, replaced))
    tell(job, 'Normal', 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`, context)
    return undefined
  } catch (error) {
    const { message } = error as Error
    tell(job, 'Warning', 'FailedCreate', `Error creating: ${message}`, context)
    return message
  }
}

export function endPods(job: Job, pods: readonly KubeObject[], context: Context): void {
  for (const pod of pods) {
    deleteObject('pods', pod, context)
    tell(job, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`, context)
  }
}

export function tell(
  job: Job,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
  { record }: Pick<Context, 'record'>,
): void {
  record(job, { type, reason, message, component: 'job-controller' })
}

function podFor(job: Job, index: number | undefined, replaced: KubeObject | undefined): KubeObject {
  const pod = podFrom(job.spec.template, job)
  const metadata = { ...pod.metadata, finalizers: [...(pod.metadata.finalizers ?? []), trackingFinalizer] }
  if (index === undefined) return { ...pod, metadata }
  const marked = { [indexLabel]: String(index) }
  const env = {
    name: 'JOB_COMPLETION_INDEX',
    valueFrom: { fieldRef: { fieldPath: `metadata.labels['${indexLabel}']` } },
  }
  const numbered = (container: Part) => ({ ...container, env: [...(container.env ?? []), env] })
  return {
    ...pod,
    metadata: {
      ...metadata,
      generateName: `${job.metadata.name}-${index}-`,
      name: `${job.metadata.name}-${index}-${randomSuffix()}`,
      annotations: { ...metadata.annotations, ...marked, ...failuresAt(job, replaced) },
      labels: { ...metadata.labels, ...marked },
    },
    spec: {
      ...pod.spec,
      hostname: `${job.metadata.name}-${index}`,
      containers: pod.spec.containers.map(numbered),
      ...(pod.spec.initContainers ? { initContainers: pod.spec.initContainers.map(numbered) } : {}),
    },
  }
}

/** Where each index may fail so often, its pods carry how often it has. */
function failuresAt(job: Job, replaced: KubeObject | undefined): Record<string, string> {
  if (job.spec.backoffLimitPerIndex === undefined) return {}
  const isIgnored = replaced !== undefined && failureVerdict(job, replaced).action === 'Ignore'
  const failures = replaced ? failureCount(replaced) + (isIgnored ? 0 : 1) : 0
  const ignored = replaced ? ignoredCount(replaced) + (isIgnored ? 1 : 0) : 0
  return {
    [failureCountAnnotation]: String(failures),
    ...(ignored > 0 ? { [ignoredCountAnnotation]: String(ignored) } : {}),
  }
}

/** The lowest indexes that nobody works at, and that nobody needs to. */
export function freeIndexes({ spec }: Job, taken: ReadonlySet<number>): number[] {
  return Array.from({ length: spec.completions ?? 0 }, (_, index) => index).filter((index) => !taken.has(index))
}
