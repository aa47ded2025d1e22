/** The latest changes of the store, so that a watch can go on from a list that was answered before. */
import type { KubeObject } from '../objects.ts'
import type { Store, StoreEvent } from '../store/store.ts'

/** etcd keeps five minutes of changes; here as many changes as a busy cluster makes in that time. */
const MOST_EVENTS = 3000
/** What is large is known for a shorter time. */
const MOST_BYTES = 64 * 1024 * 1024

export class History {
  #changes: { event: StoreEvent; size: number }[] = []
  #bytes = 0
  /** What was changed at this revision and before is no longer known. */
  #oldest: number
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
    this.#oldest = store.revision
    store.watch((event) => {
      const size = JSON.stringify(event.object).length
      this.#changes.push({ event, size })
      this.#bytes += size
      if (this.#changes.length >= 2 * MOST_EVENTS || this.#bytes >= MOST_BYTES) this.#forget()
    })
  }

  /** Keeps the later half. */
  #forget(): void {
    const first = this.#changes.findIndex(({ event, size }, index) => {
      if (this.#changes.length - index <= MOST_EVENTS && this.#bytes <= MOST_BYTES / 2) return true
      this.#bytes -= size
      this.#oldest = event.revision
      return false
    })
    this.#changes = this.#changes.slice(first)
  }

  /** The changes after a revision; undefined where some of them are no longer known. */
  since(revision: number): StoreEvent[] | undefined {
    if (revision < this.#oldest) return undefined
    return this.#changes.map(({ event }) => event).filter((event) => event.revision > revision)
  }

  /** All objects of a resource as they were at a revision; undefined where that is no longer known. */
  listAt(resource: string, namespace: string | undefined, revision: number): KubeObject[] | undefined {
    const now = this.#store.list(resource, namespace)
    if (revision >= this.#store.revision) return now
    const undone = this.since(revision)?.filter((event) => event.resource === resource)
    if (!undone || undone.length === 0) return undone && now
    const objects = new Map(now.map((object) => [keyOf(object), object]))
    for (const { object, previous } of undone.reverse())
      if (previous === undefined) objects.delete(keyOf(object))
      else if (namespace === undefined || object.metadata.namespace === namespace) objects.set(keyOf(object), previous)
    return [...objects].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object)
  }

  get oldest(): number {
    return this.#oldest
  }
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`
}
