import { deepEqual, equal, ok } from 'node:assert/strict'
import { readHead } from '../../../../lib/sandbox/mesh/http1/head.ts'
import { suite } from '../../../support/suite.ts'

const test = suite('heads of requests')

const lines = (...all: string[]) => `${all.join('\r\n')}\r\n\r\n`
const get = (...headers: string[]) => lines('GET / HTTP/1.1', 'Host: a', ...headers)

/** A status for what is refused; as a real gateway answered each. */
const cases: readonly [string, number | 'read' | 'more'][] = [
  [get(), 'read'],
  ['GET / HTTP/1.1\nHost: a\n\n', 'read'],
  [`\r\n\r\n${get()}`, 'read'],
  [` ${get()}`, 400],
  ['GET / HTTP/1.1\r\nHost: a\r\n', 'more'],
  ['\r\n', 'more'],
  ['G', 'more'],
  ['\x16\x03\x01', 400],
  [lines('GET  /\tHTTP/1.1 ', 'Host: a'), 'read'],
  [lines('GET /', 'Host: a'), 'read'],
  [lines('GET /a b HTTP/1.1', 'Host: a'), 400],
  [lines('GET / http/1.1', 'Host: a'), 400],
  [lines('GET / HTTP/1.10', 'Host: a'), 400],
  [lines('GET', 'Host: a'), 400],
  [lines('get / HTTP/1.1', 'Host: a'), 400],
  [lines('BREW / HTTP/1.1', 'Host: a'), 400],
  [lines('M-SEARCH / HTTP/1.1', 'Host: a'), 'read'],
  [lines('GET x HTTP/1.1', 'Host: a'), 400],
  [lines('GET /ä HTTP/1.1', 'Host: a'), 400],
  [lines('GET * HTTP/1.1', 'Host: a'), 400],
  [lines('OPTIONS * HTTP/1.1', 'Host: a'), 'read'],
  [lines('GET http://u@a:80/x HTTP/1.1', 'Host: a'), 'read'],
  [lines('GET http://a:99999/x HTTP/1.1', 'Host: a'), 400],
  [lines('GET http:///x HTTP/1.1', 'Host: a'), 400],
  [lines('GET ftp://a/x HTTP/1.1', 'Host: a'), 400],
  [lines('CONNECT a:443 HTTP/1.1', 'Host: a'), 'read'],
  [lines('CONNECT a HTTP/1.1', 'Host: a'), 400],
  [get('A : b'), 400],
  [get('A'), 400],
  [get(': b'), 400],
  [get('A@: b'), 400],
  [get('A: \x01'), 400],
  [get('A: \xe4'), 'read'],
  [get('A: b\tc'), 'read'],
  [lines('GET / HTTP/1.1', ' A: b'), 400],
  [get('Content-Length: x'), 400],
  [get('Content-Length: '), 400],
  [get('Content-Length: 1', 'Content-Length: 1'), 400],
  [get('Content-Length: 99999999999999999999'), 400],
  [get('Content-Length: 1', 'Transfer-Encoding: chunked'), 400],
  [get('Transfer-Encoding: CHUNKED'), 'read'],
  [get('Transfer-Encoding: gzip, chunked'), 501],
  [get('Transfer-Encoding: '), 501],
  [get(...Array.from({ length: 99 }, () => 'a: b')), 'read'],
  [get(...Array.from({ length: 100 }, () => 'a: b')), 431],
  [get(`a: ${'b'.repeat(62_000)}`), 431],
  [`GET / HTTP/1.1\r\nA: ${'b'.repeat(62_000)}`, 431],
]

for (const [text, expected] of cases)
  test(JSON.stringify(text).slice(0, 80), () => {
    const found = readHead(text)
    equal(found === undefined ? 'more' : 'status' in found ? found.status : 'read', expected)
  })

test('a folded line is part of the one before', () => {
  const found = readHead(get('A: b', ' c', '\td'))
  ok(found && 'head' in found)
  deepEqual(found.head.headers[1], ['A', 'b c d'])
})

test('what comes behind is left', () => {
  const found = readHead(`${get()}rest`)
  ok(found && 'head' in found)
  equal(found.end, get().length)
})

test.run()
