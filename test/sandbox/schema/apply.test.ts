import * as assert from 'uvu/assert'
import type { KubeObject } from '../../../lib/sandbox/objects.ts'
import { applyPatch } from '../../../lib/sandbox/schema/apply.ts'
import { trackUpdate } from '../../../lib/sandbox/schema/managed-fields.ts'
import { StatusError } from '../../../lib/sandbox/status.ts'
import { suite } from '../../support/suite.ts'
import { kindOf } from './kinds.ts'

const test = suite('server-side apply')

// biome-ignore lint/suspicious/noExplicitAny: any part of an object
type Part = any

const kind = kindOf('configmaps')
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration'
const at = (second: number) => new Date(second * 1000)

function applied(current: KubeObject | undefined, manager: string, data: object, { force = false, second = 1 } = {}) {
  const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data }
  return applyPatch(kind, 'v1', current, JSON.stringify(config), { manager, force, now: at(second) })
}

function owners({ metadata }: KubeObject): Part {
  return Object.fromEntries(
    (metadata.managedFields ?? []).map(({ manager, fieldsV1 }) => [manager, fieldsV1['f:data']]),
  )
}

const one = applied(undefined, 'one', { a: '1', b: '2' })

test('what is applied is there and owned', () => {
  assert.equal([one.data, owners(one)], [{ a: '1', b: '2' }, { one: { 'f:a': {}, 'f:b': {} } }])
})

test('what is applied no longer goes', () => {
  assert.equal(applied(one, 'one', { b: '2' }).data, { b: '2' })
})

test('what is applied no longer stays where another applies it too', () => {
  const both = applied(one, 'two', { a: '1' })
  assert.equal(owners(both), { one: { 'f:a': {}, 'f:b': {} }, two: { 'f:a': {} } })
  const left = applied(both, 'one', {})
  assert.equal([left.data, owners(left)], [{ a: '1' }, { one: {}, two: { 'f:a': {} } }])
})

test('another value is a conflict, unless by force', () => {
  assert.throws(
    () => applied(one, 'two', { a: '3', b: '4' }),
    (error: unknown) =>
      error instanceof StatusError &&
      error.code === 409 &&
      error.message === 'Apply failed with 2 conflicts: conflicts with "one":\n- .data.a\n- .data.b' &&
      error.details?.causes?.every(({ reason }) => reason === 'FieldManagerConflict') === true,
  )
  const forced = applied(one, 'two', { a: '3' }, { force: true })
  assert.equal(
    [forced.data, owners(forced)],
    [
      { a: '3', b: '2' },
      { one: { 'f:b': {} }, two: { 'f:a': {} } },
    ],
  )
})

test('applying the same again changes nothing, not even its time', () => {
  assert.equal(applied(one, 'one', { a: '1', b: '2' }, { second: 5 }), one)
})

test('a conflict with an update names how it was made', () => {
  const updated = trackUpdate(kind, 'v1', one, { ...one, data: { a: '5', b: '2' } }, 'patcher', at(2))
  assert.throws(() => applied(updated, 'one', { a: '1', b: '2' }), /conflict with "patcher" using v1: \.data\.a$/)
})

test('a list is applied by its keys, in the order of who applies', () => {
  const pods = kindOf('pods')
  const apply = (current: KubeObject | undefined, manager: string, containers: Part) =>
    applyPatch(
      pods,
      'v1',
      current,
      JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: { containers } }),
      { manager, force: false, now: at(1) },
    )
  const first = apply(undefined, 'one', [{ name: 'a', image: 'x' }])
  const second = apply(first, 'two', [
    { name: 'b', image: 'y' },
    { name: 'a', args: ['z'] },
  ])
  assert.equal(
    second.spec.containers.map(({ name, image, args }: Part) => ({ name, image, args })),
    [
      { name: 'b', image: 'y', args: undefined },
      { name: 'a', image: 'x', args: ['z'] },
    ],
  )
  assert.equal(
    apply(second, 'one', []).spec.containers.map(({ name }: Part) => name),
    ['b', 'a'],
  )
})

