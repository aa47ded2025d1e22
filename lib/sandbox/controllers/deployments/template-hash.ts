/** The hash in the names of ReplicaSets and pods: `698d88b` for the template of the lesson's details-v1. */
import { dump } from '../../go/dump.ts'
import { safeEncode } from '../../names.ts'

/**
 * FNV-1a of the template as Go prints it, in Kubernetes' letters: the very hash a real cluster gives
 * (kubernetes/pkg/controller.ComputeHash at 1.29).
 */
export function templateHash(template: unknown, collisionCount?: number): string {
  const text = Buffer.from(dump('v1.PodTemplateSpec', template))
  if (collisionCount === undefined) return safeEncode(String(fnv1a(text)))
  const collisions = Buffer.alloc(8)
  collisions.writeUInt32LE(collisionCount)
  return safeEncode(String(fnv1a(Buffer.concat([text, collisions]))))
}

function fnv1a(bytes: Uint8Array): number {
  let hash = 0x811c9dc5
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193)
  return hash >>> 0
}
