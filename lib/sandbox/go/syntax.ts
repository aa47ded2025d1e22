/** Values as Go prints them with their types (`%#v`), which the server's problems quote: `core.Toleration{Key:"a", …}`. */
import { type GoValue, reflect } from './reflect.ts'

const FIRST_PLACE = 0xc000000020
const APART = 0x20

/** Where in Go's memory a part is. Nobody can know the places of a real server's parts: these are made up. */
export function goPlace(part: unknown, index = 0): string {
  return (part ?? undefined) === undefined ? 'nil' : `0x${(FIRST_PLACE + index * APART).toString(16)}`
}

/** @param type Go's name of it: `core.Toleration`, `[]core.NodeSelectorTerm` */
export function goSyntax(type: string, json: unknown): string {
  return written(reflect(type, json), 0)
}

function written(value: GoValue, index: number): string {
  const { type } = value
  switch (value.kind) {
    case 'nil':
      return value.of === 'pointer' ? `(${type})(nil)` : `${type}(nil)`
    case 'pointer':
      return `(${type})(${goPlace(value.to, index)})`
    case 'plain':
      return typeof value.value === 'string' ? JSON.stringify(value.value) : String(value.value)
    case 'list':
      return `${type}{${value.parts.map((part, at) => written(part.value, at)).join(', ')}}`
    case 'map':
      return `${type}{${value.parts.map((part, at) => `${part.name}:${written(part.value, at)}`).join(', ')}}`
    case 'struct':
      return `${type}{${value.parts.map((part, at) => `${part.name}:${written(part.value, at)}`).join(', ')}}`
  }
}
