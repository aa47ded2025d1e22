/**
 * Objects with their fields in the order in which the real server writes them: a Go struct's as they are declared,
 * which is the order of the recorded schemas, a map's by name. Custom resources are maps throughout.
 */
import type { Kind, Schema } from '../kinds/kind.ts'
import type { KubeObject } from '../objects.ts'
import { resolve, rootSchema } from './built-in.ts'
import { isObject } from './merge-patch.ts'
import { sorted } from './sorted-json.ts'

export function inOrder(kind: Kind, version: string, object: KubeObject): KubeObject {
  return (kind.custom ? sorted(object) : ordered(object, rootSchema(kind, version))) as KubeObject
}

const apiextensions = 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1'
const schemaProps: Schema = { $ref: `${apiextensions}.JSONSchemaProps` }
/** Where a definition may have a schema or something else, of which nothing is recorded, an object is a schema. */
const EITHER = `${apiextensions}.JSONSchemaPropsOr`

function ordered(value: unknown, schema: Schema): unknown {
  const { properties, items, additionalProperties } = resolve(schema.$ref?.startsWith(EITHER) ? schemaProps : schema)
  if (Array.isArray(value)) return items ? value.map((item) => ordered(item, items)) : value
  if (!isObject(value)) return value
  const result: Record<string, unknown> = Object.create(null)
  if (properties) {
    for (const name in properties) {
      const field = value[name]
      if (field !== undefined) result[name] = ordered(field, properties[name] as Schema)
    }
    // What the schema does not know, nobody has said the order of.
    for (const name in value) if (!(name in result)) result[name] = value[name]
    return result
  }
  // Raw JSON stays as it came.
  if (typeof additionalProperties !== 'object') return value
  for (const name of Object.keys(value).sort()) result[name] = ordered(value[name], additionalProperties)
  return result
}
