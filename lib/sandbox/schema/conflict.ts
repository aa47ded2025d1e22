/** The answer to an apply that would take fields from others. */
import { StatusError } from '../status.ts'
import { type Fields, paths, pathText } from './field-set.ts'
import type { Manager } from './managers.ts'

/** @param conflicts the fields by the manager that owns them */
export function conflictError(conflicts: ReadonlyMap<Manager, Fields>): StatusError {
  const all = [...conflicts]
    .map(([manager, fields]) => ({ owner: ownerText(manager), places: paths(fields).map(pathText) }))
    .sort((a, b) => (a.owner < b.owner ? -1 : 1))
  const causes = all.flatMap(({ owner, places }) =>
    places.map((field) => ({ reason: 'FieldManagerConflict', message: `conflict with ${owner}`, field })),
  )
  const [first] = causes
  const message =
    causes.length === 1
      ? `Apply failed with 1 conflict: ${first?.message}: ${first?.field}`
      : `Apply failed with ${causes.length} conflicts: ${all
          .flatMap(({ owner, places }) => [`conflicts with ${owner}:`, ...places.map((place) => `- ${place}`)])
          .join('\n')}`
  return new StatusError(409, 'Conflict', message, { causes })
}

function ownerText({ name, operation, apiVersion, subresource }: Manager): string {
  const owner = JSON.stringify(name) + (subresource ? ` with subresource ${JSON.stringify(subresource)}` : '')
  return operation === 'Update' ? `${owner} using ${apiVersion}` : owner
}
