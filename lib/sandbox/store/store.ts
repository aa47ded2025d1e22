/**
 * All objects of the sandbox's cluster: one map a resource, one counter of changes, one stream of events.
 * Objects are never changed in place: who writes hands over a new one, who reads must not touch what is read.
 */
import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { KubeObject } from '../objects.ts'
import { alreadyExists, modified, notFound } from '../status.ts'

export interface StoreEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED'
  /** `pods`, `deployments.apps` */
  resource: string
  /** Object as it is after the change; for DELETED as it was last, with the deletion's resourceVersion. */
  object: KubeObject
  /** As it was before; undefined for ADDED. */
  previous?: KubeObject
  revision: number
}

export class Store {
  readonly #resources = new Map<string, Map<string, KubeObject>>()
  /** The keys of a resource in order, until one comes or goes. */
  readonly #sorted = new Map<string, readonly string[]>()
  readonly #listeners = new Set<(event: StoreEvent) => void>()
  readonly #now: () => Date
  #revision = 1

  /** Called with every change before it is answered or seen by anybody; throws when it cannot be made durable. */
  persist: (event: StoreEvent) => void = () => {}

  constructor({ now = () => new Date() }: { now?: () => Date } = {}) {
    this.#now = now
  }

  /** The resourceVersion of the newest change. */
  get revision(): number {
    return this.#revision
  }

  /** The resources of which something is, or was, stored. */
  get resources(): string[] {
    return [...this.#resources.keys()]
  }

  get(resource: string, name: string, namespace = ''): KubeObject | undefined {
    return this.#resources.get(resource)?.get(`${namespace}/${name}`)
  }

  /** In the order of namespace and name, as etcd gives them. */
  list(resource: string, namespace?: string): KubeObject[] {
    const objects = this.#resources.get(resource)
    if (!objects) return []
    const keys = this.#sortedKeys(resource, objects)
    const wanted = namespace === undefined ? keys : keys.filter((key) => key.startsWith(`${namespace}/`))
    return wanted.map((key) => objects.get(key) as KubeObject)
  }

  #sortedKeys(resource: string, objects: ReadonlyMap<string, KubeObject>): readonly string[] {
    const known = this.#sorted.get(resource)
    if (known) return known
    const keys = [...objects.keys()].sort()
    this.#sorted.set(resource, keys)
    return keys
  }

  count(resource: string): number {
    return this.#resources.get(resource)?.size ?? 0
  }

  /** @throws AlreadyExists */
  create(resource: string, object: KubeObject): KubeObject {
    const { name, namespace = '' } = object.metadata
    const there = this.get(resource, name, namespace)
    if (there) throw alreadyExists(resource, there)
    return this.#write('ADDED', resource, {
      ...object,
      metadata: {
        ...object.metadata,
        uid: object.metadata.uid ?? randomUUID(),
        creationTimestamp: object.metadata.creationTimestamp ?? timestamp(this.#now()),
      },
    })
  }

  /**
   * Writes an object that exists; nothing is written where nothing differs.
   * A resourceVersion in the object must be the stored one.
   * @throws NotFound, Conflict
   */
  update(resource: string, object: KubeObject): KubeObject {
    const { name, namespace = '', resourceVersion } = object.metadata
    const current = this.get(resource, name, namespace)
    if (!current) throw notFound(resource, name)
    if (resourceVersion !== undefined && resourceVersion !== current.metadata.resourceVersion)
      throw modified(resource, name)
    const next: KubeObject = {
      ...object,
      metadata: { ...object.metadata, resourceVersion: current.metadata.resourceVersion as string },
    }
    return isDeepStrictEqual(next, current) ? current : this.#write('MODIFIED', resource, next)
  }

  /**
   * Takes an object out at once (grace and finalizers are the API's and the controllers' matter).
   * @throws NotFound
   */
  remove(resource: string, name: string, namespace = ''): KubeObject {
    const current = this.get(resource, name, namespace)
    if (!current) throw notFound(resource, name)
    return this.#write('DELETED', resource, current)
  }

  /** Calls the listener with every change from now on, in order, until the returned function is called. */
  watch(listener: (event: StoreEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Puts back a change that was persisted earlier: no new revision of its own, nobody is told. */
  restore(event: Omit<StoreEvent, 'previous'>): void {
    this.#revision = Math.max(this.#revision, event.revision)
    this.#keep(event)
  }

  #write(type: StoreEvent['type'], resource: string, object: KubeObject): KubeObject {
    const revision = this.#revision + 1
    const written = { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } }
    const { name, namespace } = object.metadata
    const previous = this.get(resource, name, namespace)
    const event: StoreEvent = { type, resource, object: written, revision, ...(previous ? { previous } : {}) }
    this.persist(event)
    this.#revision = revision
    this.#keep(event)
    for (const listener of this.#listeners) listener(event)
    return written
  }

  #keep({ type, resource, object }: Omit<StoreEvent, 'previous'>): void {
    const key = `${object.metadata.namespace ?? ''}/${object.metadata.name}`
    const objects = this.#resources.get(resource)
    if (type === 'DELETED' || !objects?.has(key)) this.#sorted.delete(resource)
    if (type === 'DELETED') objects?.delete(key)
    else if (objects) objects.set(key, object)
    else this.#resources.set(resource, new Map([[key, object]]))
  }
}

/** RFC 3339 with whole seconds, as metadata has it. */
export function timestamp(date: Date): string {
  return date.toISOString().replace(/\.\d{3}Z$/, 'Z')
}

/** The same with microseconds, as leases and the newer events have it. */
export function microTimestamp(date: Date): string {
  return date.toISOString().replace('Z', '000Z')
}
