/** Objects as the rows that `kubectl get` prints. */
import type { Column, Kind } from '../kinds/kind.ts'
import type { KubeObject } from '../objects.ts'

export interface ListMeta {
  resourceVersion: string
  continue?: string
  remainingItemCount?: number
}

interface TableOptions {
  /** `includeObject`: what a row carries of its object. */
  include: 'None' | 'Metadata' | 'Object'
  /** A watch names the columns in its first event only. */
  withColumns: boolean
  now: Date
}

export function toTable(
  kind: Kind,
  version: string,
  objects: readonly KubeObject[],
  metadata: ListMeta,
  { include, withColumns, now }: TableOptions,
): object {
  const columns = kind.columns(version)
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: withColumns ? columns.map(definition) : null,
    rows: objects.map((object) => ({
      cells: columns.map(({ value }) => value(object, now) ?? null),
      object: included(object, include),
    })),
  }
}

function definition({ name, type, format = '', description = '', priority }: Column): object {
  return { name, type, format, description, priority }
}

function included(object: KubeObject, include: TableOptions['include']): object | null {
  if (include === 'None') return null
  return include === 'Object' ? object : partialMetadata(object)
}

export function partialMetadata({ metadata }: KubeObject): object {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata }
}
