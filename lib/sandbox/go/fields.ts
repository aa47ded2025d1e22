/** The fields of Go's structs: those of the API (`v1.Container`), and those the server keeps them in (`core.Container`). */
import { structs } from './structs.ts'

export interface Field {
  name: string
  /** Its name in JSON; '' where its own fields stand in its place. */
  json: string
  type: string
}

/** What `core` takes from the API's own machinery. */
const ofMachinery = ['LabelSelector', 'LabelSelectorRequirement', 'ManagedFieldsEntry', 'ObjectMeta', 'OwnerReference']

const parsed = new Map<string, readonly Field[]>()

/** Its fields, or what it is another name of; undefined for plain values. */
export function definitionOf(type: string): string | undefined {
  const definition = structs[type]
  if (definition !== undefined || !type.startsWith('core.')) return definition
  return structs[type.replace('core.', 'v1.')]?.replace(/\bv1\.(\w+)/g, (name, local) =>
    ofMachinery.includes(local) ? name : `core.${local}`,
  )
}

export function fieldsOf(type: string): readonly Field[] {
  let fields = parsed.get(type)
  if (!fields) {
    fields = (definitionOf(type) as string).split(', ').map((field) => {
      const [names = '', fieldType = ''] = field.split(' ')
      const [name = '', json = name.charAt(0).toLowerCase() + name.slice(1)] = names.split('=')
      return { name, json, type: fieldType }
    })
    parsed.set(type, fields)
  }
  return fields
}
