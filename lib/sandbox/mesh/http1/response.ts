/** An answer as bytes. */
import { STATUS_CODES } from 'node:http'
import { now } from '../clock.ts'
import { textResponse } from '../fault.ts'
import type { HttpResponse } from '../http.ts'

interface Options {
  /** Of the request. */
  method: string
  /** Whether the connection ends with this answer. */
  close: boolean
  /** Who signs; '' where the answer itself says so. */
  server: string
}

/** Statuses that Node has a word for, and Envoy none. */
const unnamed: ReadonlySet<number> = new Set([418, 451, 509])

function reasonOf(status: number): string {
  if (status === 599) return 'Last Unassigned Server Error Code'
  return (!unnamed.has(status) && STATUS_CODES[status]) || 'Unknown'
}

/** Of Envoy's making, for what it cannot read. */
export function refusal(status: number): HttpResponse {
  return textResponse(status, STATUS_CODES[status] ?? '')
}

/** Of a connection: the codec alone says these. */
const ofConnection: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'transfer-encoding', 'proxy-connection'])

export function responseBytes({ status, headers, body }: HttpResponse, { method, close, server }: Options): Buffer {
  const lines = [`HTTP/1.1 ${status} ${reasonOf(status)}`]
  const names = new Set<string>()
  const add = (name: string, value: string) => {
    names.add(name)
    lines.push(`${name}: ${value.replace(/[\r\n\0]/g, '')}`)
  }
  for (const [name, value] of Object.entries(headers)) {
    if (ofConnection.has(name)) continue
    // An answer that a proxy has signed gets its date before that.
    if (name === 'server' && !names.has('date') && headers.date === undefined) add('date', now())
    for (const one of [value].flat()) add(name, name === 'server' && server ? server : one)
  }
  if (!names.has('date')) add('date', now())
  if (server && !names.has('server')) add('server', server)
  if (close) add('connection', 'close')
  const content = Buffer.from(body)
  const isSized = names.has('content-length')
  // Envoy does not know how long an answer to HEAD would be.
  const isChunked = !isSized && (method === 'HEAD' || content.length > 0)
  if (isChunked) add('transfer-encoding', 'chunked')
  else if (!isSized && status !== 204 && status !== 304) add('content-length', '0')
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
  if (method === 'HEAD' || content.length === 0) return head
  return Buffer.concat(isChunked ? [head, ...inChunks(content)] : [head, content])
}

function inChunks(content: Buffer): Buffer[] {
  return [Buffer.from(`${content.length.toString(16)}\r\n`), content, Buffer.from('\r\n0\r\n\r\n')]
}
