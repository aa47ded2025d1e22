/**
 * One request over HTTP; a redirect is an answer like any other. Not fetch: on Node 20 a process's first fetch never
 * settles where the server hangs up at once, as Docker does on a port that nobody in the node listens on yet.
 */
import { type IncomingHttpHeaders, request } from 'node:http'

export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  text: string
}

interface AskOptions {
  method?: string
  headers?: Readonly<Record<string, string>>
  body?: string
  limitMs: number
  signal?: AbortSignal | undefined
}

/** @throws Error with the system's code (ECONNREFUSED, ...), or when the whole answer has not come within the limit */
export function ask(
  url: string | URL,
  { method = 'GET', headers = {}, body, limitMs, signal }: AskOptions,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const limit = AbortSignal.timeout(limitMs)
    const stop = signal ? AbortSignal.any([signal, limit]) : limit
    const outgoing = request(url, { method, headers, signal: stop }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }))
      response.on('error', reject)
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}
