/** Bytes in Istio's objects, which are texts of base64 to the API server. */
import type { Part } from './part.ts'
import { valuesAt } from './paths.ts'

const paths: Readonly<Record<string, string>> = { VirtualService: 'http.*.directResponse.body.bytes' }

/** Go's words for the first text that is no base64. */
export function checkBytes(kind: string, spec: Part): string | undefined {
  const path = paths[kind]
  const texts = path === undefined ? [] : valuesAt(spec, path.split('.'))
  const wrong = texts.map((text) => (typeof text === 'string' ? wrongAt(text) : -1)).find((at) => at >= 0)
  return wrong === undefined ? undefined : `illegal base64 data at input byte ${wrong}`
}

/** Where the first letter is that does not belong, or the first four that are too few; -1: nowhere. */
function wrongAt(text: string): number {
  const letter = text.search(/[^A-Za-z0-9+/=]|=(?!=?$)/)
  return letter >= 0 || text.length % 4 === 0 ? letter : text.length - (text.length % 4)
}
