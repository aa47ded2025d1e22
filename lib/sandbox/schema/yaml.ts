/** YAML bodies, read as the server reads them: YAML 1.1, turned into JSON. */
import { isMap, isScalar, LineCounter, parseDocument, visit } from 'yaml'
import { type Parsed, parseJson } from './json.ts'

/** @throws SyntaxError with the server's text as far as its reason goes */
export function parseYaml(text: string): Parsed {
  const lines = new LineCounter()
  const document = parseDocument(text, {
    version: '1.1',
    uniqueKeys: false,
    lineCounter: lines,
    // A time stays the text it was written as.
    customTags: (tags) => tags.filter((tag) => typeof tag === 'string' || !tag.tag.endsWith(':timestamp')),
  })
  const [error] = document.errors
  if (error) throw new SyntaxError(`yaml: line ${error.linePos?.[0].line ?? 1}: ${error.message.split('\n')[0]}`)
  const duplicates: string[] = []
  visit(document, {
    Map(_, map) {
      const seen = new Set<string>()
      for (const { key } of map.items) {
        if (!isScalar(key)) continue
        const name = String(key.value)
        if (seen.has(name)) {
          const { line } = lines.linePos(key.range?.[0] ?? 0)
          duplicates.push(`yaml: unmarshal errors:\n  line ${line}: key "${name}" already set in map`)
        }
        seen.add(name)
      }
    },
  })
  const value = document.contents === null || isMap(document.contents) ? document.toJS() : document.contents
  return { ...parseJson(JSON.stringify(value ?? null)), duplicates }
}
