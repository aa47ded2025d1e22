/** Requests and answers as they travel inside of the sandbox: no sockets, so that thousands a second cost little. */

import { STATUS_CODES } from 'node:http'

/** Names in lower case, without prototype. */
export type RequestHeaders = Record<string, string>
/** Names in lower case, in the order they are sent; several values are several lines. */
export type ResponseHeaders = Record<string, string | string[]>

export interface HttpRequest {
  method: string
  /** With the query. */
  path: string
  /** Host header, with the port where the client sent one. */
  authority: string
  scheme: 'http' | 'https'
  headers: RequestHeaders
  /** Of headers with a value that a route has added: the first, which is all that Envoy's variables find. */
  firstValues?: Readonly<Record<string, string>>
  body: string
}

export interface HttpResponse {
  status: number
  headers: ResponseHeaders
  body: string | Buffer
  /** Whether the connection of who asked ends with it. */
  closes?: boolean
  /** What it is to clients that speak gRPC, where that does not follow from its status. */
  grpcStatus?: number
}

/** Bytes of a message as HTTP/1.1 writes it: its first line, its headers, its body. */
export function messageLength(message: HttpRequest | HttpResponse): number {
  const first =
    'method' in message
      ? `${message.method} ${message.path} HTTP/1.1\r\nhost: ${message.authority}`
      : `HTTP/1.1 ${message.status} ${STATUS_CODES[message.status] ?? ''}`
  const lines = Object.entries(message.headers).flatMap(([name, values]) =>
    [values].flat().map((value) => `${name}: ${value}`),
  )
  return Buffer.byteLength([first, ...lines, '', ''].join('\r\n')) + Buffer.byteLength(message.body)
}

/** `/a` and `x=1` of `/a?x=1`. */
export function splitPath(path: string): { pathname: string; query: string } {
  const mark = path.indexOf('?')
  return mark < 0 ? { pathname: path, query: '' } : { pathname: path.slice(0, mark), query: path.slice(mark + 1) }
}

/** Text of a rule as it comes over the wire, where a letter is a byte. */
export function wireText(text: string): string {
  return Buffer.from(text).toString('latin1')
}

/** `books.example` of `books.example:8080`, whatever stands for the port; an IPv6 address keeps its brackets. */
export function withoutPort(authority: string): string {
  return authority.replace(/:[^:\]]*$/, '')
}