test('kubectl goes on where its client-side apply left off', () => {
  const annotations = {
    [lastApplied]: JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { a: '1' } }),
  }
  const client: KubeObject = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'a', annotations },
    data: { a: '1' },
  }
  const stored = trackUpdate(kind, 'v1', undefined, client, 'kubectl-client-side-apply', at(1))
  assert.throws(() => applied(stored, 'other', { a: '2' }), /conflict with "kubectl-client-side-apply" using v1/)
  const taken = applied(stored, 'kubectl', { a: '2' })
  assert.is(taken.data.a, '2')
  assert.match(taken.metadata.annotations?.[lastApplied] ?? '', '"data":{"a":"2"}')
})

test('what was changed since client-side apply is a conflict for kubectl too', () => {
  const annotations = {
    [lastApplied]: '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"a":"1"}}',
  }
  const client: KubeObject = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'a', annotations },
    data: { a: '3' },
  }
  const stored = trackUpdate(kind, 'v1', undefined, client, 'somebody', at(1))
  assert.throws(() => applied(stored, 'kubectl', { a: '2' }), /conflict with "somebody"/)
})

const rule = (spec: Part) =>
  JSON.stringify({ apiVersion: 'networking.istio.io/v1beta1', kind: 'DestinationRule', metadata: { name: 'a' }, spec })
const pod = (spec: Part) =>
  JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', namespace: 'n' }, spec })

const refusals: readonly [plural: string, body: string, message: RegExp][] = [
  [
    'destinationrules',
    rule({ host: 5 }),
    /^failed to create typed patch object \(\/a; networking\.istio\.io\/v1beta1, Kind=DestinationRule\): \.spec\.host: expected string, got &value\.valueUnstructured{Value:5}$/,
  ],
  ['destinationrules', rule({ subsets: {} }), /\.spec\.subsets: expected list, got &{map\[\]}$/],
  ['destinationrules', rule({ trafficPolicy: 'x' }), /\.spec\.trafficPolicy: expected map, got &{x}$/],
  ['destinationrules', rule({ foo: 1 }), /\.spec\.foo: field not declared in schema$/],
  [
    'destinationrules',
    rule({ foo: 1, bar: 2 }),
    /: errors:\n {2}\.spec\.foo: field not declared in schema\n {2}\.spec\.bar/,
  ],
  [
    'pods',
    pod({ containers: [{ name: 'c', stdin: 'x' }] }),
    /^failed to create typed patch object \(n\/a; \/v1, Kind=Pod\): \.spec\.containers\[name="c"\]\.stdin: expected boolean, got &{x}$/,
  ],
  ['pods', pod({ containers: [null] }), /element 0: associative list with keys may not have a null element$/],
  ['pods', pod({ containers: ['c'] }), /element 0: associative list with keys may not have non-map elements$/],
  ['pods', pod({ imagePullSecrets: [{}] }), /omits key field "name" \(and doesn't have default value\)$/],
  [
    'pods',
    pod({ containers: [{ name: 'c', ports: [{}, {}] }] }),
    /duplicate entries for key \[containerPort=0,protocol="TCP"\]$/,
  ],
  ['pods', '{"kind":"Pod"}', /^invalid object type: \/, Kind=Pod$/],
  ['pods', 'a: b: c', /^error decoding YAML: /],
]

for (const [plural, body, message] of refusals)
  test(`${body} is refused`, () => {
    const of = kindOf(plural)
    const version = of.custom ? 'v1beta1' : 'v1'
    assert.throws(() => applyPatch(of, version, undefined, body, { manager: 'one', force: true, now: at(1) }), message)
  })

test('who applies must say who it is', () => {
  assert.throws(() => applied(undefined, '', {}), /fieldManager: Required value: is required for apply patch/)
})

test('the status is not applied where it is a subresource', () => {
  const withStatus = { ...kindOf('pods'), subresources: ['status'] }
  const body = JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'a' },
    spec: { hostname: 'h' },
    status: { phase: 'x' },
  })
  const object = applyPatch(withStatus, 'v1', undefined, body, { manager: 'one', force: false, now: at(1) })
  assert.equal(object.metadata.managedFields?.[0]?.fieldsV1, { 'f:spec': { 'f:hostname': {} } })
})

test.run()
