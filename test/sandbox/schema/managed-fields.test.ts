import * as assert from 'uvu/assert'
import type { KubeObject, ManagedFields } from '../../../lib/sandbox/objects.ts'
import { trackUpdate } from '../../../lib/sandbox/schema/managed-fields.ts'
import { suite } from '../../support/suite.ts'
import { kindOf } from './kinds.ts'

const test = suite('owners after an update')

const kind = kindOf('configmaps')
const at = (second: number) => new Date(second * 1000)
const configMap = (data: object, metadata: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', ...metadata },
  data,
})
const entries = ({ metadata }: KubeObject) => metadata.managedFields ?? []
const owners = (object: KubeObject) =>
  Object.fromEntries(entries(object).map(({ manager, fieldsV1 }) => [manager, fieldsV1['f:data'] ?? fieldsV1]))

const created = trackUpdate(kind, 'v1', undefined, configMap({ a: '1', b: '1' }), 'one', at(1))

function updated(data: object, manager: string, second = 2, old = created): KubeObject {
  const { managedFields } = old.metadata
  return trackUpdate(kind, 'v1', old, configMap(data, { managedFields }), manager, at(second))
}

test('who creates owns all, and the map itself', () => {
  assert.equal(owners(created), { one: { '.': {}, 'f:a': {}, 'f:b': {} } })
})

test('who changes a field owns it, nobody else any more', () => {
  assert.equal(owners(updated({ a: '2', b: '1' }, 'two')), { one: { '.': {}, 'f:b': {} }, two: { 'f:a': {} } })
})

test('what is removed is nobody’s', () => {
  assert.equal(owners(updated({ b: '1' }, 'two')), { one: { '.': {}, 'f:b': {} } })
})

test('what is changed again adds to what a manager has, and renews its time', () => {
  const twice = updated({ a: '2', b: '2' }, 'two', 3, updated({ a: '2', b: '1' }, 'two'))
  assert.equal(owners(twice), { one: {}, two: { 'f:a': {}, 'f:b': {} } })
  assert.equal(
    entries(twice).map(({ manager, time }) => [manager, time]),
    [
      ['one', '1970-01-01T00:00:01Z'],
      ['two', '1970-01-01T00:00:03Z'],
    ],
  )
})

test('nothing changed leaves all entries and times as they are', () => {
  assert.equal(entries(updated({ a: '1', b: '1' }, 'two')), entries(created))
})

test('an update of a subresource is by another manager', () => {
  const next = trackUpdate(kind, 'v1', created, configMap({ a: '2', b: '1' }), 'one', at(2), 'status')
  assert.equal(
    entries(next).map(({ manager, subresource }) => [manager, subresource]),
    [
      ['one', undefined],
      ['one', 'status'],
    ],
  )
})

const given: readonly [what: string, managedFields: unknown[], owners: object][] = [
  ['one empty entry resets them', [{}], { two: { 'f:a': {} } }],
  [
    'entries that cannot be read do not count',
    [{ manager: 'x', operation: 'Foo' }],
    { one: { '.': {}, 'f:b': {} }, two: { 'f:a': {} } },
  ],
  [
    'others take their place',
    [
      {
        manager: 'x',
        operation: 'Update',
        apiVersion: 'v1',
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:data': { 'f:b': {} } },
      },
    ],
    { x: { 'f:b': {} }, two: { 'f:a': {} } },
  ],
]

for (const [what, managedFields, result] of given)
  test(`of entries in an update ${what}`, () => {
    const next = configMap({ a: '2', b: '1' }, { managedFields: managedFields as ManagedFields[] })
    assert.equal(owners(trackUpdate(kind, 'v1', created, next, 'two', at(2))), result)
  })

test('more than ten updaters are remembered together', () => {
  let object = created
  const data: Record<string, string> = { a: '1', b: '1' }
  for (let number = 0; number < 12; number++) {
    data[`key${number}`] = 'x'
    object = updated({ ...data }, `manager${number}`, number + 2, object)
  }
  const names = entries(object).map(({ manager }) => manager)
  assert.is(names.length, 10)
  assert.is(names[0], 'ancient-changes')
  assert.is(names.at(-1), 'manager11')
})

test('a field that holds nothing is owned as it is', () => {
  const service = kindOf('services')
  const object: KubeObject = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' }, spec: { selector: {} } }
  const [entry] = entries(trackUpdate(service, 'v1', undefined, object, 'one', at(1)))
  assert.equal(entry?.fieldsV1, { 'f:spec': { 'f:selector': {} } })
})

test('an object whose items cannot be told apart has no owners', () => {
  const spec = { containers: [{ name: 'c' }], imagePullSecrets: [{}] }
  const pod: KubeObject = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec }
  assert.equal(entries(trackUpdate(kindOf('pods'), 'v1', undefined, pod, 'one', at(1))), [])
})

test('items of one key count as one', () => {
  const pod = (...values: string[]): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'a' },
    spec: { containers: [{ name: 'c', env: values.map((value) => ({ name: 'A', value })) }] },
  })
  const env = (object: KubeObject) =>
    entries(object).map(
      ({ fieldsV1 }) => fieldsV1['f:spec']?.['f:containers']?.['k:{"name":"c"}']?.['f:env']?.['k:{"name":"A"}'],
    )
  const first = trackUpdate(kindOf('pods'), 'v1', undefined, pod('1', '2'), 'one', at(1))
  assert.equal(env(first), [{}])
  const { managedFields = [] } = first.metadata
  const next = pod('1', '3')
  next.metadata.managedFields = managedFields
  assert.equal(env(trackUpdate(kindOf('pods'), 'v1', first, next, 'two', at(2))).at(-1), {})
})

test.run()
