import { deepEqual, equal } from 'node:assert/strict'
import { splitPath, withoutPort } from '../../../lib/sandbox/mesh/http.ts'
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

test.run()
