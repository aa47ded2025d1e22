import { deepEqual, equal, ok } from 'node:assert/strict'
import { Logs } from '../../../lib/sandbox/mesh/logs.ts'
import { suite } from '../../support/suite.ts'

const test = suite('container logs')
const texts = (logs: Logs, container = 'app') => logs.read('uid', container).map(({ text }) => text)

test('each container has lines of its own, in order', () => {
  const logs = new Logs()
  logs.append('uid', 'app', 'one')
  logs.append('uid', 'istio-proxy', 'other')
  logs.append('uid', 'app', () => 'two')
  deepEqual(texts(logs), ['one', 'two'])
  deepEqual(texts(logs, 'istio-proxy'), ['other'])
  deepEqual(texts(logs, 'none'), [])
})

test('a line is put into words only when it is read', () => {
  const logs = new Logs()
  let made = 0
  logs.append('uid', 'app', () => `line ${++made}`)
  equal(made, 0)
  deepEqual(texts(logs), ['line 1'])
})

test('the last thousand lines are kept', () => {
  const logs = new Logs()
  for (let i = 1; i <= 5_000; i++) logs.append('uid', 'app', String(i))
  const kept = texts(logs)
  deepEqual([kept.length, kept[0], kept.at(-1)], [1_000, '4001', '5000'])
})

test('who follows a container is told its new lines, until it stops', () => {
  const logs = new Logs()
  const seen: string[] = []
  logs.append('uid', 'app', 'before')
  const stop = logs.follow('uid', 'app', ({ text, time }) => {
    ok(time > 0)
    seen.push(text)
  })
  logs.append('uid', 'app', () => 'one')
  logs.append('uid', 'istio-proxy', 'other')
  stop()
  logs.append('uid', 'app', 'after')
  deepEqual(seen, ['one'])
})

test('a pod that is gone is forgotten', () => {
  const logs = new Logs()
  logs.append('uid', 'app', 'one')
  logs.forget('uid')
  deepEqual(texts(logs), [])
})

test.run()
