import * as assert from 'uvu/assert'
import type { Ask } from '../../../lib/sandbox/api/exchange.ts'
import { logAnswer } from '../../../lib/sandbox/api/logs.ts'
import { anonymous } from '../../../lib/sandbox/api/user.ts'
import { Logs } from '../../../lib/sandbox/mesh/logs.ts'
import type { KubeObject } from '../../../lib/sandbox/objects.ts'
import { Store } from '../../../lib/sandbox/store/store.ts'
import { suite } from '../../support/suite.ts'
import { pod } from '../controllers/cluster.ts'

const test = suite('logs of a pod')

// biome-ignore lint/suspicious/noExplicitAny: parts of a pod are known by the schema
type Part = any

const running = (more: Part = {}) => ({
  name: 'web',
  containerID: 'containerd://1',
  state: { running: { startedAt: '2026-01-01T00:00:10Z' } },
  lastState: {},
  restartCount: 0,
  ...more,
})
const terminated = { containerID: 'containerd://0', exitCode: 1, reason: 'Error' }
const times = { before: Date.parse('2026-01-01T00:00:05Z'), after: Date.parse('2026-01-01T00:00:15Z') }
/** What was written before and after the start of the container that runs. */
const written = {
  read: () => [
    { time: times.before, text: 'before' },
    { time: times.after, text: 'after' },
  ],
  follow: () => () => undefined,
}

function asking(query: string): Ask & { leave: () => void } {
  const gone = new AbortController()
  return {
    method: 'GET',
    path: '',
    query: new URLSearchParams(query),
    headers: {},
    user: anonymous,
    body: async () => '',
    signal: gone.signal,
    warn: () => undefined,
    leave: () => gone.abort(),
  }
}

function withPod(status: Part): { store: Store; made: KubeObject } {
  const store = new Store()
  const made = store.create('pods', { ...pod('web', { nodeName: 'node' }), status: { containerStatuses: [status] } })
  return { store, made }
}

function read(status: Part, query = ''): string {
  const { store, made } = withPod(status)
  const answer = logAnswer(made, asking(query), { logs: written, store, now: new Date() })
  return 'text' in answer ? String(answer.text) : ''
}

/** What a follower hears, and whether it is over. */
function following() {
  const { store, made } = withPod(running())
  const logs = new Logs()
  const ask = asking('follow=true')
  const answer = logAnswer(made, ask, { logs, store, now: new Date() })
  const heard = { text: '', ends: 0 }
  if (!('stream' in answer)) throw new Error('not followed')
  answer.stream({
    write: (chunk) => {
      heard.text += chunk
      return true
    },
    end: () => heard.ends++,
    fail: (error) => {
      throw error
    },
  })
  const say = (line: string) => logs.append(made.metadata.uid as string, 'web', line)
  const become = (status: Part) => store.update('pods', { ...made, status: { containerStatuses: [status] } })
  return { store, heard, say, become, leave: ask.leave }
}

test('a follower hears what is written until the pod is gone', () => {
  const { store, heard, say, become } = following()
  say('one')
  become(running({ ready: true }))
  say('two')
  assert.equal(heard, { text: 'one\ntwo\n', ends: 0 })
  store.remove('pods', 'web', 'default')
  say('late')
  assert.equal(heard, { text: 'one\ntwo\n', ends: 1 })
})

const ends: readonly [title: string, status: Part][] = [
  ['ends', running({ state: { terminated } })],
  ['was started again', running({ containerID: 'containerd://2', restartCount: 1 })],
]
for (const [title, status] of ends)
  test(`a follower's answer is over when the container ${title}`, () => {
    const { heard, become } = following()
    become(status)
    assert.is(heard.ends, 1)
  })

test('a follower that leaves is told nothing more', () => {
  const { store, heard, say, leave } = following()
  leave()
  say('late')
  store.remove('pods', 'web', 'default')
  assert.equal(heard, { text: '', ends: 1 })
})

test('who asks to follow a container that has ended is answered at once', () => {
  const state = { terminated: { ...terminated, startedAt: '2026-01-01T00:00:10Z' } }
  assert.is(read(running({ state }), 'follow=true'), 'before\nafter\n')
})

test('there is nothing before the first start', () => {
  assert.throws(
    () => read(running(), 'previous=true'),
    ({ code, message }: { code: number; message: string }) =>
      code === 400 && message === 'previous terminated container "web" in pod "web" not found',
  )
})

const again = running({ restartCount: 1, lastState: { terminated } })
test('after a restart there is what was written since, and before', () => {
  assert.is(read(again), 'after\n')
  assert.is(read(again, 'previous=true'), 'before\n')
})

test('a container that waits to be started again is heard, one that waits for its first start is not', () => {
  const state = { waiting: { reason: 'CrashLoopBackOff' } }
  assert.is(read({ ...again, state }), 'before\nafter\n')
  assert.throws(() => read(running({ state: { waiting: { reason: 'ContainerCreating' } } })), /is waiting to start/)
})

test.run()
