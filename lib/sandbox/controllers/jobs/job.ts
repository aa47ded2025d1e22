/** A Job, as far as its controllers read it. */
import type { KubeObject } from '../../objects.ts'
import { type Condition, isTrue } from '../conditions.ts'

export const jobs = 'jobs.batch'
/** Keeps a pod until it has been counted. */
export const trackingFinalizer = 'batch.kubernetes.io/job-tracking'
export const indexLabel = 'batch.kubernetes.io/job-completion-index'
/** Of a Job with a limit for each index: how often its index had failed before, and how often that did not count. */
export const failureCountAnnotation = 'batch.kubernetes.io/job-index-failure-count'
export const ignoredCountAnnotation = 'batch.kubernetes.io/job-index-ignored-failure-count'

interface JobStatus {
  active?: number
  ready?: number
  succeeded?: number
  failed?: number
  terminating?: number
  completedIndexes?: string
  failedIndexes?: string
  startTime?: string
  completionTime?: string
  conditions?: Condition[]
}

export interface Job extends KubeObject {
  status: JobStatus
}

export function isFinished({ status }: KubeObject): boolean {
  return isTrue(status?.conditions, 'Complete') || isTrue(status?.conditions, 'Failed')
}

/** `0-2,5` */
export function indexesOf(text = ''): Set<number> {
  const ranges = text
    .split(',')
    .filter(Boolean)
    .map((range) => range.split('-').map(Number))
  return new Set(
    ranges.flatMap(([first = 0, last = first]) => Array.from({ length: last - first + 1 }, (_, at) => first + at)),
  )
}

export function indexesText(indexes: ReadonlySet<number>): string {
  const ranges: [number, number][] = []
  for (const index of [...indexes].sort((a, b) => a - b)) {
    const last = ranges.at(-1)
    if (last && last[1] === index - 1) last[1] = index
    else ranges.push([index, index])
  }
  return ranges
    .map(([first, last]) =>
      first === last ? String(first) : last === first + 1 ? `${first},${last}` : `${first}-${last}`,
    )
    .join(',')
}

export function indexOf({ metadata }: KubeObject): number {
  return Number(metadata.annotations?.[indexLabel] ?? -1)
}

export function failureCount({ metadata }: KubeObject): number {
  return Number(metadata.annotations?.[failureCountAnnotation] ?? 0)
}

export function ignoredCount({ metadata }: KubeObject): number {
  return Number(metadata.annotations?.[ignoredCountAnnotation] ?? 0)
}
