/** Pods that have been ready for long enough to count. */
import type { KubeObject } from '../../objects.ts'
import { readySince } from './pod.ts'

export function isAvailable(pod: KubeObject, minReadySeconds: number, now: Date): boolean {
  const since = readySince(pod)
  return since !== undefined && (minReadySeconds === 0 || since + minReadySeconds * 1000 <= now.getTime())
}

/** Milliseconds until the next pod has been ready for long enough. */
export function untilAvailable(pods: readonly KubeObject[], minReadySeconds: number, now: Date): number | undefined {
  if (minReadySeconds === 0) return undefined
  const waits = pods
    .map((pod) => (readySince(pod) ?? Number.NaN) + minReadySeconds * 1000 - now.getTime())
    .filter((wait) => wait > 0)
  return waits.length > 0 ? Math.min(...waits) : undefined
}
