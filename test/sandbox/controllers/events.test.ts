import * as assert from 'uvu/assert'
import { eventRecorder } from '../../../lib/sandbox/controllers/events.ts'
import { Store } from '../../../lib/sandbox/store/store.ts'
import { suite } from '../../support/suite.ts'
import { node, pod } from './cluster.ts'

const test = suite('events')

function recorder() {
  const clock = { time: Date.parse('2026-01-01T00:00:00Z') }
  const store = new Store()
  const record = eventRecorder(store, () => new Date(clock.time))(store)
  const about = store.create('pods', pod('web'))
  const tell = (reason: string, message = 'it did') =>
    record(about, {
      type: 'Normal',
      reason,
      message,
      component: 'kubelet',
      host: 'node',
      fieldPath: 'spec.containers{web}',
    })
  return { clock, store, record, tell }
}

test('an event names the object, its part, and who tells', () => {
  const { store, tell } = recorder()
  tell('Started')
  const [event] = store.list('events', 'default')
  assert.match(event?.metadata.name as string, /^web\.[0-9a-f]{16}$/)
  assert.is(event?.involvedObject.kind, 'Pod')
  assert.is(event?.involvedObject.fieldPath, 'spec.containers{web}')
  assert.equal(event?.source, { component: 'kubelet', host: 'node' })
  assert.is(event?.count, 1)
})

test('the same event again is counted, at the time of the last', () => {
  const { clock, store, tell } = recorder()
  tell('Started')
  clock.time += 60_000
  tell('Started')
  const events = store.list('events', 'default')
  assert.is(events.length, 1)
  assert.is(events[0]?.count, 2)
  assert.is(events[0]?.firstTimestamp, '2026-01-01T00:00:00Z')
  assert.is(events[0]?.lastTimestamp, '2026-01-01T00:01:00Z')
})

test('another message is another event', () => {
  const { store, tell } = recorder()
  tell('Started', 'one')
  tell('Started', 'two')
  assert.is(store.list('events').length, 2)
})

test('events that differ in their message alone are combined from the tenth on', () => {
  const { store, tell } = recorder()
  for (let count = 1; count <= 12; count++) tell('Scaled', `to ${count}`)
  const events = store.list('events', 'default')
  assert.is(events.length, 10)
  assert.equal(
    events.filter(({ count }) => count > 1).map(({ message, count }) => `${message} x${count}`),
    ['(combined from similar events): to 12 x3'],
  )
})

test('events of what has no namespace are in the default one', () => {
  const { store, record } = recorder()
  record(store.create('nodes', node('node')), { type: 'Normal', reason: 'Starting', message: '', component: 'kubelet' })
  assert.is(store.list('events', 'default').length, 1)
})

test('of very many events the oldest are forgotten', () => {
  const { store, tell } = recorder()
  for (let count = 0; count < 5200; count++) tell(`Started${count}`)
  assert.is(store.count('events'), 5000)
  assert.is(store.list('events')[0]?.reason, 'Started200')
})

test.run()
