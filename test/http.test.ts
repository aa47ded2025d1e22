import { createServer, type RequestListener } from 'node:http'
import { createServer as createTcpServer } from 'node:net'
import * as assert from 'uvu/assert'
import { ask } from '../lib/http.ts'
import { freePort, listen } from './support/listen.ts'
import { suite } from './support/suite.ts'

const test = suite('http')

const limitMs = 20_000
let close: () => Promise<void> = async () => undefined
test.after.each(() => close())

async function serve(answer: RequestListener): Promise<string> {
  const server = await listen(createServer(answer))
  close = server.close
  return `http://127.0.0.1:${server.port}/`
}

/** The system's code or the name of the error in which this must end. */
async function fault(asking: Promise<unknown>): Promise<string> {
  return asking.then(
    () => assert.unreachable('it was answered') as never,
    (error: NodeJS.ErrnoException) => error.code ?? error.name,
  )
}

test('an answer has its status, its headers and its whole text', async () => {
  const url = await serve((_request, response) => {
    response.writeHead(200, { 'Set-Cookie': 'session=x' })
    response.write('one ')
    response.end('two ё')
  })
  const { status, headers, text } = await ask(url, { limitMs })
  assert.equal([status, headers['set-cookie'], text], [200, ['session=x'], 'one two ё'])
})

test('a redirect is an answer, and is not followed', async () => {
  let requests = 0
  const url = await serve((_request, response) => {
    requests++
    response.writeHead(302, { Location: '/' }).end()
  })
  assert.is((await ask(url, { limitMs })).status, 302)
  assert.is(requests, 1)
})

test('method, headers and body are sent as they are given', async () => {
  const url = await serve((request, response) =>
    request.pipe(response.writeHead(200, { seen: `${request.method} ${request.headers['x-a']}` })),
  )
  const { headers, text } = await ask(url, { method: 'POST', headers: { 'x-a': 'b' }, body: 'username=jason', limitMs })
  assert.equal([headers.seen, text], ['POST b', 'username=jason'])
})

test('a port that nobody listens on refuses', async () => {
  assert.is(await fault(ask(`http://127.0.0.1:${await freePort()}/`, { limitMs })), 'ECONNREFUSED')
})

test('a server that hangs up at once is noticed, also by the first request', async () => {
  const server = await listen(createTcpServer((socket) => socket.destroy()))
  close = server.close
  assert.is(await fault(ask(`http://127.0.0.1:${server.port}/`, { limitMs })), 'ECONNRESET')
})

test('an answer that is cut in the middle is none', async () => {
  const url = await serve((_request, response) => {
    response.writeHead(200, { 'Content-Length': 100 })
    response.write('half', () => response.destroy())
  })
  assert.is(await fault(ask(url, { limitMs })), 'ECONNRESET')
})

const silences: [title: string, answer: RequestListener][] = [
  ['never begins', () => undefined],
  ['never ends', (_request, response) => void response.writeHead(200).write('half')],
]
for (const [title, answer] of silences)
  test(`an answer that ${title} is given up at the limit`, async () => {
    assert.match(await fault(ask(await serve(answer), { limitMs: 100 })), /ABORT_ERR|TimeoutError|ECONNRESET/)
  })

test.run()
