import * as assert from 'uvu/assert'
import type { KubeObject } from '../../../lib/sandbox/objects.ts'
import { Store, type StoreEvent } from '../../../lib/sandbox/store/store.ts'
import { suite } from '../../support/suite.ts'

const test = suite('store')

const map = (name: string, more: Partial<KubeObject['metadata']> = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default', ...more },
})

test('gives a new object its identity, and each change a higher version', () => {
  const store = new Store({ now: () => new Date('2026-01-02T03:04:05.678Z') })
  const { metadata } = store.create('configmaps', map('a'))
  assert.match(metadata.uid as string, /^[0-9a-f-]{36}$/)
  assert.is(metadata.creationTimestamp, '2026-01-02T03:04:05Z')
  const changed = store.update('configmaps', map('a', { labels: { x: 'y' } }))
  assert.ok(Number(changed.metadata.resourceVersion) > Number(metadata.resourceVersion))
  assert.is(store.revision, Number(changed.metadata.resourceVersion))
})

test('does not count an update that changes nothing', () => {
  const store = new Store()
  const object = store.create('configmaps', map('a'))
  assert.is(store.update('configmaps', { ...object }), object)
  assert.is(store.revision, Number(object.metadata.resourceVersion))
})

const refusals: readonly [string, (store: Store) => unknown, RegExp][] = [
  [
    'a second object of the same name',
    (store) => store.create('configmaps', map('a')),
    /configmaps "a" already exists/,
  ],
  ['an update of what is not there', (store) => store.update('configmaps', map('b')), /configmaps "b" not found/],
  [
    'an update of an older version',
    (store) => store.update('configmaps', map('a', { resourceVersion: '1' })),
    /the object has been modified/,
  ],
  [
    'the removal of what is not there',
    (store) => store.remove('configmaps', 'b', 'default'),
    /configmaps "b" not found/,
  ],
]

for (const [title, act, message] of refusals)
  test(`refuses ${title}, and stays as it was`, () => {
    const store = new Store()
    store.create('configmaps', map('a'))
    const { revision } = store
    assert.throws(() => act(store), message)
    assert.is(store.revision, revision)
  })

test('lists by namespace and name', () => {
  const store = new Store()
  for (const [namespace, name] of [
    ['b', 'a'],
    ['a', 'c'],
    ['a', 'b'],
  ] as const)
    store.create('configmaps', map(name, { namespace }))
  const names = (namespace?: string) =>
    store.list('configmaps', namespace).map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)
  assert.equal(names(), ['a/b', 'a/c', 'b/a'])
  assert.equal(names('a'), ['a/b', 'a/c'])
  assert.equal(names('nowhere'), [])
  store.create('configmaps', map('a', { namespace: 'a' }))
  store.remove('configmaps', 'c', 'a')
  assert.equal(names(), ['a/a', 'a/b', 'b/a'])
})

test('tells who watches of each change, with what was there before', () => {
  const store = new Store()
  const events: StoreEvent[] = []
  const stop = store.watch((event) => events.push(event))
  const first = store.create('configmaps', map('a'))
  store.update('configmaps', map('a', { labels: { x: 'y' } }))
  store.remove('configmaps', 'a', 'default')
  stop()
  store.create('configmaps', map('b'))
  assert.equal(
    events.map(({ type }) => type),
    ['ADDED', 'MODIFIED', 'DELETED'],
  )
  assert.equal(
    events.map(({ previous }) => previous?.metadata.resourceVersion),
    [undefined, first.metadata.resourceVersion, events[1]?.object.metadata.resourceVersion],
  )
})

test('keeps nothing that could not be made durable', () => {
  const store = new Store()
  store.persist = () => {
    throw new Error('disk full')
  }
  assert.throws(() => store.create('configmaps', map('a')), 'disk full')
  assert.equal(store.list('configmaps'), [])
})

test.run()
