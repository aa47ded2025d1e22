/** Runs controllers over a store: one queue, no polling, nothing done twice for changes that come together. */
import type { Store } from '../store/store.ts'
import type { Again, Change, Context, Controller } from './controller.ts'
import type { Client } from './writer.ts'

/** What failed is looked at again, each time after twice as long (client-go's DefaultControllerRateLimiter). */
const FIRST_RETRY_MS = 5
const LONGEST_RETRY_MS = 1_000_000

/** Node's timers take no longer time, and would be over at once; who is asked sooner than wanted waits again. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

export interface Running {
  stop: () => void
}

/** Starts the controllers with everything that is stored, then follows the changes. */
export function runControllers(
  store: Store,
  controllers: readonly Controller[],
  contextOf: (client: Client) => Context,
  onError: (error: unknown, controller: string, key: string) => void,
): Running {
  const queues = controllers.map((controller) => ({
    controller,
    context: contextOf(controller.client),
    keys: new Set<string>(),
    timers: new Map<string, NodeJS.Timeout>(),
    /** How often each key has failed in a row. */
    failures: new Map<string, number>(),
  }))
  type Queue = (typeof queues)[number]
  let draining: NodeJS.Immediate | undefined

  const add = (queue: Queue, key: string) => {
    queue.keys.add(key)
    draining ??= setImmediate(drain)
  }

  const again = (queue: Queue, key: string, when: Again) => {
    clearTimeout(queue.timers.get(key))
    queue.timers.delete(key)
    if (when !== 'later') queue.failures.delete(key)
    if (when === undefined) return
    const ms = when === 'later' ? backOff(queue.failures, key) : when
    const timer = setTimeout(
      () => {
        queue.timers.delete(key)
        add(queue, key)
      },
      Math.min(ms, LONGEST_TIMER_MS),
    )
    queue.timers.set(key, timer)
  }

  const reconcile = (queue: Queue, key: string) => {
    try {
      again(queue, key, queue.controller.reconcile(key, queue.context))
    } catch (error) {
      onError(error, queue.controller.name, key)
      again(queue, key, 'later')
    }
  }

  // What the controllers write is looked at in the next turn: requests are answered in between.
  const drain = () => {
    draining = undefined
    for (const queue of queues) {
      const keys = [...queue.keys]
      queue.keys.clear()
      for (const key of keys) reconcile(queue, key)
    }
  }

  const hear = (change: Change) => {
    for (const queue of queues) for (const key of queue.controller.keys(change, queue.context)) add(queue, key)
  }

  for (const resource of store.resources)
    for (const object of store.list(resource)) hear({ type: 'ADDED', resource, object })
  const unwatch = store.watch(hear)

  return {
    stop: () => {
      unwatch()
      if (draining) clearImmediate(draining)
      for (const { timers } of queues) for (const timer of timers.values()) clearTimeout(timer)
    },
  }
}

function backOff(failures: Map<string, number>, key: string): number {
  const before = failures.get(key) ?? 0
  failures.set(key, before + 1)
  return Math.min(FIRST_RETRY_MS * 2 ** before, LONGEST_RETRY_MS)
}
