/** What the server fills in. */
import type { Kind, Schema } from '../kinds/kind.ts'
import { groupVersion, type KubeObject } from '../objects.ts'
import { resolve, rootSchema } from '../schema/built-in.ts'
import { isObject } from '../schema/merge-patch.ts'
import { fillBySchema } from '../schema/schema-defaults.ts'
import { absent } from './computed-defaults.ts'
import { fills } from './default-values.ts'

/**
 * The object with everything that the server fills in by itself: for built-in kinds what Kubernetes' code does, for
 * custom resources the defaults of their schema. What is allocated (addresses, ports, names) is not this one's matter.
 */
export function setDefaults(kind: Kind, object: KubeObject): KubeObject {
  const [, version] = groupVersion(object.apiVersion)
  const schema = rootSchema(kind, version)
  if (kind.custom) return fillBySchema(object, schema) as KubeObject
  const name = `${kind.group.split('.')[0] || 'core'}.${version}.${kind.kind}`
  return fillFields(fillStruct(object, name), schema) as KubeObject
}

/** `io.k8s.api.core.v1.PodSpec` is `core.v1.PodSpec`, as the table of values has it. */
function shortName(definition: string): string {
  return definition.split('.').slice(-3).join('.')
}

function fillStruct(part: Record<string, unknown>, name: string): Record<string, unknown> {
  return (fills[name] ?? []).reduce(
    (filled: Record<string, unknown>, fill) => (typeof fill === 'function' ? fill(filled) : absent(fill)(filled)),
    part,
  )
}

function fillPart(value: unknown, schema: Schema): unknown {
  if (schema.$ref !== undefined)
    return isObject(value) ? fillFields(fillStruct(value, shortName(schema.$ref)), resolve(schema)) : value
  if (Array.isArray(value)) return value.map((item) => fillPart(item, schema.items ?? {}))
  return isObject(value) ? fillFields(value, schema) : value
}

function fillFields(part: Record<string, unknown>, schema: Schema): Record<string, unknown> {
  const { properties, additionalProperties } = schema
  const filled: Record<string, unknown> = { ...part }
  for (const [name, property] of Object.entries(properties ?? {})) {
    const value = part[name]
    if ((value ?? '') === '' && typeof property.default === 'string') filled[name] = property.default
    else if (value !== undefined) filled[name] = fillPart(value, property)
  }
  if (typeof additionalProperties === 'object')
    for (const [name, value] of Object.entries(part)) filled[name] = fillPart(value, additionalProperties)
  return filled
}
