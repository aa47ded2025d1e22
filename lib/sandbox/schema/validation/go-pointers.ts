/** Structs whose fields are all pointers, as Go prints them in the server's problems: where in its memory the parts are. */
import { fieldsOf } from '../../go/fields.ts'
import { asGo, type GoText, type Part } from './problems.ts'

const FIRST_PLACE = 0xc000000020
const APART = 0x20

/** Where a part is. Nobody can know the places of a real server's parts: these are made up. */
export function goPlace(part: unknown, index = 0): string {
  return (part ?? undefined) === undefined ? 'nil' : `0x${(FIRST_PLACE + index * APART).toString(16)}`
}

export function goPointers(type: string, value: Part): GoText {
  const fields = fieldsOf(type).map(
    ({ name, json, type: pointer }, index) => `${name}:(${pointer})(${goPlace(value[json], index)})`,
  )
  return asGo(`${type}{${fields.join(', ')}}`)
}
