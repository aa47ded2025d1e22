import { equal, match } from 'node:assert/strict'
import { textResponse } from '../../../lib/sandbox/mesh/fault.ts'
import { type Answer, httpServer, type Message } from '../../../lib/sandbox/mesh/server.ts'
import { listen } from '../../support/listen.ts'
import { send } from '../../support/raw-http.ts'
import { suite } from '../../support/suite.ts'

const test = suite('server')

/** What it is asked, and what it answers. */
let asked: Message | undefined
let answer: Answer | undefined
let isOpen: boolean
const { port, close } = await listen(
  httpServer({
    isOpen: () => isOpen,
    answer: async (message) => {
      asked = message
      return answer
    },
  }),
)
test.after(close)
test.before.each(() => {
  isOpen = true
  answer = { response: textResponse(200, 'x'), close: true }
})

/** The whole answer with bars for line ends. */
async function told(given: Answer, method = 'GET'): Promise<string> {
  answer = { close: true, ...given }
  const text = await send(port, `${method} / HTTP/1.1\r\nHost: a\r\n\r\n`)
  return text.replace(/date: \w{3}, [^\r]+/, 'date: D').replaceAll('\r\n', '|')
}

const answers: readonly [what: string, given: Answer, expected: string, method?: string][] = [
  [
    'a text',
    { response: textResponse(200, 'x') },
    'HTTP/1.1 200 OK|content-length: 1|content-type: text/plain|date: D|server: istio-envoy|connection: close||x',
  ],
  [
    'nothing',
    { response: textResponse(404, '') },
    'HTTP/1.1 404 Not Found|date: D|server: istio-envoy|connection: close|content-length: 0||',
  ],
  [
    'to HEAD',
    { response: textResponse(404, '') },
    'HTTP/1.1 404 Not Found|date: D|server: istio-envoy|connection: close|transfer-encoding: chunked||',
    'HEAD',
  ],
  [
    'to HEAD, with its length',
    { response: textResponse(200, 'x') },
    'HTTP/1.1 200 OK|content-length: 1|content-type: text/plain|date: D|server: istio-envoy|connection: close||',
    'HEAD',
  ],
  [
    '204',
    { response: textResponse(204, '') },
    'HTTP/1.1 204 No Content|date: D|server: istio-envoy|connection: close||',
  ],
  [
    '204 with a text, of which the headers speak',
    { response: textResponse(204, 'x') },
    'HTTP/1.1 204 No Content|content-length: 1|content-type: text/plain|date: D|server: istio-envoy|connection: close||x',
  ],
  [
    'of a length that a rule took away',
    { response: { status: 200, headers: { server: 'istio-envoy' }, body: 'abc' } },
    'HTTP/1.1 200 OK|date: D|server: istio-envoy|connection: close|transfer-encoding: chunked||3|abc|0||',
  ],
  [
    'of a service that signs for itself',
    { response: { status: 418, headers: { date: 'D', 'set-cookie': ['a', 'b'] }, body: '' }, server: '' },
    'HTTP/1.1 418 Unknown|date: D|set-cookie: a|set-cookie: b|connection: close|content-length: 0||',
  ],
  [
    'with a name that is none',
    { response: { status: 200, headers: { 'a b': '1', a: '2' }, body: '' }, server: '' },
    'HTTP/1.1 200 OK|a: 2|date: D|connection: close|content-length: 0||',
  ],
  [
    'with a value that would break out of its line',
    { response: { status: 200, headers: { a: 'b\r\nc: d' }, body: '' }, server: '' },
    'HTTP/1.1 200 OK|a: bc: d|date: D|connection: close|content-length: 0||',
  ],
]
for (const [what, given, expected, method] of answers)
  test(`writes an answer as Envoy does: ${what}`, async () => {
    equal(await told(given, method), expected)
  })

test('a connection that stays is not spoken of, and serves the next request', async () => {
  answer = { response: textResponse(200, 'x') }
  const text = await send(
    port,
    `GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
  )
  equal(text.match(/HTTP\/1\.1 200/g)?.length, 2)
  equal(text.match(/connection:/g)?.length, 1)
})

test('what comes after the last answer gets none', async () => {
  const text = await send(port, 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n')
  match(text, /^HTTP\/1\.1 501 /)
  equal(text.match(/HTTP\/1\.1/g)?.length, 1)
})

test('a request is handed on as it was sent', async () => {
  await send(port, 'POST /a?b#c HTTP/1.1\r\nHost: a\r\nX-Y: 1\r\nx-y: 2\r\nContent-Length: 3\r\n\r\nabc')
  const { method, target, version, headers, content } = asked as Message
  equal([method, target, version, content].join(' '), 'POST /a?b#c 1.1 abc')
  equal(headers.map(([name, value]) => `${name}=${value}`).join(), 'Host=a,X-Y=1,x-y=2,Content-Length=3')
})

const refusals: readonly [what: string, request: string, status: number][] = [
  ['more than a hundred headers', `GET / HTTP/1.1\r\n${'a: b\r\n'.repeat(101)}\r\n`, 431],
  ['a coding that is not chunked', 'POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n', 501],
  ['an unknown method', 'BREW / HTTP/1.1\r\nHost: a\r\n\r\n', 400],
  ['no path but for OPTIONS', 'GET * HTTP/1.1\r\nHost: a\r\n\r\n', 400],
  ['a body of more than a mebibyte', `POST / HTTP/1.1\r\nContent-Length: 1048577\r\n\r\n${'a'.repeat(1048577)}`, 413],
]
for (const [what, request, status] of refusals)
  test(`refuses ${what}`, async () => {
    match(await send(port, request), new RegExp(`^HTTP/1\\.1 ${status} .*connection: close`, 's'))
  })

test('hangs up where nobody listens behind the port, whatever comes', async () => {
  isOpen = false
  equal(await send(port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'), '')
  equal(await send(port, 'hello\r\n\r\n'), '')
})

test.run()
