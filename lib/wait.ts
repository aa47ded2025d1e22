/**
 * Waiting for a condition: one list, then one watch, until the condition holds or the time is over. A watch that ends,
 * dies or is told that its version is too old goes on with a new one.
 */
import type { Condition } from './conditions.ts'
import { Failure } from './failure.ts'
import type { Item, Kube, WatchEvent } from './kube.ts'
import { podTroubles } from './pods.ts'
import { retry } from './retry.ts'

export interface WaitOptions {
  limitMs: number
  signal?: AbortSignal
}

/** What is missing from the condition right now; empty when it holds. */
export async function missing(kube: Kube, condition: Condition): Promise<string[]> {
  return condition.missing((await kube.list(condition.resource, condition.namespace)).items)
}

/** @throws Failure that names what is missing, and what the pods say, when the limit is over. */
export async function waitFor(kube: Kube, condition: Condition, { limitMs, signal }: WaitOptions): Promise<void> {
  const over = AbortSignal.timeout(limitMs)
  const stop = signal ? AbortSignal.any([over, signal]) : over
  let lacking: string[] = ['nothing seen yet']
  let cause: unknown
  while (!stop.aborted) {
    try {
      lacking = await watchUntil(kube, condition, stop)
      if (lacking.length === 0) return
      cause = undefined
    } catch (error) {
      cause = error
      // The API is away for a moment (a restart, a slow start): the limit above says for how long it may be.
      await retry(() => kube.version(), { limitMs, signal: stop }).catch(() => undefined)
    }
  }
  signal?.throwIfAborted()
  throw new Failure(`waited ${limitMs / 1000} s for ${condition.what}`, {
    seen: cause ? `the API does not answer: ${messageOf(cause)}` : lacking.join('; '),
    why: cause ? [] : await podTroubles(kube, condition.namespace),
    cause,
  })
}

/** One list and one watch; what was missing when the watch came to its end. */
async function watchUntil(kube: Kube, condition: Condition, stop: AbortSignal): Promise<string[]> {
  const { items, resourceVersion } = await kube.list(condition.resource, condition.namespace)
  const current = new Map(items.map((item) => [keyOf(item), item]))
  let lacking = condition.missing(items)
  if (lacking.length === 0) return lacking
  const enough = new AbortController()
  let version = resourceVersion
  let tooOld = false
  const onEvent = ({ type, object }: WatchEvent) => {
    if (type === 'ERROR') {
      tooOld = true
      enough.abort()
      return
    }
    version = object.metadata?.resourceVersion ?? version
    if (type === 'BOOKMARK') return
    if (type === 'DELETED') current.delete(keyOf(object))
    else current.set(keyOf(object), object)
    lacking = condition.missing([...current.values()])
    if (lacking.length === 0) enough.abort()
  }
  while (lacking.length > 0 && !tooOld && !stop.aborted)
    await kube.watch(condition.resource, condition.namespace, version, onEvent, AbortSignal.any([stop, enough.signal]))
  return lacking
}

function keyOf(item: Item): string {
  return `${item.metadata?.namespace ?? ''}/${item.metadata?.name}`
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
