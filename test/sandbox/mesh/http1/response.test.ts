import { equal, match } from 'node:assert/strict'
import { textResponse } from '../../../../lib/sandbox/mesh/fault.ts'
import type { HttpResponse } from '../../../../lib/sandbox/mesh/http.ts'
import { responseBytes } from '../../../../lib/sandbox/mesh/http1/response.ts'
import { suite } from '../../../support/suite.ts'

const test = suite('answers as bytes')

function text(response: HttpResponse, { method = 'GET', close = false, server = 'istio-envoy' } = {}): string {
  const bytes = responseBytes(response, { method, close, server }).toString('latin1')
  return bytes.replace(/date: [^\r]+/, 'date: D').replaceAll('\r\n', '|')
}

const cases: readonly [string, string, string][] = [
  [
    'a text',
    text(textResponse(200, 'x')),
    'HTTP/1.1 200 OK|content-length: 1|content-type: text/plain|date: D|server: istio-envoy||x',
  ],
  ['nothing', text(textResponse(404, '')), 'HTTP/1.1 404 Not Found|date: D|server: istio-envoy|content-length: 0||'],
  [
    'the last',
    text(textResponse(404, ''), { close: true }),
    'HTTP/1.1 404 Not Found|date: D|server: istio-envoy|connection: close|content-length: 0||',
  ],
  [
    'to HEAD',
    text(textResponse(404, ''), { method: 'HEAD' }),
    'HTTP/1.1 404 Not Found|date: D|server: istio-envoy|transfer-encoding: chunked||',
  ],
  [
    'to HEAD, with its length',
    text(textResponse(200, 'x'), { method: 'HEAD' }),
    'HTTP/1.1 200 OK|content-length: 1|content-type: text/plain|date: D|server: istio-envoy||',
  ],
  ['204', text(textResponse(204, '')), 'HTTP/1.1 204 No Content|date: D|server: istio-envoy||'],
  ['304', text(textResponse(304, '')), 'HTTP/1.1 304 Not Modified|date: D|server: istio-envoy||'],
  [
    'of a length that a rule took away',
    text({ status: 200, headers: { server: 'istio-envoy' }, body: 'abc' }),
    'HTTP/1.1 200 OK|date: D|server: istio-envoy|transfer-encoding: chunked||3|abc|0||',
  ],
  [
    'of a service',
    text({ status: 418, headers: { date: 'D', 'set-cookie': ['a', 'b'] }, body: '' }, { server: '' }),
    'HTTP/1.1 418 Unknown|date: D|set-cookie: a|set-cookie: b|content-length: 0||',
  ],
]

for (const [what, found, expected] of cases) test(what, () => equal(found, expected))

test('no value breaks out of its line', () => {
  match(text({ status: 200, headers: { a: 'b\r\nc: d' }, body: '' }), /\|a: bc: d\|/)
})

test.run()
