/** YAML bodies, read as the server reads them: YAML 1.1, turned into JSON. */
import { isMap, isScalar, LineCounter, parseDocument, visit, type YAMLParseError } from 'yaml'
import { type Parsed, parseJson } from './json.ts'

/** The words of the server's own reader, by the code of the error where it names one. */
const words: Readonly<Record<string, string>> = {
  BAD_INDENT: 'did not find expected node content',
  MISSING_CHAR: 'did not find expected node content',
  BLOCK_AS_IMPLICIT_KEY: 'mapping values are not allowed in this context',
  TAB_AS_INDENT: 'found character that cannot start any token',
}

function errorText({ code, message, linePos }: YAMLParseError): string {
  const line = linePos?.[0].line ?? 1
  // The server counts from 0 here, and does not speak of line 0.
  if (code === 'BLOCK_AS_IMPLICIT_KEY') return `yaml: ${line > 1 ? `line ${line - 1}: ` : ''}${words[code]}`
  return `yaml: line ${line}: ${words[code] ?? message.split('\n')[0]}`
}

/** @throws SyntaxError with the server's text as far as its reason goes */
export function parseYaml(text: string): Parsed {
  const json = parsedAsJson(text)
  if (json) return json
  const lines = new LineCounter()
  const document = parseDocument(text, {
    version: '1.1',
    uniqueKeys: false,
    lineCounter: lines,
    // A time stays the text it was written as.
    customTags: (tags) => tags.filter((tag) => typeof tag === 'string' || !tag.tag.endsWith(':timestamp')),
  })
  const [error] = document.errors
  if (error) throw new SyntaxError(errorText(error))
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

/** Most clients send JSON, which is YAML too, and its own reader takes a tenth of the time. */
function parsedAsJson(text: string): Parsed | undefined {
  if (!/^\s*\{/.test(text)) return undefined
  try {
    const parsed = parseJson(text)
    // YAML has other words for keys that stand twice.
    return parsed.duplicates.length === 0 ? parsed : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
