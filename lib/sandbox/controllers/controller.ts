/** What a controller is: it hears of changes, and brings what it cares for closer to what the objects ask. */
import type { Kinds } from '../kinds/kinds.ts'
import type { KubeObject } from '../objects.ts'
import type { Store, StoreEvent } from '../store/store.ts'
import type { EventDetails } from './events.ts'
import type { Dependents } from './owners.ts'
import type { Pace } from './pace.ts'
import type { Client, Writer } from './writer.ts'

/** Something that happened to an object; at start every stored object is reported as added. */
export type Change = Pick<StoreEvent, 'type' | 'resource' | 'object' | 'previous'>

/** What controllers work with. */
export interface Context {
  /** To read from, and to take objects out. */
  store: Store
  kinds: Kinds
  write: Writer
  now: () => Date
  pace: Pace
  dependents: Dependents
  /** Records an event about an object, as `kubectl get events` shows it. */
  record: (about: KubeObject, details: EventDetails) => void
}

/** When to look at a key again: after so many milliseconds, or, since it failed, later and later. */
export type Again = number | 'later' | undefined

export interface Controller {
  name: string
  /** The program that it is part of. */
  client: Client
  /** The keys (`namespace/name`, or any other text) that need a look after this change. */
  keys: (change: Change, context: Context) => readonly string[]
  /** Looks at one key; safe to call any number of times. */
  reconcile: (key: string, context: Context) => Again
}

export function keyOf({ metadata }: Pick<KubeObject, 'metadata'>): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`
}

export function splitKey(key: string): { namespace: string; name: string } {
  const slash = key.indexOf('/')
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) }
}
