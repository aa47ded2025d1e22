/** A server of downloads that tests can have break off, lie about checksums, or be away. */
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import { listen } from './listen.ts'

export interface Downloads {
  url: string
  /** What was asked for, in order, with the range where one was asked for. */
  requests: string[]
  /** Path and how many of its next answers break off in the middle. */
  cuts: Map<string, number>
  /** What is served, by path. */
  files: Map<string, Buffer>
  close: () => Promise<void>
}

export async function serveDownloads(): Promise<Downloads> {
  const requests: string[] = []
  const cuts = new Map<string, number>()
  const files = new Map<string, Buffer>()
  const server = createServer((request, response) => {
    const path = (request.url ?? '').slice(1)
    const [, from] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? []
    requests.push(from === undefined ? path : `${path} from ${from}`)
    const file = files.get(path)
    if (!file) return response.writeHead(404).end()
    const body = file.subarray(Number(from ?? 0))
    response.writeHead(from === undefined ? 200 : 206, { 'content-length': body.length })
    const cut = cuts.get(path) ?? 0
    if (cut === 0) return response.end(body)
    cuts.set(path, cut - 1)
    return response.write(body.subarray(0, body.length >> 1), () => response.destroy())
  })
  const { port, close } = await listen(server)
  return { url: `http://127.0.0.1:${port}`, requests, cuts, files, close }
}

export function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}
