/** How an object goes: at once, after its grace period, or when those who hold it have let go. */
import { type Said, withCondition } from '../controllers/conditions.ts'
import { deletionMarks, podGrace, removeNow } from '../controllers/delete.ts'
import { cleanup } from '../kinds/custom.ts'
import type { KubeObject } from '../objects.ts'
import { type Store, timestamp } from '../store/store.ts'

export interface DeleteOptions {
  gracePeriodSeconds?: number
  propagationPolicy?: 'Foreground' | 'Background' | 'Orphan'
  preconditions?: { uid?: string; resourceVersion?: string }
}

export interface Deletion {
  /** As it is now, or was last. */
  object: KubeObject
  /** It is still there, marked for deletion. */
  isWaiting: boolean
}

export function deleteFrom(
  store: Store,
  resource: string,
  object: KubeObject,
  options: DeleteOptions,
  now: Date,
): Deletion {
  const { metadata } = object
  const finalizers = withPropagation(metadata.finalizers ?? [], options)
  const grace = resource === 'pods' ? podGrace(object, options.gracePeriodSeconds) : 0
  const isHeld = finalizers.length > 0 || resource === 'namespaces'
  if (!isHeld && grace === 0) return { object: removeNow(resource, object, store, now), isWaiting: false }
  const marked = {
    ...object,
    metadata: {
      ...metadata,
      ...(finalizers.length > 0 ? { finalizers } : {}),
      ...deletionMarks(metadata, grace, now),
    },
    ...(resource === 'namespaces' ? { status: { ...object.status, phase: 'Terminating' } } : {}),
  }
  if (resource === 'namespaces') delete (marked.metadata as Partial<KubeObject['metadata']>).deletionGracePeriodSeconds
  return { object: store.update(resource, marked), isWaiting: true }
}

const pending: Said = {
  type: 'Terminating',
  status: 'True',
  reason: 'InstanceDeletionPending',
  message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
}

/** A definition that is to go: it waits until its controller has seen to all objects of its kind. */
export function endingDefinition(definition: KubeObject, now: Date): KubeObject {
  const { metadata } = definition
  const finalizers = [...new Set([...(metadata.finalizers ?? []), cleanup])]
  return {
    ...withCondition(definition, pending, now),
    metadata: { ...metadata, deletionTimestamp: timestamp(now), finalizers },
  }
}

const propagation = { Foreground: 'foregroundDeletion', Orphan: 'orphan' } as const

function withPropagation(finalizers: readonly string[], { propagationPolicy }: DeleteOptions): string[] {
  const kept = propagationPolicy
    ? finalizers.filter((name) => !Object.values<string>(propagation).includes(name))
    : finalizers
  return propagationPolicy && propagationPolicy !== 'Background' ? [...kept, propagation[propagationPolicy]] : [...kept]
}
