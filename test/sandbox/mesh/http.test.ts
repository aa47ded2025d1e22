import { deepEqual, equal } from 'node:assert/strict'
import { messageLength, splitPath, withoutPort } from '../../../lib/sandbox/mesh/http.ts'
import { suite } from '../../support/suite.ts'

const test = suite('parts of a request')

const paths: readonly [string, string, string][] = [
  ['/a', '/a', ''],
  ['/a?', '/a', ''],
  ['/a?x=1?y', '/a', 'x=1?y'],
  ['?x', '', 'x'],
]

for (const [path, pathname, query] of paths)
  test(`${path} is ${pathname} with ${query || 'nothing'}`, () => {
    deepEqual(splitPath(path), { pathname, query })
  })

const hosts: readonly [string, string][] = [
  ['books.example:8080', 'books.example'],
  ['books.example', 'books.example'],
  ['[::1]:8080', '[::1]'],
  ['[::1]', '[::1]'],
]

for (const [authority, host] of hosts)
  test(`the host of ${authority} is ${host}`, () => {
    equal(withoutPort(authority), host)
  })

test('a message is as long as HTTP/1.1 writes it', () => {
  equal(messageLength({ status: 200, headers: { 'set-cookie': ['a', 'b'] }, body: 'ü' }), 17 + 2 * 15 + 2 + 2)
  const request = { method: 'GET', path: '/', authority: 'a', scheme: 'http', headers: { b: 'c' }, body: '' } as const
  equal(messageLength(request), 'GET / HTTP/1.1\r\nhost: a\r\nb: c\r\n\r\n'.length)
})

test.run()
