import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { request as secureRequest } from 'node:https'
import { createInterface } from 'node:readline'
import * as assert from 'uvu/assert'
import { suite } from '../../support/suite.ts'
import { startTestApi } from './api.ts'

const test = suite('watch')
const mistakes: string[] = []
const api = await startTestApi((text) => mistakes.push(text))
const maps = '/api/v1/namespaces/default/configmaps'

interface Event {
  type: string
  // biome-ignore lint/suspicious/noExplicitAny: any object
  object: any
}

/** A watch, of which the next events can be waited for. */
async function watching(query: string, headers: Record<string, string> = {}, collection = maps) {
  const outgoing = secureRequest({
    host: '127.0.0.1',
    port: api.port,
    path: `${collection}?watch=1&${query}`,
    rejectUnauthorized: false,
    ...api.administrator,
    headers,
  }).end()
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
  const broken = once(response, 'error')
  broken.catch(() => undefined)
  // Nothing is read before it is asked for.
  let reading: AsyncIterator<string> | undefined
  const line = () => {
    reading ??= createInterface({ input: response })[Symbol.asyncIterator]()
    return reading.next()
  }
  return {
    next: async (): Promise<Event> => JSON.parse((await line()).value),
    nextOrEnd: async (): Promise<Event | undefined> => {
      const { done, value } = await line()
      return done ? undefined : JSON.parse(value)
    },
    isOver: async () => (await line()).done === true,
    isBroken: () => broken,
    stop: () => outgoing.destroy(),
  }
}

const json = { 'content-type': 'application/json' }
const create = (name: string, labels = {}) =>
  api.ask('POST', maps, {
    headers: json,
    body: JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels } }),
  })
const label = (name: string, labels: object) =>
  api.ask('PATCH', `${maps}/${name}`, {
    headers: { 'content-type': 'application/merge-patch+json' },
    body: JSON.stringify({ metadata: { labels } }),
  })
const remove = (name: string) => api.ask('DELETE', `${maps}/${name}`)
const revision = async () => (await api.ask('GET', maps)).body.metadata.resourceVersion

const brief = ({ type, object }: Event) => `${type} ${object.metadata.name}`

test('without a version begins with what is there, and goes on with what changes', async () => {
  await create('a')
  const watch = await watching('')
  assert.is(brief(await watch.next()), 'ADDED a')
  await label('a', { x: 'y' })
  assert.is(brief(await watch.next()), 'MODIFIED a')
  await remove('a')
  assert.is(brief(await watch.next()), 'DELETED a')
  watch.stop()
})

test('from the version of a list misses nothing that came between', async () => {
  const from = await revision()
  await create('b')
  await remove('b')
  const watch = await watching(`resourceVersion=${from}`)
  assert.is(brief(await watch.next()), 'ADDED b')
  assert.is(brief(await watch.next()), 'DELETED b')
  watch.stop()
})

test('with a selector sees things come when they begin to match, and go when they no longer do', async () => {
  const watch = await watching(`labelSelector=x%3Dy&resourceVersion=${await revision()}`)
  await create('c')
  await label('c', { x: 'y' })
  assert.is(brief(await watch.next()), 'ADDED c')
  await label('c', { x: 'z' })
  const gone = await watch.next()
  assert.is(brief(gone), 'DELETED c')
  assert.equal(gone.object.metadata.labels, { x: 'y' })
  await remove('c')
  watch.stop()
})

test('from a version that is long forgotten is told to list again', async () => {
  const watch = await watching('resourceVersion=1')
  const { type, object } = await watch.next()
  assert.equal([type, object.reason, object.code], ['ERROR', 'Expired', 410])
  assert.ok(await watch.isOver())
})

test('ends by itself when its time is over, with a bookmark for who asked', async () => {
  const watch = await watching(`resourceVersion=${await revision()}&timeoutSeconds=1&allowWatchBookmarks=true`)
  const { type, object } = await watch.next()
  assert.equal([type, object.metadata.resourceVersion], ['BOOKMARK', await revision()])
  assert.ok(await watch.isOver())
})

test('in the form of a table names the columns once', async () => {
  const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io'
  const watch = await watching(`resourceVersion=${await revision()}`, { accept })
  await create('d')
  await label('d', { x: 'y' })
  const [first, second] = [await watch.next(), await watch.next()]
  assert.equal(
    first.object.columnDefinitions.map(({ name }: { name: string }) => name),
    ['Name', 'Data', 'Age'],
  )
  assert.is(second.object.columnDefinitions, null)
  assert.equal(second.object.rows[0].cells.slice(0, 2), ['d', 0])
  await remove('d')
  watch.stop()
})

test('a client that does not read is cut short, and goes on from what it has read', async () => {
  const from = await revision()
  const count = 30
  const watch = await watching(`resourceVersion=${from}&timeoutSeconds=60`)
  for (let index = 0; index < count; index++)
    api.registry.store.create('configmaps', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `large-${index}`, namespace: 'default' },
      data: { value: 'x'.repeat(1024 * 1024) },
    })
  const seen: Event[] = []
  for (let event = await watch.nextOrEnd(); event; event = await watch.nextOrEnd()) seen.push(event)
  assert.ok(seen.length > 0 && seen.length < count, String(seen.length))
  const again = await watching(`resourceVersion=${seen.at(-1)?.object.metadata.resourceVersion}`)
  assert.is(brief(await again.next()), `ADDED large-${seen.length}`)
  again.stop()
})

test('an object that cannot be shown ends the watch that shows it, and hurts nobody else', async () => {
  const pods = '/api/v1/namespaces/default/pods'
  const table = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' }
  const from = `resourceVersion=${await revision()}`
  const broken = await watching(from, table, pods)
  const whole = await watching(from, {}, pods)
  const metadata = { name: 'odd', namespace: 'default' }
  const odd = { apiVersion: 'v1', kind: 'Pod', metadata, spec: { initContainers: 1 } }
  assert.is(api.registry.store.create('pods', odd).metadata.name, 'odd')
  assert.is(brief(await whole.next()), 'ADDED odd')
  await broken.isBroken()
  assert.match(mistakes.join(), /TypeError/)
  whole.stop()
})

test.after(() => api.close())
test.run()
