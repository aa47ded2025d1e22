/** Runs controllers over a store: one queue, no polling, nothing done twice for changes that come together. */
import type { Store } from '../store/store.ts'
import type { Change, Context, Controller } from './controller.ts'
import type { Client } from './writer.ts'

/** After a controller threw: it looks again, for the world may have changed. */
const RETRY_MS = 1000

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
  }))
  type Queue = (typeof queues)[number]
  let draining: NodeJS.Immediate | undefined

  const add = (queue: Queue, key: string) => {
    queue.keys.add(key)
    draining ??= setImmediate(drain)
  }

  const again = (queue: Queue, key: string, ms: number | undefined) => {
    clearTimeout(queue.timers.get(key))
    queue.timers.delete(key)
    if (ms === undefined) return
    const timer = setTimeout(() => {
      queue.timers.delete(key)
      add(queue, key)
    }, ms)
    queue.timers.set(key, timer)
  }

  const reconcile = (queue: Queue, key: string) => {
    try {
      again(queue, key, queue.controller.reconcile(key, queue.context))
    } catch (error) {
      onError(error, queue.controller.name, key)
      again(queue, key, RETRY_MS)
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
