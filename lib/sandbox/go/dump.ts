/**
 * Writes a JSON value as Go's spew library prints the struct it stands for (`%#v`, as k8s.io/apimachinery's
 * `dump.ForHash` sets it up): types in brackets, all fields in their order, absent ones as their zero value.
 */
import { definitionOf, fieldsOf } from './fields.ts'
import { dumpQuantity } from './quantity.ts'

/** The value with its type in front: `(int32)9080`. */
export function dump(type: string, value: unknown): string {
  return type.startsWith('*') ? dumpPointer(type, value) : `(${type})${dumpValue(type, value)}`
}

function dumpPointer(type: string, value: unknown): string {
  return `(${type})${value === undefined || value === null ? '<nil>' : dumpValue(type.slice(1), value)}`
}

/** Without the type: what stands in lists and maps. */
function dumpValue(type: string, value: unknown): string {
  const special = specials[type]
  if (special) return special(value)
  const definition = definitionOf(type)
  if (type.startsWith('[]')) return dumpList(type.slice(2), value)
  const map = /^map\[.*?\](?<element>.*)$/.exec(definition?.startsWith('map[') ? definition : type)
  if (map?.groups) return dumpMap(map.groups.element as string, value)
  if (definition) return dumpStruct(type, (value ?? {}) as Record<string, unknown>)
  return dumpPlain(type, value)
}

/** What is empty comes back from the API's storage as absent. */
function dumpList(element: string, value: unknown): string {
  if (!Array.isArray(value) || value.length === 0) return '<nil>'
  return `[${value.map((item) => dumpValue(element, item)).join(' ')}]`
}

function dumpMap(element: string, value: unknown): string {
  const keys = Object.keys(value ?? {}).sort()
  if (keys.length === 0) return '<nil>'
  return `map[${keys.map((key) => `${key}:${dumpValue(element, (value as Record<string, unknown>)[key])}`).join(' ')}]`
}

function dumpStruct(type: string, value: Record<string, unknown>): string {
  const fields = fieldsOf(type).map(({ name, json, type: fieldType }) => {
    const field = json === '' ? value : Object.hasOwn(value, json) ? value[json] : undefined
    return `${name}:${dump(fieldType, field)}`
  })
  return `{${fields.join(' ')}}`
}

function dumpPlain(type: string, value: unknown): string {
  if (type === 'bool') return String(value ?? false)
  if (/^u?int\d*$/.test(type)) return String(value ?? 0)
  return String(value ?? '')
}

/** Types with a form of their own in JSON. */
const specials: Readonly<Record<string, (value: unknown) => string>> = {
  'resource.Quantity': dumpQuantity,
  // Templates carry no times; the field is there all the same.
  'v1.Time': () => '{Time:(time.Time){wall:(uint64)0 ext:(int64)0 loc:(*time.Location)<nil>}}',
  'intstr.IntOrString': (value) =>
    typeof value === 'string'
      ? `{Type:(intstr.Type)1 IntVal:(int32)0 StrVal:(string)${value}}`
      : `{Type:(intstr.Type)0 IntVal:(int32)${value ?? 0} StrVal:(string)}`,
}
