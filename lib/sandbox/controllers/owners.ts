/** Owner references: who made an object, and which objects are somebody's. */
import type { KubeObject, OwnerReference } from '../objects.ts'
import { selects } from '../selectors.ts'
import type { Store } from '../store/store.ts'
import type { Context } from './controller.ts'

/** The reference by which a controller marks what it makes. */
export function ownerReference({ apiVersion, kind, metadata }: KubeObject): OwnerReference {
  return {
    apiVersion,
    kind,
    name: metadata.name,
    uid: metadata.uid as string,
    controller: true,
    blockOwnerDeletion: true,
  }
}

/** The object without its reference to this owner. */
export function withoutOwner(object: KubeObject, owner: KubeObject): KubeObject {
  const { ownerReferences = [], ...metadata } = object.metadata
  const others = ownerReferences.filter(({ uid }) => uid !== owner.metadata.uid)
  return { ...object, metadata: { ...metadata, ...(others.length > 0 ? { ownerReferences: others } : {}) } }
}

export function controllerOf({ metadata }: KubeObject): OwnerReference | undefined {
  return metadata.ownerReferences?.find(({ controller }) => controller)
}

function isControlledBy(object: KubeObject, owner: KubeObject): boolean {
  return controllerOf(object)?.uid === owner.metadata.uid
}

/** The key of the controller of this kind that an object belongs to. */
export function ownerKeys(object: KubeObject, kind: string): string[] {
  const owner = controllerOf(object)
  return owner?.kind === kind ? [`${object.metadata.namespace ?? ''}/${owner.name}`] : []
}

/**
 * What a controller owns of a resource, by its selector: what has lost the labels is released, what has them and
 * belongs to nobody is adopted.
 */
export function adopt(
  owner: KubeObject,
  resource: string,
  { write, dependents }: Context,
  selector = owner.spec.selector,
): KubeObject[] {
  const owned = dependents.controlled(owner, resource)
  for (const object of owned.filter(({ metadata }) => !selects(selector, metadata.labels))) {
    write.update(resource, withoutOwner(object, owner))
  }
  if (!owner.metadata.deletionTimestamp)
    for (const object of dependents.ownerless(resource)) {
      if (object.metadata.namespace !== owner.metadata.namespace || object.metadata.deletionTimestamp) continue
      if (!selects(selector, object.metadata.labels)) continue
      const ownerReferences = [...(object.metadata.ownerReferences ?? []), ownerReference(owner)]
      write.update(resource, { ...object, metadata: { ...object.metadata, ownerReferences } })
    }
  return dependents.controlled(owner, resource)
}

export interface Owned {
  resource: string
  object: KubeObject
}

/** What belongs to whom, kept up to date with the store: objects are found by their uid and by their owners'. */
export class Dependents {
  readonly #byUid = new Map<string, Owned>()
  readonly #byOwner = new Map<string, Map<string, Owned>>()
  readonly #ownerless = new Map<string, Map<string, KubeObject>>()

  constructor(store: Store) {
    for (const resource of store.resources) for (const object of store.list(resource)) this.#keep({ resource, object })
    store.watch((event) => {
      this.#drop(event.object.metadata.uid as string)
      if (event.type !== 'DELETED') this.#keep(event)
    })
  }

  find(uid: string): Owned | undefined {
    return this.#byUid.get(uid)
  }

  of(owner: KubeObject): Owned[] {
    return this.ofUid(owner.metadata.uid as string)
  }

  ofUid(uid: string): Owned[] {
    return [...(this.#byOwner.get(uid)?.values() ?? [])]
  }

  /** The objects of one resource that this owner controls. */
  controlled(owner: KubeObject, resource: string): KubeObject[] {
    return this.of(owner)
      .filter((dependent) => dependent.resource === resource && isControlledBy(dependent.object, owner))
      .map(({ object }) => object)
  }

  /** The objects of one resource that nobody controls. */
  ownerless(resource: string): KubeObject[] {
    return [...(this.#ownerless.get(resource)?.values() ?? [])]
  }

  #keep({ resource, object }: Owned): void {
    const uid = object.metadata.uid as string
    const owned = { resource, object }
    this.#byUid.set(uid, owned)
    for (const owner of object.metadata.ownerReferences ?? []) entry(this.#byOwner, owner.uid).set(uid, owned)
    if (!controllerOf(object)) entry(this.#ownerless, resource).set(uid, object)
  }

  #drop(uid: string): void {
    const former = this.#byUid.get(uid)
    if (!former) return
    this.#byUid.delete(uid)
    for (const owner of former.object.metadata.ownerReferences ?? []) {
      const dependents = this.#byOwner.get(owner.uid)
      dependents?.delete(uid)
      if (dependents?.size === 0) this.#byOwner.delete(owner.uid)
    }
    this.#ownerless.get(former.resource)?.delete(uid)
  }
}

function entry<Value>(map: Map<string, Map<string, Value>>, key: string): Map<string, Value> {
  let inner = map.get(key)
  if (!inner) {
    inner = new Map()
    map.set(key, inner)
  }
  return inner
}
