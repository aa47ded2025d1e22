/** The latest changes of the store, so that a watch can go on from a list that was answered before. */
import type { Store, StoreEvent } from '../store/store.ts'

/** etcd keeps five minutes of changes; here as many changes as a busy cluster makes in that time. */
const MOST_EVENTS = 3000

export class History {
  #events: StoreEvent[] = []
  /** What was changed at this revision and before is no longer known. */
  #oldest: number

  constructor(store: Store) {
    this.#oldest = store.revision
    store.watch((event) => {
      this.#events.push(event)
      if (this.#events.length < 2 * MOST_EVENTS) return
      this.#events = this.#events.slice(-MOST_EVENTS)
      this.#oldest = (this.#events[0] as StoreEvent).revision - 1
    })
  }

  /** The changes after a revision; undefined where some of them are no longer known. */
  since(revision: number): StoreEvent[] | undefined {
    return revision < this.#oldest ? undefined : this.#events.filter((event) => event.revision > revision)
  }

  get oldest(): number {
    return this.#oldest
  }
}
