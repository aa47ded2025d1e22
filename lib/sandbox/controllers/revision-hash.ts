/** The hash in the names of a StatefulSet's revisions (kubernetes/pkg/controller/history.HashControllerRevision at 1.29). */
import { safeEncode } from '../names.ts'

/** FNV-1 of what a revision holds, as Go writes its JSON, and of the number of collisions. */
export function revisionHashOf(data: unknown, collisionCount: number): string {
  return safeEncode(String(fnv1(Buffer.from(`${goJson(data)}${collisionCount}`))))
}

/** Go's JSON of a map: keys in order, and no letters that mean something in HTML. */
function goJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goJson).join(',')}]`
  if (value !== null && typeof value === 'object') {
    const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
    return `{${fields.map(([name, field]) => `${text(name)}:${goJson(field)}`).join(',')}}`
  }
  return text(value)
}

function text(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function fnv1(bytes: Uint8Array): number {
  let hash = 0x811c9dc5
  for (const byte of bytes) hash = Math.imul(hash, 0x01000193) ^ byte
  return hash >>> 0
}
