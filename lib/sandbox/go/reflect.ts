/** JSON values as the Go values they stand for, with their types, as Go's reflection sees them. */
import { definitionOf, fieldsOf } from './fields.ts'
import { readQuantity } from './quantity.ts'

export type GoValue = { type: string } & (
  | { kind: 'nil'; of: 'list' | 'map' | 'pointer' }
  | { kind: 'plain'; value: string | number | bigint | boolean }
  | { kind: 'pointer'; to: GoValue; says?: string }
  | { kind: 'list' | 'map' | 'struct'; parts: readonly Part[] }
)

export interface Part {
  /** A field's or an entry's; '' of an element. */
  name: string
  value: GoValue
}

type Json = Readonly<Record<string, unknown>>

/** What `json` is once it is read into a Go value of this type. */
export function reflect(type: string, json: unknown): GoValue {
  const special = specials[type]
  if (special) return special(json)
  if (type.startsWith('*'))
    return isAbsent(json) ? { type, kind: 'nil', of: 'pointer' } : reflectPointer(type, json as Json)
  const definition = definitionOf(type)
  if (type.startsWith('[]')) return reflectList(type, json)
  const map = /^map\[(?<key>.*?)\](?<element>.*)$/.exec(definition ?? type)?.groups as MapType | undefined
  if (map) return reflectMap(type, map, json)
  if (definition) return reflectStruct(type, (json ?? {}) as Json)
  return plain(type, json)
}

/** Whether it is what Go puts where nothing is said. */
export function isZero(value: GoValue): boolean {
  if (value.kind === 'nil') return true
  if (value.kind === 'plain') return !value.value
  return value.kind === 'struct' && value.parts.every((part) => isZero(part.value))
}

function isAbsent(json: unknown): json is null | undefined {
  return json === undefined || json === null
}

function reflectPointer(type: string, json: Json): GoValue {
  const to = reflect(type.slice(1), json)
  return type === '*v1.LabelSelector'
    ? { type, kind: 'pointer', to, says: labelSelectorString(json) }
    : { type, kind: 'pointer', to }
}

function reflectList(type: string, json: unknown): GoValue {
  if (!Array.isArray(json)) return { type, kind: 'nil', of: 'list' }
  return { type, kind: 'list', parts: json.map((item) => ({ name: '', value: reflect(type.slice(2), item) })) }
}

interface MapType {
  key: string
  element: string
}

/** Keys that have a text of their own are marked as such. */
function reflectMap(type: string, { key: keyType, element }: MapType, json: unknown): GoValue {
  if (isAbsent(json)) return { type, kind: 'nil', of: 'map' }
  const entries = Object.entries(json as Json).sort(([a], [b]) => (a < b ? -1 : 1))
  const mark = keyType.endsWith('.ResourceName') ? 's' : ''
  const parts = entries.map(([key, value]) => ({ name: mark + JSON.stringify(key), value: reflect(element, value) }))
  return { type, kind: 'map', parts }
}

function reflectStruct(type: string, json: Json): GoValue {
  const parts = fieldsOf(type).map(({ name, json: key, type: fieldType }) => {
    const field = key === '' ? json : Object.hasOwn(json, key) ? json[key] : undefined
    return { name, value: reflect(fieldType, field) }
  })
  return { type, kind: 'struct', parts }
}

function plain(type: string, json: unknown): GoValue {
  if (type === 'bool') return { type, kind: 'plain', value: json === true }
  if (/^u?int\d*$/.test(type)) return { type, kind: 'plain', value: Number(json ?? 0) }
  return { type, kind: 'plain', value: String(json ?? '') }
}

interface Requirement {
  key: string
  operator: string
  values?: readonly string[]
}

/** What a selector's String() says. */
export function labelSelectorString(json: Json): string {
  const { matchLabels = {}, matchExpressions = [] } = json as {
    matchLabels?: Record<string, string>
    matchExpressions?: Requirement[]
  }
  const labels = Object.entries(matchLabels).sort(([a], [b]) => (a < b ? -1 : 1))
  const pairs = labels.map(([key, value]) => `${key}: ${value},`).join('')
  const rules = matchExpressions.map(
    ({ key, operator, values = [] }) =>
      `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(' ')}],},`,
  )
  const expressions = `[]LabelSelectorRequirement{${rules.join('')}}`
  return `&LabelSelector{MatchLabels:map[string]string{${pairs}},MatchExpressions:${expressions},}`
}

const part = (name: string, type: string, value: string | number | bigint): Part => ({
  name,
  value: { type, kind: 'plain', value },
})

/** Types with a form of their own in JSON. */
const specials: Readonly<Record<string, (json: unknown) => GoValue>> = {
  'resource.Quantity': (json) => {
    const { value, scale, text, format } = readQuantity(json)
    const parts = [part('value', 'int64', value), part('scale', 'resource.Scale', scale)]
    const amount: GoValue = { type: 'resource.int64Amount', kind: 'struct', parts }
    return {
      type: 'resource.Quantity',
      kind: 'struct',
      parts: [{ name: 'i', value: amount }, part('s', 'string', text), part('Format', 'resource.Format', format)],
    }
  },
  'intstr.IntOrString': (json) => ({
    type: 'intstr.IntOrString',
    kind: 'struct',
    parts:
      typeof json === 'string'
        ? [part('Type', 'intstr.Type', 1), part('IntVal', 'int32', 0), part('StrVal', 'string', json)]
        : [part('Type', 'intstr.Type', 0), part('IntVal', 'int32', Number(json ?? 0)), part('StrVal', 'string', '')],
  }),
}
