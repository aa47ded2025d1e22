/** Go's names of types, which the server's errors quote. */
import type { Schema } from '../kinds/kind.ts'

/** The Go type of a field with this schema: `int32`, `[]v1.Container`, `map[string]string`. */
export function goType(schema: Schema): string {
  if (schema['x-go-type'] !== undefined) return schema['x-go-type']
  if (schema.$ref !== undefined) return goStruct(schema.$ref)
  switch (schema.type) {
    case 'array':
      return `[]${goType(schema.items ?? {})}`
    case 'object':
      return `map[string]${goType(typeof schema.additionalProperties === 'object' ? schema.additionalProperties : {})}`
    case 'boolean':
      return 'bool'
    case 'integer':
      return schema.format ?? 'int64'
    case 'number':
      return 'float64'
    default:
      return schema.format === 'byte' ? '[]uint8' : 'string'
  }
}

/** `io.k8s.api.core.v1.Container` is `v1.Container` */
function goStruct(definition: string): string {
  return definition.split('.').slice(-2).join('.')
}
