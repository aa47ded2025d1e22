/** Rules that istiod's webhook takes and Envoy does not: a proxy that is sent one keeps the configuration it has. */
import { isReadable } from './format.ts'
import type { HeaderEdits, HTTPRoute } from './types.ts'

/** Those that istiod can translate; to others it gives a route that does nothing, which Envoy refuses. */
const redirectCodes: ReadonlySet<number> = new Set([0, 301, 302, 303, 307, 308])

export function isRefused({ match = [], redirect, headers, route = [] }: HTTPRoute): boolean {
  if (match.some(({ queryParams }) => Object.hasOwn(queryParams ?? {}, ''))) return true
  if (redirect && !redirectCodes.has(redirect.redirectCode ?? 0)) return true
  return [headers, ...route.map((destination) => destination.headers)].some(
    (edits) => !valuesOf(edits).every(isReadable),
  )
}

function valuesOf({ request, response }: HeaderEdits = {}): string[] {
  return [request, response].flatMap((operations) => [
    ...Object.values(operations?.set ?? {}),
    ...Object.values(operations?.add ?? {}),
  ])
}
