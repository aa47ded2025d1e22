/** Defaults of a structural schema. */
import type { Schema } from '../kinds/kind.ts'
import { isObject } from './merge-patch.ts'
import { propertySchema } from './prune.ts'

/** A null that is not allowed counts as absent. */
export function fillBySchema(value: unknown, schema: Schema): unknown {
  if (Array.isArray(value))
    return schema.items ? value.map((item) => fillBySchema(item, schema.items as Schema)) : value
  if (!isObject(value)) return value
  const filled: Record<string, unknown> = { ...value }
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const isAbsent = filled[name] === undefined || (filled[name] === null && !property.nullable)
    if (isAbsent && property.default !== undefined) filled[name] = structuredClone(property.default)
  }
  for (const [name, field] of Object.entries(filled)) {
    const property = propertySchema(schema, name)
    if (property) filled[name] = fillBySchema(field, property)
  }
  return filled
}
