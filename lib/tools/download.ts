/** Downloads one file: goes on where a cut connection broke off, and keeps nothing that its checksum does not know. */
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, rmSync, statSync } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Failure } from '../failure.ts'
import { retry } from '../retry.ts'
import type { Words } from '../words/en.ts'

/** A connection that brings nothing for so long is taken for cut. */
const SILENCE_MS = 30_000

/** Tries in a row that bring nothing: then nothing will come. */
const VAIN_TRIES = 5

/** In all; 90 MB over a slow line take minutes. */
const LIMIT_MS = 1_800_000

export interface DownloadOptions {
  words: Words
  signal: AbortSignal
  /** Called as bytes arrive; the total is unknown where the server does not say it. */
  onProgress?: (received: number, total: number | undefined) => void
}

/**
 * Downloads a file, going on with what of it is there, and holds it against its SHA-256.
 * @throws Failure, with no file left behind
 */
export async function downloadChecked(
  url: string,
  checksumsUrl: string,
  file: string,
  options: DownloadOptions,
): Promise<void> {
  const { words, signal } = options
  const expected = checksumIn(await downloadText(checksumsUrl, { words, signal }), url)
  try {
    await download(url, file, options)
    const actual = await sha256(file)
    if (actual !== expected)
      throw new Failure(words.doctor.download.wrongChecksum(url), {
        seen: words.doctor.download.checksums(actual, expected),
        mend: words.doctor.download.wrongChecksumMend,
      })
  } catch (error) {
    rmSync(file, { force: true })
    throw error
  }
}

/** The sum of a file in a list of sums and names, or the sum that stands alone. */
export function checksumIn(text: string, url: string): string | undefined {
  const name = url.slice(url.lastIndexOf('/') + 1)
  const lines = text.split('\n').map((line) => line.trim().split(/\s+\*?/))
  return lines.find(([sum, of]) => sum && (of === undefined || of === name))?.[0]?.toLowerCase()
}

function downloadText(url: string, { words, signal }: DownloadOptions): Promise<string> {
  return patiently(url, words, signal, async () => {
    const response = await ask(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(SILENCE_MS)]) })
    return response.text()
  })
}

function download(url: string, file: string, { words, signal, onProgress }: DownloadOptions): Promise<void> {
  return patiently(url, words, signal, async (arrived) => {
    const have = statSync(file, { throwIfNoEntry: false })?.size ?? 0
    const silence = new AbortController()
    const timer = setTimeout(() => silence.abort(new Error(`nothing came for ${SILENCE_MS / 1000} s`)), SILENCE_MS)
    try {
      const response = await ask(url, {
        headers: have > 0 ? { range: `bytes=${have}-` } : {},
        signal: AbortSignal.any([signal, silence.signal]),
      })
      const goesOn = response.status === 206
      const length = response.headers.get('content-length')
      let received = goesOn ? have : 0
      const total = length === null ? undefined : received + Number(length)
      const count = async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          received += chunk.length
          timer.refresh()
          arrived()
          onProgress?.(received, total)
          yield chunk
        }
      }
      if (!response.body) throw new Error('the answer is empty')
      await pipeline(Readable.fromWeb(response.body), count, createWriteStream(file, { flags: goesOn ? 'a' : 'w' }))
    } finally {
      clearTimeout(timer)
    }
  })
}

/** Answers other than 2xx that a moment later may be better. */
const PASSING = [408, 425, 429, 500, 502, 503, 504]

class Refusal extends Error {
  readonly passing: boolean
  constructor({ status, statusText }: Response) {
    super(`HTTP ${status} ${statusText}`)
    this.passing = PASSING.includes(status)
  }
}

async function ask(url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, init)
  if (response.ok) return response
  await response.body?.cancel()
  throw new Refusal(response)
}

/** Tries again as long as tries bring something. */
async function patiently<T>(
  url: string,
  words: Words,
  signal: AbortSignal,
  attempt: (arrived: () => void) => Promise<T>,
): Promise<T> {
  let vain = 0
  const arrived = () => {
    vain = 0
  }
  try {
    return await retry(() => attempt(arrived), {
      limitMs: LIMIT_MS,
      firstPauseMs: 250,
      signal,
      canMend: (error) => (error instanceof Refusal ? error.passing : true) && ++vain < VAIN_TRIES,
    })
  } catch (cause) {
    signal.throwIfAborted()
    throw new Failure(words.doctor.download.failed(url), {
      seen: chain(cause),
      mend: words.doctor.download.failedMend,
      cause,
    })
  }
}

/** fetch says only "fetch failed"; why stands in the causes. */
function chain(error: unknown): string {
  const messages: string[] = []
  for (let at = error; at instanceof Error; at = at.cause) messages.push(at.message || at.name)
  return [...new Set(messages)].join(': ')
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}
