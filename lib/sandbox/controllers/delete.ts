/** Deletes an object as a controller does: what has finalizers waits for them, a pod is given its time. */
import type { KubeObject } from '../objects.ts'
import { timestamp } from '../store/store.ts'
import type { Context } from './controller.ts'

type Deleting = Pick<Context, 'store' | 'now' | 'write'>

export function deleteObject(resource: string, object: KubeObject, context: Deleting): void {
  const { metadata } = object
  const grace = resource === 'pods' ? podGrace(object) : 0
  if (grace > 0 || metadata.finalizers?.length) markDeleted(resource, object, grace, context)
  else removeNow(resource, object, context.store, context.now())
}

/** A pod is seen to have been given no time before it is gone. @returns the object as it was last */
export function removeNow(resource: string, object: KubeObject, store: Deleting['store'], now: Date): KubeObject {
  const { metadata } = object
  if (resource === 'pods')
    store.update(resource, { ...object, metadata: { ...metadata, ...deletionMarks(metadata, 0, now) } })
  return store.remove(resource, metadata.name, metadata.namespace)
}

/** kubelet's own, where a pod names none. */
const GRACE_SECONDS = 30

/** How many seconds a pod is given to end: one that no node has yet, or that has ended, has nothing to end. */
export function podGrace({ spec, status }: KubeObject, asked?: number): number {
  const hasEnded = status?.phase === 'Succeeded' || status?.phase === 'Failed'
  return spec.nodeName && !hasEnded ? (asked ?? spec.terminationGracePeriodSeconds ?? GRACE_SECONDS) : 0
}

function markDeleted(resource: string, object: KubeObject, graceSeconds: number, { store, now }: Deleting): void {
  const { metadata } = object
  if (metadata.deletionTimestamp) return
  store.update(resource, { ...object, metadata: { ...metadata, ...deletionMarks(metadata, graceSeconds, now()) } })
}

/** What an object that is to go says of it; who asks again can only shorten its time. */
export function deletionMarks(
  metadata: KubeObject['metadata'],
  grace: number,
  now: Date,
): Partial<KubeObject['metadata']> {
  const { deletionTimestamp, deletionGracePeriodSeconds: before, generation } = metadata
  // Namespaces and definitions were given no time.
  if (deletionTimestamp && before === undefined) return { deletionGracePeriodSeconds: grace }
  if (deletionTimestamp && before !== undefined && grace >= before) return {}
  return {
    deletionTimestamp: timestamp(new Date(now.getTime() + grace * 1000)),
    deletionGracePeriodSeconds: grace,
    ...(generation && !deletionTimestamp ? { generation: generation + 1 } : {}),
  }
}

/** The object without this finalizer; gone if it only waited for that. */
export function removeFinalizer(
  resource: string,
  object: KubeObject,
  finalizer: string,
  { store, write }: Deleting,
): void {
  const { metadata } = object
  const finalizers = metadata.finalizers?.filter((other) => other !== finalizer) ?? []
  if (finalizers.length === 0 && metadata.deletionTimestamp) store.remove(resource, metadata.name, metadata.namespace)
  else {
    const { finalizers: _before, ...rest } = metadata
    write.update(resource, { ...object, metadata: { ...rest, ...(finalizers.length > 0 ? { finalizers } : {}) } })
  }
}
