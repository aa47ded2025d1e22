/** Events that differ in their message alone: beyond the first few they are told as one, as client-go does. */
import type { KubeObject } from '../objects.ts'
import type { EventDetails } from './events.ts'

/** client-go's defaults for what it calls aggregation: messages until they are combined, and how long they count. */
const MOST_MESSAGES = 10
const WINDOW_MS = 600_000
/** Objects of which this is remembered, the latest. */
const MOST_OBJECTS = 4096

interface Group {
  messages: Set<string>
  /** Of the last, in milliseconds since 1970. */
  time: number
}

export class SimilarEvents {
  readonly #groups = new Map<string, Group>()

  /** Under which key an event is counted, and its message. */
  combine(about: KubeObject, details: EventDetails, now: Date): { key: string; message: string } {
    const { type, reason, message, component, host, fieldPath } = details
    const group = [about.metadata.uid, about.metadata.name, component, host, type, reason].join('|')
    const { messages } = this.#remember(group, now.getTime())
    messages.add(message)
    if (messages.size < MOST_MESSAGES) return { key: [group, fieldPath, message].join('|'), message }
    for (const first of messages) {
      messages.delete(first)
      break
    }
    return { key: group, message: `(combined from similar events): ${message}` }
  }

  #remember(key: string, time: number): Group {
    const known = this.#groups.get(key)
    const group = known && time - known.time <= WINDOW_MS ? known : { messages: new Set<string>(), time }
    group.time = time
    this.#groups.delete(key)
    this.#groups.set(key, group)
    if (this.#groups.size > MOST_OBJECTS)
      for (const oldest of this.#groups.keys()) {
        this.#groups.delete(oldest)
        break
      }
    return group
  }
}
