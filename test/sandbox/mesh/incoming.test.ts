import { deepEqual, equal } from 'node:assert/strict'
import { normalPath, ownHeaders, refusalOf, targetOf, upgradeOf } from '../../../lib/sandbox/mesh/incoming.ts'
import type { Message } from '../../../lib/sandbox/mesh/server.ts'
import { suite } from '../../support/suite.ts'

const test = suite('what comes in')

function message(target: string, headers: Message['headers'] = [['Host', 'a']]): Message {
  return { method: 'GET', target, version: '1.1', headers, content: '', remoteAddress: '127.0.0.1' }
}

const targets: [target: string, host: string, path: string, status: number | undefined][] = [
  ['/x?y', 'a', '/x?y', undefined],
  ['/x#y', 'a', '/x', undefined],
  ['http://b/x?y', 'b', '/x?y', undefined],
  ['http://b', 'b', '/', undefined],
  ['http://b?y', 'b', '?y', 404],
  ['https://b/', 'b', '/', 403],
  ['ftp://b/', 'b', '/', 400],
  ['/%00', 'a', '/%00', 400],
]
for (const [target, host, path, status] of targets)
  test(`${target} asks ${host} for ${path}, refused with ${status ?? 'nothing'}`, () => {
    const given = message(target)
    const found = targetOf(given)
    equal(found.host, host)
    equal(found.path, path)
    equal(refusalOf(given, found)?.status, status)
  })

test('who names no host is refused, who names two asks for nobody', () => {
  equal(refusalOf(message('/', []), targetOf(message('/', [])))?.status, 400)
  equal(
    targetOf(
      message('/', [
        ['Host', 'a'],
        ['host', 'b'],
      ]),
    ).host,
    'a,b',
  )
})

const paths: [string, string][] = [
  ['/a/../b', '/b'],
  ['/a/./b', '/a/b'],
  ['/a\\b', '/a/b'],
  ['/%61%2f', '/a%2f'],
  ['/"{', '/%22%7B'],
  ['/a//b', '/a//b'],
  ['/a?b/../c', '/a?b/../c'],
]
for (const [path, expected] of paths)
  test(`to rules, ${path} is ${expected}`, () => {
    equal(normalPath(path), expected)
  })

test('headers of one name are one, and those of the connection and of proxies are none', () => {
  const headers: Message['headers'] = [
    ['Host', 'a'],
    ['A', '1'],
    ['a', '2'],
    ['Connection', 'close'],
    ['X-Envoy-Internal', 'true'],
    ['TE', 'gzip, trailers'],
    ['__proto__', 'x'],
  ]
  deepEqual({ ...ownHeaders(message('/', headers)) }, { a: '1,2', te: 'trailers', ['__proto__']: 'x' })
})

test('a connection may become a WebSocket, and an offer of HTTP/2 is passed over', () => {
  const upgrade = (to: string) =>
    upgradeOf(
      message('/', [
        ['Connection', 'Upgrade'],
        ['Upgrade', to],
      ]),
    )
  equal(upgrade('websocket'), 'websocket')
  equal(upgrade('h2c'), undefined)
  equal(upgradeOf(message('/', [['Upgrade', 'websocket']])), undefined)
})

test.run()
