import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { checksumIn, type DownloadOptions, downloadChecked } from '../../lib/tools/download.ts'
import { en } from '../../lib/words/en.ts'
import { type Downloads, serveDownloads, sha256 } from '../support/downloads.ts'
import { failureOf } from '../support/failures.ts'
import { temporaryFolder } from '../support/folder.ts'
import { freePort, listen } from '../support/listen.ts'
import { suite } from '../support/suite.ts'

const test = suite('download')

const content = Buffer.alloc(100_000, 'what is downloaded ')
const options = (): DownloadOptions => ({ words: en, signal: new AbortController().signal })

async function serving(content: Buffer, sum = sha256(content)): Promise<Downloads & { file: string }> {
  const downloads = await serveDownloads()
  downloads.files.set('tool', content)
  downloads.files.set('tool.sha256', Buffer.from(`${sum}\n`))
  return { ...downloads, file: join(temporaryFolder(), 'tool') }
}

function get({ url, file }: { url: string; file: string }, more: Partial<DownloadOptions> = {}): Promise<void> {
  return downloadChecked(`${url}/tool`, `${url}/tool.sha256`, file, { ...options(), ...more })
}

test('a file whose checksum is right is kept', async () => {
  const server = await serving(content)
  await get(server)
  assert.ok(readFileSync(server.file).equals(content))
  assert.equal(server.requests, ['tool.sha256', 'tool'])
  await server.close()
})

test('a connection that is cut twice is tried again until all is there', async () => {
  const server = await serving(content)
  server.cuts.set('tool', 2)
  await get(server)
  assert.ok(readFileSync(server.file).equals(content))
  assert.is(server.requests.length, 4, server.requests.join(', '))
  await server.close()
})

test('what has come before is not asked for again', async () => {
  const server = await serving(content)
  writeFileSync(server.file, content.subarray(0, 1000))
  await get(server)
  assert.equal(server.requests, ['tool.sha256', 'tool from 1000'])
  assert.ok(readFileSync(server.file).equals(content))
  await server.close()
})

test('a server that knows no ranges sends all of it again', async () => {
  const server = createServer((request, response) =>
    response.end(request.url === '/tool.sha256' ? sha256(content) : content),
  )
  const { port, close } = await listen(server)
  const file = join(temporaryFolder(), 'tool')
  writeFileSync(file, content.subarray(0, 1000))
  await get({ url: `http://127.0.0.1:${port}`, file })
  assert.ok(readFileSync(file).equals(content))
  await close()
})

test('a connection that brings nothing any more is given up, and nothing is left behind', async () => {
  const server = await serving(Buffer.from('x'))
  server.cuts.set('tool', Number.POSITIVE_INFINITY)
  const { message, seen } = await failureOf(() => get(server))
  assert.match(message, /cannot download http:.*\/tool/)
  assert.match(seen ?? '', /terminated|other side closed|socket|aborted/i)
  assert.not(existsSync(server.file))
  await server.close()
})

test('a wrong checksum is told with both sums, and nothing is left behind', async () => {
  const server = await serving(content, '0'.repeat(64))
  const { message, seen } = await failureOf(() => get(server))
  assert.match(message, /not what its publisher says/)
  assert.match(seen ?? '', new RegExp(`${sha256(content)}.*${'0'.repeat(64)}`))
  assert.not(existsSync(server.file))
  assert.is(server.requests.filter((request) => request === 'tool').length, 1)
  await server.close()
})

test('what is not there is asked for only once', async () => {
  const server = await serving(content)
  server.files.delete('tool.sha256')
  const { seen } = await failureOf(() => get(server))
  assert.is(seen, 'HTTP 404 Not Found')
  assert.equal(server.requests, ['tool.sha256'])
  await server.close()
})

test('an address where nobody is says so with its cause', async () => {
  const url = `http://127.0.0.1:${await freePort()}`
  const { seen, mend } = await failureOf(() => get({ url, file: join(temporaryFolder(), 'tool') }))
  assert.match(seen ?? '', /ECONNREFUSED/)
  assert.match(mend ?? '', /--mirror/)
})

test('progress grows to the total', async () => {
  const server = await serving(content)
  const seen: [number, number | undefined][] = []
  await get(server, { onProgress: (received, total) => seen.push([received, total]) })
  assert.equal(seen.at(-1), [content.length, content.length])
  assert.ok(seen.every(([received], i) => received >= (seen[i - 1]?.[0] ?? 0)))
  assert.ok(seen.every(([, total]) => total === content.length))
  await server.close()
})

test('an interruption ends the download at once', async () => {
  const server = await serving(content)
  const stop = new AbortController()
  const reason = new Error('stopped')
  const running = get(server, { signal: stop.signal, onProgress: () => stop.abort(reason) })
  const error = await running.then(
    () => undefined,
    (error) => error,
  )
  assert.is(error, reason)
  assert.not(existsSync(server.file))
  await server.close()
})

const lists: [title: string, text: string, expected: string | undefined][] = [
  ['a sum that stands alone', 'ABC\n', 'abc'],
  ['a sum with its name', 'abc  tool\n', 'abc'],
  ['a sum of a binary file', 'abc *tool\n', 'abc'],
  ['the right one of a list', 'ddd  other\nabc  tool\n', 'abc'],
  ['none in a list without the name', 'ddd  other\n', undefined],
  ['none in nothing', '', undefined],
]
for (const [title, text, expected] of lists)
  test(`checksums: ${title}`, () => {
    assert.is(checksumIn(text, 'https://host/path/tool'), expected)
  })

test.run()
