/** The last lines that each container wrote. Lines are often written and seldom read, so they are put into words late. */

export type Line = string | (() => string)

/** Lines kept of each container. */
const KEPT = 1_000

type Listener = (line: { time: number; text: string }) => void

export class Logs {
  readonly #pods = new Map<string, Map<string, { time: number; line: Line }[]>>()
  readonly #listeners = new Map<string, Set<Listener>>()

  append(podUid: string, container: string, line: Line): void {
    this.#keep(podUid, container, line)
    if (this.#listeners.size === 0) return
    const text = typeof line === 'string' ? line : line()
    for (const listener of this.#listeners.get(`${podUid}/${container}`) ?? []) listener({ time: Date.now(), text })
  }

  /** Calls the listener with each new line, until the returned function is called. */
  follow(podUid: string, container: string, listener: Listener): () => void {
    const key = `${podUid}/${container}`
    const listeners = this.#listeners.get(key) ?? new Set()
    this.#listeners.set(key, listeners.add(listener))
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0 && this.#listeners.get(key) === listeners) this.#listeners.delete(key)
    }
  }

  #keep(podUid: string, container: string, line: Line): void {
    let containers = this.#pods.get(podUid)
    if (!containers) {
      containers = new Map()
      this.#pods.set(podUid, containers)
    }
    const lines = containers.get(container)
    if (!lines) containers.set(container, [{ time: Date.now(), line }])
    else {
      lines.push({ time: Date.now(), line })
      // Cut seldom, as a cut moves all that stays.
      if (lines.length >= KEPT * 1.2) lines.splice(0, lines.length - KEPT)
    }
  }

  /** Oldest first; with the time of each, in milliseconds since 1970. */
  read(podUid: string, container: string): { time: number; text: string }[] {
    const lines = this.#pods.get(podUid)?.get(container) ?? []
    return lines.slice(-KEPT).map(({ time, line }) => ({ time, text: typeof line === 'string' ? line : line() }))
  }

  forget(podUid: string): void {
    this.#pods.delete(podUid)
  }
}
