/** How long a Job waits after a failure, each time twice as long (pkg/controller/job/backoff_utils.go). */
import type { KubeObject } from '../../objects.ts'

const FIRST_MS = 10_000
const LONGEST_MS = 600_000

/** Milliseconds that are left of the wait after so many failures, the last of which was then. */
export function remainingMs(failures: number, last: number | undefined, now: Date): number {
  if (failures === 0 || last === undefined) return 0
  return Math.max(0, last + Math.min(FIRST_MS * 2 ** (failures - 1), LONGEST_MS) - now.getTime())
}

interface Failures {
  count: number
  last: number | undefined
}

/** Failures since the last success, by the Job's uid. */
export class BackOffs {
  readonly #failures = new Map<string, Failures>()

  note(uid: string, succeeded: readonly KubeObject[], failed: readonly KubeObject[]): void {
    const lastSuccess = succeeded.length > 0 ? Math.max(...succeeded.map(finishTime)) : undefined
    const before = lastSuccess === undefined ? this.#failures.get(uid) : undefined
    const later = failed.map(finishTime).filter((time) => lastSuccess === undefined || time > lastSuccess)
    if (succeeded.length + later.length === 0) return
    const last = later.length > 0 ? Math.max(...later) : before?.last
    this.#failures.set(uid, { count: (before?.count ?? 0) + later.length, last })
  }

  remainingMs(uid: string, now: Date): number {
    const { count = 0, last } = this.#failures.get(uid) ?? {}
    return remainingMs(count, last, now)
  }

  forget(uid: string): void {
    this.#failures.delete(uid)
  }
}

/** When the last container of a pod ended; of one that has none, when it was deleted or made. */
export function finishTime({ metadata, status }: KubeObject): number {
  // biome-ignore lint/suspicious/noExplicitAny: parts of a pod are known by the schema
  const ends = ((status?.containerStatuses ?? []) as any[]).map(({ state }) => state?.terminated?.finishedAt)
  if (ends.length > 0 && ends.every(Boolean)) return Math.max(...ends.map((end) => Date.parse(end)))
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, creationTimestamp = '' } = metadata
  return deletionTimestamp
    ? Date.parse(deletionTimestamp) - deletionGracePeriodSeconds * 1000
    : Date.parse(creationTimestamp)
}
