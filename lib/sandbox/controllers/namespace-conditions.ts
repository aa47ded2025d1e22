/** What a namespace that is to go says of what is left in it. */
import type { KubeObject } from '../objects.ts'
import { timestamp } from '../store/store.ts'
import { type Condition, setInPlace } from './conditions.ts'

interface Left {
  resource: string
  object: KubeObject
}

interface Row {
  type: string
  isTrue: boolean
  reason: string
  message: string
}

/** By resource or finalizer, how many there are: `configmaps. has 2 resource instances`. */
function counted(names: readonly string[], text: (name: string, count: number) => string): string {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, count]) => text(name, count))
    .join(', ')
}

export function endingConditions(before: readonly Condition[], left: readonly Left[], now: Date): Condition[] {
  const finalizers = left.flatMap(({ object }) => object.metadata.finalizers ?? [])
  const resources = left.map(({ resource }) => (resource.includes('.') ? resource : `${resource}.`))
  const remaining = counted(resources, (name, count) => `${name} has ${count} resource instances`)
  const held = counted(finalizers, (name, count) => `${name} in ${count} resource instances`)
  const rows: Row[] = [
    {
      type: 'NamespaceDeletionDiscoveryFailure',
      isTrue: false,
      reason: 'ResourcesDiscovered',
      message: 'All resources successfully discovered',
    },
    {
      type: 'NamespaceDeletionGroupVersionParsingFailure',
      isTrue: false,
      reason: 'ParsedGroupVersions',
      message: 'All legacy kube types successfully parsed',
    },
    {
      type: 'NamespaceDeletionContentFailure',
      isTrue: false,
      reason: 'ContentDeleted',
      message: 'All content successfully deleted, may be waiting on finalization',
    },
    {
      type: 'NamespaceContentRemaining',
      isTrue: left.length > 0,
      ...(left.length > 0
        ? { reason: 'SomeResourcesRemain', message: `Some resources are remaining: ${remaining}` }
        : { reason: 'ContentRemoved', message: 'All content successfully removed' }),
    },
    {
      type: 'NamespaceFinalizersRemaining',
      isTrue: finalizers.length > 0,
      ...(finalizers.length > 0
        ? {
            reason: 'SomeFinalizersRemain',
            message: `Some content in the namespace has finalizers remaining: ${held}`,
          }
        : { reason: 'ContentHasNoFinalizers', message: 'All content-preserving finalizers finished' }),
    },
  ]
  return rows.reduce<Condition[]>(
    (conditions, { type, isTrue, reason, message }) =>
      setInPlace(conditions, {
        lastTransitionTime: timestamp(now),
        message,
        reason,
        status: isTrue ? 'True' : 'False',
        type,
      }),
    [...before],
  )
}
