/** The first line and the headers of a request, read as Envoy reads them (its codec for HTTP/1.1, from 1.28 on Balsa). */

export interface Head {
  method: string
  /** As it was sent: a path, a whole address, a host and port, `*`. */
  target: string
  /** `1.1`; `0.9` where the line names none. */
  version: string
  /** Names as they were sent, values without blanks around them. */
  headers: readonly (readonly [string, string])[]
  body: { length: number } | 'chunked'
}

/** What the codec answers by itself, and ends the connection. */
export interface Refusal {
  status: number
}

const badRequest: Refusal = { status: 400 }
const notImplemented: Refusal = { status: 501 }
const tooLarge: Refusal = { status: 431 }

const methods: ReadonlySet<string> = new Set([
  ...['ACL', 'BIND', 'CHECKOUT', 'CONNECT', 'COPY', 'DELETE', 'GET', 'HEAD', 'LINK', 'LOCK', 'MERGE', 'MKACTIVITY'],
  ...['MKCALENDAR', 'MKCOL', 'MOVE', 'MSEARCH', 'M-SEARCH', 'NOTIFY', 'OPTIONS', 'PATCH', 'POST', 'PROPFIND'],
  ...['PROPPATCH', 'PURGE', 'PUT', 'REBIND', 'REPORT', 'SEARCH', 'SOURCE', 'SUBSCRIBE', 'TRACE', 'UNBIND', 'UNLINK'],
  ...['UNLOCK', 'UNSUBSCRIBE'],
])

const firstLetters: ReadonlySet<string> = new Set([...methods].map((method) => method.charAt(0)))

/** Envoy's own limits as Istio leaves them. */
const MOST_BYTES = 60 * 1024
const MOST_HEADERS = 100

/**
 * Reads a head off the beginning of what came, a text with one letter a byte. end: where the rest begins. Undefined: more
 * has to come first.
 */
export function readHead(text: string): { head: Head; end: number } | Refusal | undefined {
  const start = /^[\r\n]*/.exec(text)?.[0].length ?? 0
  if (start === text.length) return undefined
  if (!firstLetters.has(text.charAt(start))) return badRequest
  const blank = /\n\r?\n/g
  blank.lastIndex = start
  const found = blank.exec(text)
  if (!found) return text.length - start > MOST_BYTES ? tooLarge : undefined
  if (found.index - start > MOST_BYTES) return tooLarge
  const lines = text.slice(start, found.index).split('\n')
  const head = parse(lines.map((line) => line.replace(/\r$/, '')))
  return 'status' in head ? head : { head, end: blank.lastIndex }
}

function parse([first = '', ...rest]: readonly string[]): Head | Refusal {
  const line = parseFirst(first)
  if (!line) return badRequest
  const headers = parseHeaders(rest)
  if (!headers) return badRequest
  if (headers.length > MOST_HEADERS) return tooLarge
  const body = bodyOf(headers)
  return 'status' in Object(body) ? (body as Refusal) : { ...line, headers, body: body as Head['body'] }
}

/** Blanks of any number stand between its parts, and may stand behind them. */
function parseFirst(line: string): Pick<Head, 'method' | 'target' | 'version'> | undefined {
  const [method = '', target = '', protocol = 'HTTP/0.9', ...more] = line.trimEnd().split(/[ \t]+/)
  const version = /^HTTP\/(\d\.\d)$/.exec(protocol)?.[1]
  if (more.length > 0 || version === undefined || !methods.has(method) || !isTarget(method, target)) return undefined
  return { method, target, version }
}

function isTarget(method: string, target: string): boolean {
  if (method === 'CONNECT') return /^[^\s/?#@:]+:\d{1,5}$/.test(target)
  if (!/^[\x21-\x7e]+$/.test(target)) return false
  if (target === '*') return method === 'OPTIONS'
  if (target.startsWith('/')) return true
  const address = wholeAddress.exec(target)
  return address !== null && Number(address[1] ?? 80) <= 65_535
}

/** With the port, where there is one. */
const wholeAddress = /^https?:\/\/(?:[^/?#@]*@)?(?:\[[\da-f:.]+\]|[^/?#:[\]]+)(?::(\d{1,5}))?(?=[/?#]|$)/i

const token = /^[!#$%&'*+\-.^_`|~\w]+$/
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const forbidden = /[\x00-\x08\n\x0b\x0c\x0e-\x1f\x7f]/

/** A line that begins with a blank goes on with the one before. */
function parseHeaders(lines: readonly string[]): [string, string][] | undefined {
  const headers: [string, string][] = []
  for (const line of lines) {
    const last = headers.at(-1)
    if (/^[ \t]/.test(line)) {
      if (!last) return undefined
      last[1] = `${last[1]} ${line.trim()}`.trim()
      continue
    }
    const colon = line.indexOf(':')
    const [name, value] = [line.slice(0, Math.max(colon, 0)), line.slice(colon + 1).trim()]
    if (!token.test(name) || forbidden.test(value)) return undefined
    headers.push([name, value])
  }
  return headers
}

function bodyOf(headers: Head['headers']): Head['body'] | Refusal {
  const valuesOf = (wanted: string) => headers.flatMap(([name, value]) => (name.toLowerCase() === wanted ? value : []))
  const [lengths, encodings] = [valuesOf('content-length'), valuesOf('transfer-encoding')]
  if (lengths.length > 1 || (lengths.length > 0 && encodings.length > 0)) return badRequest
  if (encodings.length > 0) return encodings.join().toLowerCase() === 'chunked' ? 'chunked' : notImplemented
  const [length = '0'] = lengths
  // Of 64 bits.
  return /^\d+$/.test(length) && BigInt(length) < 2n ** 64n ? { length: Number(length) } : badRequest
}
