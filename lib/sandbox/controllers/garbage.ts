/**
 * The garbage collector: what belonged to a deleted object goes after it (background), before it (foreground), or
 * stays behind without an owner (orphan).
 */
import type { KubeObject } from '../objects.ts'
import type { Context, Controller } from './controller.ts'
import { deleteObject, removeFinalizer } from './delete.ts'
import { withoutOwner } from './owners.ts'

const foreground = 'foregroundDeletion'
const orphan = 'orphan'

/** Keys: `gone/UID` for an object that was deleted, `ending/RESOURCE/NAMESPACE/NAME` for one that waits for the collector. */
export const garbageCollector: Controller = {
  name: 'garbage-collector',
  client: 'kube-controller-manager',
  keys: ({ type, resource, object: { metadata } }, { dependents }) => {
    const owners = metadata.ownerReferences ?? []
    if (type === 'DELETED')
      return [`gone/${metadata.uid}`, ...owners.flatMap(({ uid }) => endingKey(dependents.find(uid)))]
    const keys = isEnding(metadata) ? endingKey({ resource, object: { metadata } as KubeObject }) : []
    // The owner may have gone before its dependent came.
    const orphaned = owners.filter(({ uid }) => !dependents.find(uid)).map(({ uid }) => `gone/${uid}`)
    return [...keys, ...orphaned]
  },
  reconcile: (key, context) => {
    const [state, resource = '', namespace = '', name = ''] = key.split('/')
    if (state === 'gone') collect(resource, context)
    else {
      const object = context.store.get(resource, name, namespace)
      if (object && isEnding(object.metadata)) end(resource, object, context)
    }
    return undefined
  },
}

function isEnding({ deletionTimestamp, finalizers = [] }: KubeObject['metadata']): boolean {
  return deletionTimestamp !== undefined && (finalizers.includes(foreground) || finalizers.includes(orphan))
}

function endingKey(found: { resource: string; object: KubeObject } | undefined): string[] {
  if (!found || !isEnding(found.object.metadata)) return []
  const { namespace = '', name } = found.object.metadata
  return [`ending/${found.resource}/${namespace}/${name}`]
}

/** Deletes what the object with this uid leaves behind, where nobody else owns it too. */
function collect(uid: string, context: Context): void {
  for (const { resource, object } of context.dependents.ofUid(uid)) {
    if (!areKnown(object, context)) continue
    if (!giveToOthers(resource, object, context)) deleteObject(resource, object, context)
  }
}

/** Of an owner of a kind that nobody knows it cannot be said whether it is gone. */
function areKnown({ metadata }: KubeObject, { kinds }: Context): boolean {
  return (metadata.ownerReferences ?? []).every((owner) => kinds.of(owner))
}

/** Leaves an object to those of its owners that stay. @returns whether there are any */
function giveToOthers(resource: string, object: KubeObject, { write, dependents }: Context): boolean {
  const staying = (object.metadata.ownerReferences ?? []).filter(({ uid }) => {
    const { metadata } = dependents.find(uid)?.object ?? {}
    return metadata && !(metadata.deletionTimestamp && metadata.finalizers?.includes(foreground))
  })
  if (staying.length === 0) return false
  write.update(resource, { ...object, metadata: { ...object.metadata, ownerReferences: staying } })
  return true
}

function end(resource: string, object: KubeObject, context: Context): void {
  const { uid, finalizers = [] } = object.metadata
  const dependents = context.dependents.of(object)
  if (finalizers.includes(orphan)) {
    for (const dependent of dependents) context.write.update(dependent.resource, withoutOwner(dependent.object, object))
    removeFinalizer(resource, object, orphan, context)
    return
  }
  for (const dependent of dependents)
    if (!giveToOthers(dependent.resource, dependent.object, context))
      deleteFirst(dependent.resource, dependent.object, context)
  const blocking = context.dependents
    .of(object)
    .filter(({ object: { metadata } }) =>
      metadata.ownerReferences?.some((owner) => owner.uid === uid && owner.blockOwnerDeletion),
    )
  if (blocking.length === 0) removeFinalizer(resource, object, foreground, context)
}

/** A dependent with dependents of its own waits for them in turn. */
function deleteFirst(resource: string, object: KubeObject, context: Context): void {
  const { metadata } = object
  if (metadata.deletionTimestamp) return
  const hasOwn = context.dependents.of(object).length > 0
  const waiting =
    hasOwn && !metadata.finalizers?.includes(foreground)
      ? context.write.update(resource, {
          ...object,
          metadata: { ...metadata, finalizers: [...(metadata.finalizers ?? []), foreground] },
        })
      : object
  deleteObject(resource, waiting, context)
}
