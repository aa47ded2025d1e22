/** YAML as Go writes it: fields in the order of their names, lists not indented. */
import { stringify } from 'yaml'

export function yamlText(value: unknown): string {
  // YAML 1.1 puts quotes around times and words such as "yes", as Go's library does.
  return stringify(value, {
    version: '1.1',
    sortMapEntries: true,
    indentSeq: false,
    lineWidth: 0,
    aliasDuplicateObjects: false,
  })
}
