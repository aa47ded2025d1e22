/** One request and its answer, as the handlers see them. */
import type { IncomingHttpHeaders } from 'node:http'
import type { Form } from './accept.ts'
import type { History } from './history.ts'
import type { Logs } from './logs.ts'
import type { Registry } from './registry.ts'
import type { Tokens } from './tokens.ts'
import type { User } from './user.ts'

/** What the handlers work with. */
export interface Server {
  registry: Registry
  history: History
  /** `https://127.0.0.1:PORT` as the cluster names itself. */
  address: () => string
  logs: Logs
  tokens: Tokens
}

export interface Ask {
  method: string
  path: string
  query: URLSearchParams
  headers: IncomingHttpHeaders
  user: User
  body: () => Promise<string>
  /** Aborted when the client has gone. */
  signal: AbortSignal
  /** Adds a `Warning:` header to the answer. */
  warn: (text: string) => void
}

/** The way to a client whose answer is written as it comes. */
export interface Outlet {
  /** False where the client has left so much unread that the answer should end: it can ask again from where it is. */
  write: (chunk: string) => boolean
  end: () => void
  /** Breaks off for a mistake of the sandbox itself. */
  fail: (error: unknown) => void
}

/** A whole answer, or one that is written as it comes. */
export type Answer =
  | { code: number; body: object; form?: Form }
  | { code: number; text: string | Buffer; type?: string }
  | { code: number; stream: (outlet: Outlet) => void; type?: string }

export function ok(body: object, form?: Form): Answer {
  return { code: 200, body, ...(form ? { form } : {}) }
}

/** What was asked for is done, and nothing is to be shown. */
export function done(code: number): Answer {
  return { code, body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code } }
}

export function text(content: string, type = 'text/plain; charset=utf-8'): Answer {
  return { code: 200, text: content, type }
}
