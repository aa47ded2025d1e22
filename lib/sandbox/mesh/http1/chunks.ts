/** A body that comes in chunks. */

type State = 'size' | 'data' | 'end of data' | 'trailers'

export class Chunks {
  readonly #parts: Buffer[] = []
  #state: State = 'size'
  #left = 0
  #line = ''
  length = 0

  /** Takes what came; gives what is left over behind the last chunk, undefined while more has to come, 'bad' for what is none. */
  take(data: Buffer): Buffer | undefined | 'bad' {
    let at = 0
    while (at < data.length) {
      if (this.#state === 'data') at += this.#keep(data.subarray(at))
      else {
        const newline = data.indexOf(0x0a, at)
        this.#line += data.toString('latin1', at, newline < 0 ? data.length : newline)
        if (this.#line.length > LONGEST_LINE) return 'bad'
        if (newline < 0) return undefined
        at = newline + 1
        const next = this.#end(this.#line)
        this.#line = ''
        if (next === 'bad') return next
        if (next === 'done') return data.subarray(at)
      }
    }
    return undefined
  }

  get body(): Buffer {
    return Buffer.concat(this.#parts)
  }

  #keep(data: Buffer): number {
    const part = data.subarray(0, this.#left)
    this.#parts.push(part)
    this.length += part.length
    this.#left -= part.length
    if (this.#left === 0) this.#state = 'end of data'
    return part.length
  }

  /** What follows from a line: the size of a chunk, the end of one, or what is said behind all of them. */
  #end(line: string): 'bad' | 'done' | undefined {
    if (this.#state === 'trailers') return line.replace(/\r$/, '') === '' ? 'done' : undefined
    if (this.#state === 'end of data') {
      this.#state = 'size'
      return undefined
    }
    const size = /^([0-9a-f]{1,8})[ \t]*(?:;.*)?\r$/i.exec(line)?.[1]
    if (size === undefined) return 'bad'
    this.#left = Number.parseInt(size, 16)
    this.#state = this.#left === 0 ? 'trailers' : 'data'
    return undefined
  }
}

const LONGEST_LINE = 60 * 1024
