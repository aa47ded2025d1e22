/** What a kind's object is before anything is known of it. */
import type { Kind, Schema } from '../kinds/kind.ts'
import { memo } from '../memo.ts'
import { resolve, rootSchema } from './built-in.ts'
import { isObject } from './merge-patch.ts'

/** Fields that Go writes whatever they hold, which schemas do not tell; the names are those of one field each. */
const alwaysWritten: Readonly<Record<string, unknown>> = {
  creationTimestamp: null,
  currentMetrics: null,
  eventTime: null,
  firstTimestamp: null,
  lastTimestamp: null,
  reportingComponent: '',
  reportingInstance: '',
}

/**
 * The JSON of an empty object: for built-in kinds Go's empty struct, in which structs are never absent and fields
 * without omitempty have their zero value; a custom resource is empty.
 */
export function zeroObject(kind: Kind, version: string): Record<string, unknown> {
  if (kind.custom) return {}
  return zeroStruct(rootSchema(kind, version))
}

const zeroStruct: (schema: Schema) => Record<string, unknown> = memo(({ properties = {}, required = [] }) => {
  const fields = Object.entries(properties).flatMap(([name, property]): [string, unknown][] => {
    const definition = resolve(property)
    if (property.$ref !== undefined && isObject(property.default) && definition.properties)
      return [[name, zeroStruct(definition)]]
    if (Object.hasOwn(alwaysWritten, name)) return [[name, alwaysWritten[name]]]
    return required.includes(name) ? [[name, zeroValue(property)]] : []
  })
  return Object.fromEntries(fields)
})

function zeroValue({ $ref, type = 'object' }: Schema): unknown {
  if ($ref !== undefined) return null
  return { string: '', integer: 0, number: 0, boolean: false, array: null, object: null }[type]
}
