/** One object as an answer. */

import { asVersion } from '../kinds/conversions.ts'
import type { KubeObject } from '../objects.ts'
import { inOrder } from '../schema/ordered.ts'
import { acceptedForm } from './accept.ts'
import type { Answer, Ask } from './exchange.ts'
import { partialMetadata, toTable } from './table.ts'
import type { Target } from './target.ts'

/** One object in the form and version that were asked for. */
export function present({ kind, version }: Target, object: KubeObject, code: number, ask: Ask, now: Date): Answer {
  const form = acceptedForm(ask.headers.accept, ['table', 'metadata'])
  const shown = asVersion(object, kind, version)
  if (form === 'metadata') return { code, body: partialMetadata(shown) }
  if (form !== 'table') return { code, body: inOrder(kind, version, shown), form }
  const metadata = { resourceVersion: shown.metadata.resourceVersion ?? '' }
  const include = includeOf(ask)
  return { code, body: toTable(kind, version, [shown], metadata, { include, withColumns: true, now }) }
}

export function includeOf({ query }: Ask): 'None' | 'Metadata' | 'Object' {
  const asked = query.get('includeObject')
  return asked === 'None' || asked === 'Object' ? asked : 'Metadata'
}
