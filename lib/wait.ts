/**
 * Waiting for a condition: one list, then one watch, until the condition holds or the time is over. A watch that ends,
 * dies or is told that its version is too old goes on with a new one.
 */
import type { Condition } from './conditions.ts'
import { TimeOver } from './failure.ts'
import { ApiAway, type Item, type Kube, type WatchEvent } from './kube.ts'
import { podTroubles } from './pods.ts'
import { retry } from './retry.ts'
import type { Words } from './words/en.ts'

export interface WaitOptions {
  limitMs: number
  words: Words
  signal?: AbortSignal
}

/** What is missing from the condition right now; empty when it holds. */
export async function missing(kube: Kube, condition: Condition, words: Words): Promise<string[]> {
  return condition.missing((await kube.list(condition.resource, condition.namespace)).items, words)
}

/** @throws TimeOver that names what is missing, and what the pods say, when the limit is over. */
export async function waitFor(
  kube: Kube,
  condition: Condition,
  { limitMs, words, signal }: WaitOptions,
): Promise<void> {
  const over = AbortSignal.timeout(limitMs)
  const stop = signal ? AbortSignal.any([over, signal]) : over
  let lacking: string[] = []
  let away: ApiAway | undefined
  try {
    await retry(() => watchUntil(kube, condition, { words, stop, report: (now) => (lacking = now) }), {
      limitMs,
      signal: stop,
      canMend: (error) => {
        away = error instanceof ApiAway ? error : undefined
        return away !== undefined
      },
    })
  } catch (error) {
    signal?.throwIfAborted()
    if (!over.aborted && !(error instanceof ApiAway)) throw error
    throw new TimeOver(words.waited(limitMs / 1000, condition.what(words)), {
      seen: lacking.length > 0 ? lacking.join('; ') : messageOf(away ?? error),
      why: await podTroubles(kube, words, condition.namespace),
      cause: error,
    })
  }
}

interface Watching {
  words: Words
  stop: AbortSignal
  report: (lacking: string[]) => void
}

/** One list and one watch; ends when nothing is missing any more. @throws ApiAway, and the reason of `stop` */
async function watchUntil(kube: Kube, condition: Condition, { words, stop, report }: Watching): Promise<void> {
  const { items, resourceVersion } = await kube.list(condition.resource, condition.namespace)
  const current = new Map(items.map((item) => [keyOf(item), item]))
  const met = new AbortController()
  const look = () => {
    const lacking = condition.missing([...current.values()], words)
    report(lacking)
    if (lacking.length === 0) met.abort()
  }
  look()
  let version = resourceVersion
  const onEvent = ({ type, object }: WatchEvent) => {
    version = object.metadata?.resourceVersion ?? version
    if (type === 'BOOKMARK') return
    if (type === 'DELETED') current.delete(keyOf(object))
    else current.set(keyOf(object), object)
    look()
  }
  const enough = AbortSignal.any([stop, met.signal])
  while (!met.signal.aborted) {
    stop.throwIfAborted()
    const before = version
    const how = await kube.watch(condition.resource, condition.namespace, version, onEvent, enough)
    // Listed anew: with a version that is too old, and after a watch that gave nothing, which is not asked in a hurry.
    if (!met.signal.aborted && (how === 'expired' || version === before)) throw new ApiAway('the watch gave nothing')
  }
}

function keyOf(item: Item): string {
  return `${item.metadata?.namespace ?? ''}/${item.metadata?.name}`
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
