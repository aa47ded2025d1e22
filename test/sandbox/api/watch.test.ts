import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { request as secureRequest } from 'node:https'
import { createInterface } from 'node:readline'
import * as assert from 'uvu/assert'
import { suite } from '../../support/suite.ts'
import { startTestApi, token } from './api.ts'

const test = suite('watch')
const api = await startTestApi()
const maps = '/api/v1/namespaces/default/configmaps'

interface Event {
  type: string
  // biome-ignore lint/suspicious/noExplicitAny: any object
  object: any
}

/** A watch, of which the next events can be waited for. */
async function watching(query: string, headers: Record<string, string> = {}) {
  const outgoing = secureRequest({
    host: '127.0.0.1',
    port: api.port,
    path: `${maps}?watch=1&${query}`,
    rejectUnauthorized: false,
    headers: { authorization: `Bearer ${token}`, ...headers },
  }).end()
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
  const lines = createInterface({ input: response })[Symbol.asyncIterator]()
  return {
    next: async (): Promise<Event> => JSON.parse((await lines.next()).value),
    isOver: async () => (await lines.next()).done === true,
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

test('who asks and does not read is cut off before much is kept for it', async () => {
  const outgoing = secureRequest({
    host: '127.0.0.1',
    port: api.port,
    path: '/api/v1/namespaces/istio-system/configmaps?watch=1',
    rejectUnauthorized: false,
    headers: { authorization: `Bearer ${token}` },
  }).end()
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
  response.pause()
  const data = { text: 'x'.repeat(1_000_000) }
  for (let index = 0; index < 40; index++) {
    const metadata = { name: `big-${index}`, namespace: 'istio-system' }
    api.registry.create('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata, data })
    api.registry.delete('configmaps', metadata.name, metadata.namespace, {})
  }
  response.resume()
  const [error] = await once(response, 'error')
  assert.is(error.code, 'ECONNRESET')
})

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

test.after(() => api.close())
test.run()
