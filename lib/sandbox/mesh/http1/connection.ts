/** Requests of one connection, one after another, as Envoy's codec for HTTP/1.1 takes them. */
import type { Socket } from 'node:net'
import type { HttpResponse } from '../http.ts'
import { Chunks } from './chunks.ts'
import { type Head, readHead } from './head.ts'
import { refusal, responseBytes } from './response.ts'

export interface Message extends Head {
  body: Head['body']
  content: Buffer
  remoteAddress: string
}

export interface Answer {
  response: HttpResponse
  /** Ends the connection, whatever the client wants. */
  close?: boolean
  /** '' where the answer itself says who serves it. */
  server?: string
}

export interface Handler {
  /** Whether anybody listens: asked when something has come. */
  isOpen(): boolean
  /** Undefined: hang up. */
  answer(message: Message): Promise<Answer | undefined>
}

const limits = {
  bodyBytes: 10 * 1024 * 1024,
  /** Envoy waits an hour. */
  idleMs: 300_000,
}

/** Serves a connection until it ends. */
export function serveConnection(socket: Socket, handler: Handler): void {
  const input = new Input(socket)
  socket.setNoDelay(true)
  socket.setTimeout(limits.idleMs, () => socket.destroy())
  // A client that goes away is no failure.
  socket.on('error', () => socket.destroy())
  serve(socket, input, handler).catch(() => socket.destroy())
}

async function serve(socket: Socket, input: Input, handler: Handler): Promise<void> {
  for (;;) {
    const message = await readMessage(socket, input, handler)
    if (message === 'end') return void socket.end()
    // Docker accepts what comes to a mapped port, and resets the connection when nobody in the node listens.
    if (message === 'closed') return void socket.resetAndDestroy()
    if ('status' in message) return refuse(socket, message.status)
    const answer = await handler.answer(message)
    if (!answer) return void socket.resetAndDestroy()
    const close = (answer.close ?? false) || wantsClose(message)
    const { method } = message
    if (!socket.writable) return
    socket.write(responseBytes(answer.response, { method, close, server: answer.server ?? 'istio-envoy' }))
    if (close) return finish(socket)
  }
}

function refuse(socket: Socket, status: number): void {
  socket.write(responseBytes(refusal(status), { method: 'GET', close: true, server: 'istio-envoy' }))
  finish(socket)
}

/** What still comes is read and forgotten for a while, so that the client gets to read the answer. */
function finish(socket: Socket): void {
  socket.removeAllListeners('data')
  socket.end()
  socket.resume()
  socket.setTimeout(LINGER_MS)
}

/** As long as Envoy waits for the client to close. */
const LINGER_MS = 1_000

/** Of the headers of one name, the words between commas. */
export function wordsOf(headers: Head['headers'], wanted: string): string[] {
  return headers.flatMap(([name, value]) =>
    name.toLowerCase() === wanted ? value.split(',').map((word) => word.trim().toLowerCase()) : [],
  )
}

function wantsClose({ headers }: Head): boolean {
  return [...wordsOf(headers, 'connection'), ...wordsOf(headers, 'proxy-connection')].includes('close')
}

async function readMessage(
  socket: Socket,
  input: Input,
  handler: Handler,
): Promise<Message | { status: number } | 'end' | 'closed'> {
  for (;;) {
    const found = input.length > 0 ? readHead(input.text) : undefined
    if (input.length > 0 && !handler.isOpen()) return 'closed'
    if (found && 'status' in found) return found
    if (found) {
      input.skip(found.end)
      const { head } = found
      if (wordsOf(head.headers, 'expect').includes('100-continue')) socket.write('HTTP/1.1 100 Continue\r\n\r\n')
      const content = await readBody(head, input)
      if (content === undefined) return 'end'
      if (typeof content === 'number') return { status: content }
      return { ...head, content, remoteAddress: socket.remoteAddress ?? '' }
    }
    if (!(await input.more())) return 'end'
  }
}

/** A status: what is wrong with it; undefined: it was cut off. */
async function readBody({ body }: Head, input: Input): Promise<Buffer | number | undefined> {
  if (body === 'chunked') return readChunks(input)
  if (body.length > limits.bodyBytes) return 413
  while (input.length < body.length) if (!(await input.more())) return undefined
  return input.take(body.length)
}

async function readChunks(input: Input): Promise<Buffer | number | undefined> {
  const chunks = new Chunks()
  for (;;) {
    const rest = chunks.take(input.take(input.length))
    if (rest === 'bad') return 400
    if (chunks.length > limits.bodyBytes) return 413
    if (rest) {
      input.putBack(rest)
      return chunks.body
    }
    if (!(await input.more())) return undefined
  }
}

/** What has come and is not read yet. */
class Input {
  #data: Buffer = Buffer.alloc(0)
  #isEnded = false
  #wake: (() => void) | undefined
  readonly #socket: Socket

  constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (data) => {
      this.#data = this.#data.length === 0 ? data : Buffer.concat([this.#data, data])
      // What comes faster than it is read waits in the system.
      socket.pause()
      this.#wake?.()
    })
    const end = () => {
      this.#isEnded = true
      this.#wake?.()
    }
    socket.on('end', end)
    socket.on('close', end)
  }

  get length(): number {
    return this.#data.length
  }

  /** One letter a byte. */
  get text(): string {
    return this.#data.toString('latin1')
  }

  skip(length: number): void {
    this.#data = this.#data.subarray(length)
  }

  take(length: number): Buffer {
    const taken = this.#data.subarray(0, length)
    this.skip(length)
    return taken
  }

  putBack(data: Buffer): void {
    this.#data = data
  }

  /** Waits until there is more; false where nothing more comes. */
  async more(): Promise<boolean> {
    const { length } = this.#data
    if (this.#isEnded) return false
    this.#socket.resume()
    await new Promise<void>((resolve) => {
      this.#wake = resolve
    })
    this.#wake = undefined
    return this.#data.length > length || !this.#isEnded
  }
}
