/**
 * A JSON reader that says what is wrong in the words of Go's, notes keys that stand twice, and keeps `__proto__` out
 * of every object.
 */

export interface Parsed {
  value: unknown
  /** Paths of keys that stand more than once; the last one counts. */
  duplicates: string[]
  /** Paths of keys that no object can safely hold; they were left out. */
  unsafe: string[]
}

/** Deep enough for any manifest, shallow enough for every recursive function that an object meets after this one. */
const maxDepth = 500

const literals: Readonly<Record<string, [word: string, value: unknown]>> = {
  t: ['true', true],
  f: ['false', false],
  n: ['null', null],
}

const whitespace = new Set([' ', '\t', '\n', '\r'])
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
/** A string up to its end, an escape, or a control character, none of which it may hold. */
const plain = /[ !#-[\]-\u{10ffff}]*/uy

const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

/** @throws SyntaxError with Go's text: `invalid character '}' after object key` */
export function parseJson(text: string): Parsed {
  const duplicates: string[] = []
  const unsafe: string[] = []
  let at = 0

  const fail = (where: string): never => {
    if (at >= text.length) throw new SyntaxError('unexpected end of JSON input')
    throw new SyntaxError(`invalid character ${quoted(text.charAt(at))} ${where}`)
  }
  const skip = () => {
    while (whitespace.has(text.charAt(at))) at++
  }

  const readString = (): string => {
    let result = ''
    at++
    for (;;) {
      plain.lastIndex = at
      result += (plain.exec(text) as RegExpExecArray)[0]
      at = plain.lastIndex
      const next = text.charAt(at)
      if (next === '"') {
        at++
        return result
      }
      if (next !== '\\') return fail('in string literal')
      at++
      result += readEscape()
    }
  }

  const readEscape = (): string => {
    const character = text.charAt(at)
    if (character !== 'u') {
      if (!Object.hasOwn(escapes, character)) return fail('in string escape code')
      at++
      return escapes[character] as string
    }
    at++
    const start = at
    for (; at < start + 4; at++)
      if (!/^[0-9a-fA-F]$/.test(text.charAt(at))) return fail('in \\u hexadecimal character escape')
    return String.fromCharCode(Number.parseInt(text.slice(start, at), 16))
  }

  const readLiteral = ([word, value]: [string, unknown]): unknown => {
    for (let index = 0; index < word.length; index++, at++)
      if (text.charAt(at) !== word.charAt(index)) return fail(`in literal ${word} (expecting '${word.charAt(index)}')`)
    return value
  }

  const readNumber = (): number => {
    number.lastIndex = at
    const found = number.exec(text)
    if (!found) {
      at++
      return fail('in numeric literal')
    }
    at = number.lastIndex
    // What the pattern could not take belongs to the number still: `1.` or `1e`.
    if (text.charAt(at) === '.' && !found[0].includes('.')) {
      at++
      return fail('after decimal point in numeric literal')
    }
    if (/[eE]/.test(text.charAt(at)) && !/[eE]/.test(found[0])) {
      at++
      return fail('in exponent of numeric literal')
    }
    return Number(found[0])
  }

  const readArray = (path: string, depth: number): unknown[] => {
    const result: unknown[] = []
    at++
    skip()
    if (text.charAt(at) === ']') {
      at++
      return result
    }
    for (;;) {
      result.push(readValue(`${path}[${result.length}]`, depth))
      skip()
      const next = text.charAt(at)
      if (next !== ',' && next !== ']') return fail('after array element')
      at++
      if (next === ']') return result
    }
  }

  const readObject = (path: string, depth: number): Record<string, unknown> => {
    const result: Record<string, unknown> = {}
    at++
    skip()
    if (text.charAt(at) === '}') {
      at++
      return result
    }
    for (;;) {
      skip()
      if (text.charAt(at) !== '"') return fail('looking for beginning of object key string')
      const key = readString()
      const place = path === '' ? key : `${path}.${key}`
      skip()
      if (text.charAt(at) !== ':') return fail('after object key')
      at++
      const value = readValue(place, depth)
      if (key === '__proto__') unsafe.push(place)
      else {
        if (Object.hasOwn(result, key)) duplicates.push(place)
        result[key] = value
      }
      skip()
      const next = text.charAt(at)
      if (next !== ',' && next !== '}') return fail('after object key:value pair')
      at++
      if (next === '}') return result
    }
  }

  const readValue = (path: string, depth: number): unknown => {
    if (depth > maxDepth) throw new SyntaxError('exceeded max depth')
    skip()
    const first = text.charAt(at)
    if (first === '{') return readObject(path, depth + 1)
    if (first === '[') return readArray(path, depth + 1)
    if (first === '"') return readString()
    const literal = Object.hasOwn(literals, first) ? literals[first] : undefined
    if (literal) return readLiteral(literal)
    if (first === '-' || (first >= '0' && first <= '9')) return readNumber()
    return fail('looking for beginning of value')
  }

  const value = readValue('', 0)
  skip()
  if (at < text.length) fail('after top-level value')
  return { value, duplicates, unsafe }
}

/** A character as Go quotes it in an error. */
function quoted(character: string): string {
  if (character === "'") return `'\\''`
  if (character === '"') return `'"'`
  return `'${JSON.stringify(character).slice(1, -1)}'`
}
