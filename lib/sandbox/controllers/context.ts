/** What the controllers of one cluster work with, each under the name of the program that it is part of. */
import type { Registry } from '../api/registry.ts'
import type { Context } from './controller.ts'
import { eventRecorder } from './events.ts'
import { Dependents } from './owners.ts'
import type { Pace } from './pace.ts'
import { type Client, writerOf } from './writer.ts'

export function contexts(registry: Registry, pace: Pace): (client: Client) => Context {
  const { store, kinds, now } = registry
  const dependents = new Dependents(store)
  const recordBy = eventRecorder(store, now)
  return (client) => {
    const write = writerOf(registry, client)
    return { store, kinds, now, pace, dependents, write, record: recordBy(write) }
  }
}
