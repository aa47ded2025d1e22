/** What a definition says of its versions, and what a request by one of them is answered. */
import * as assert from 'uvu/assert'
import type { KubeObject } from '../../../lib/sandbox/objects.ts'
import { suite } from '../../support/suite.ts'
import { cakes, startTestApi, type TestApi } from './api.ts'

const test = suite('versions of a definition')
const resource = 'customresourcedefinitions.apiextensions.k8s.io'
const definition = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/cakes.example.com`
const merging = { 'content-type': 'application/merge-patch+json' }
const text = { type: 'string' }

const schema = (properties: object) => ({ schema: { openAPIV3Schema: { type: 'object', properties } } })
const path = (version: string, name = '') => `/apis/example.com/${version}/namespaces/default/cakes${name}`
const cake = (version: string, more: object) =>
  JSON.stringify({ apiVersion: `example.com/${version}`, kind: 'Cake', metadata: { name: 'a' }, ...more })
const content = ({ apiVersion: _version, kind: _kind, metadata: _metadata, ...rest }: KubeObject) => rest

let api: TestApi
test.before.each(async () => {
  api = await startTestApi()
})
test.after.each(() => api.close())

function define(...versions: Parameters<typeof cakes>): void {
  api.registry.create(resource, cakes(...versions))
}

test('a version shows what it knows of what is stored', async () => {
  define(['v1', schema({ a: text, c: text })], ['v2', schema({ b: { ...text, default: 'x' }, c: text })])
  await api.ask('POST', path('v1'), { body: cake('v1', { a: '1', c: '3' }) })
  assert.equal(content((await api.ask('GET', path('v2', '/a'))).body), { c: '3' })
  assert.equal((await api.ask('GET', path('v2'))).body.items.map(content), [{ c: '3' }])
  assert.equal(content((await api.ask('GET', path('v1', '/a'))).body), { a: '1', c: '3' })
})

test('what the stored version does not know is lost', async () => {
  define(['v1', { ...schema({ a: text, c: text }), served: false }], ['v2', schema({ b: text, c: text })])
  const created = await api.ask('POST', path('v2'), { body: cake('v2', { b: '2', c: '3' }) })
  assert.equal(content(created.body), { c: '3' })
  const patched = await api.ask('PATCH', path('v2', '/a'), { headers: merging, body: '{"b":"2"}' })
  assert.equal(content(patched.body), { c: '3' })
  assert.is(patched.headers.warning, undefined)
  assert.is(patched.body.metadata.generation, 2)
})

test('an object is shown as the schema is now', async () => {
  define(['v1', schema({ a: text, c: text })])
  await api.ask('POST', path('v1'), { body: cake('v1', { a: '1', c: '3' }) })
  const body = JSON.stringify({
    spec: {
      versions: [{ name: 'v1', served: true, storage: true, ...schema({ c: text, d: { ...text, default: 'x' } }) }],
    },
  })
  assert.is((await api.ask('PATCH', definition, { headers: merging, body })).status, 200)
  const { body: shown } = await api.ask('GET', path('v1', '/a'))
  assert.equal(content(shown), { c: '3', d: 'x' })
  const { body: patched } = await api.ask('PATCH', path('v1', '/a'), { headers: merging, body: '{}' })
  assert.is(patched.metadata.generation, 1)
})

test('who uses a deprecated version is told of a better one', async () => {
  const old = { ...schema({}), deprecated: true }
  define(
    ['v1', schema({})],
    ['v2', old],
    ['v1beta1', old],
    ['v1beta2', schema({})],
    ['v1alpha1', { ...old, deprecationWarning: 'own words' }],
  )
  const warning = async (version: string) => (await api.ask('GET', path(version))).headers.warning
  assert.is(await warning('v1'), undefined)
  assert.is(await warning('v2'), '299 - "example.com/v2 Cake is deprecated"')
  assert.is(await warning('v1beta1'), '299 - "example.com/v1beta1 Cake is deprecated; use example.com/v1 Cake"')
  assert.is(await warning('v1alpha1'), '299 - "own words"')
})

test('a version stays as long as objects may be stored in it', async () => {
  define(['v1', schema({})], ['v2', schema({})])
  const headers = { 'content-type': 'application/json-patch+json' }
  const patch = (...operations: object[]) => api.ask('PATCH', definition, { headers, body: JSON.stringify(operations) })
  const removal = { op: 'remove', path: '/spec/versions/0' }
  const fields = ({ body }: Awaited<ReturnType<typeof patch>>) =>
    body.details.causes.map(({ field }: { field: string }) => field)
  assert.equal(fields(await patch(removal)), ['spec.versions', 'status.storedVersions[0]'])
  const { body: moved } = await patch(
    { op: 'replace', path: '/spec/versions/0/storage', value: false },
    { op: 'replace', path: '/spec/versions/1/storage', value: true },
  )
  assert.equal(moved.status.storedVersions, ['v1', 'v2'])
  assert.equal(fields(await patch(removal)), ['status.storedVersions[0]'])
  const body = JSON.stringify({ status: { storedVersions: ['v2'] } })
  assert.is((await api.ask('PATCH', `${definition}/status`, { headers: merging, body })).status, 200)
  assert.is((await patch(removal)).status, 200)
})

test('what is written by way of the status is looked at by itself', async () => {
  const size = { type: 'integer' }
  define([
    'v1',
    {
      ...schema({
        spec: { type: 'object', properties: { size: { ...size, maximum: 3 } } },
        status: { type: 'object', properties: { size, which: text } },
      }),
      subresources: {
        status: {},
        scale: {
          specReplicasPath: '.spec.size',
          statusReplicasPath: '.status.size',
          labelSelectorPath: '.status.which',
        },
      },
    },
  ])
  api.registry.store.create('cakes.example.com', {
    ...JSON.parse(cake('v1', { spec: { size: 9 } })),
    metadata: { name: 'a', namespace: 'default' },
  })
  const patch = async (status: unknown) => {
    const { body } = await api.ask('PATCH', path('v1', '/a/status'), {
      headers: merging,
      body: JSON.stringify({ status }),
    })
    return (body.details?.causes ?? []).map(({ field, message }: Record<string, string>) => `${field}: ${message}`)
  }
  assert.equal(await patch({ size: 'x' }), [
    'size: Invalid value: "string": size in body must be of type integer: "string"',
    '.status.size: Invalid value: 0: .status.size accessor error: x is of the type string, expected int64',
  ])
  assert.equal(await patch({ which: 1 }), [
    'which: Invalid value: "integer": which in body must be of type string: "integer"',
    '.status.which: Invalid value: "": .status.which accessor error: 1 is of the type int64, expected string',
  ])
  assert.equal(await patch('x'), [
    '<nil>: Invalid value: "string":  in body must be of type object: "string"',
    '.status.size: Invalid value: 0: .status.size accessor error: x is of the type string, expected map[string]interface{}',
    '.status.which: Invalid value: "": .status.which accessor error: x is of the type string, expected map[string]interface{}',
  ])
  assert.equal(await patch({ size: 2 ** 31 }), [
    '.status.size: Invalid value: 2147483648: should be less than or equal to 2147483647',
  ])
  // The rest of the object, which would not be taken now, is not looked at.
  assert.equal(await patch({ size: 1 }), [])
})

test('of a definition that is to go, objects are served but no new ones taken', async () => {
  define([
    'v1',
    {
      ...schema({ a: text }),
      subresources: {
        status: {},
        scale: {
          specReplicasPath: '.spec.a',
          statusReplicasPath: '.status.a',
        },
      },
    },
  ])
  await api.ask('POST', path('v1'), { body: cake('v1', { a: '1' }) })
  const preview = await api.ask('DELETE', `${definition}?dryRun=All`)
  assert.ok(preview.body.metadata.deletionTimestamp)
  assert.is(api.registry.get(resource, 'cakes.example.com').metadata.deletionTimestamp, undefined)
  const { status, body } = await api.ask('DELETE', definition)
  assert.equal([status, body.kind, body.metadata.generation], [200, 'CustomResourceDefinition', 1])
  const created = await api.ask('POST', path('v1'), { body: cake('v1', {}) })
  assert.is(created.status, 405)
  assert.is(created.body.message, 'create not allowed while custom resource definition is terminating')
  assert.equal(created.body.details, { group: 'example.com', kind: 'cakes' })
  const patched = await api.ask('PATCH', path('v1', '/a'), { headers: merging, body: '{"a":"2"}' })
  assert.equal(content(patched.body), { a: '2' })
  const applied = await api.ask('PATCH', path('v1', '/a?fieldManager=me&force=true'), {
    headers: { 'content-type': 'application/apply-patch+yaml' },
    body: cake('v1', { a: '3' }),
  })
  assert.equal(content(applied.body), { a: '3' })
  const { resources } = (await api.ask('GET', '/apis/example.com/v1')).body
  assert.equal(
    resources.map(({ name }: { name: string }) => name),
    ['cakes', 'cakes/status', 'cakes/scale'],
  )
  assert.equal(resources[0].verbs, ['delete', 'deletecollection', 'get', 'list', 'watch'])
  const labelled = await api.ask('PATCH', definition, { headers: merging, body: '{"metadata":{"labels":{"a":"b"}}}' })
  assert.is(labelled.status, 200)
  const { metadata } = (await api.ask('DELETE', definition)).body
  assert.equal([metadata.generation, metadata.deletionGracePeriodSeconds], [1, 0])
  assert.is(metadata.deletionTimestamp, body.metadata.deletionTimestamp)
})

test('a definition goes only as the one that was meant', () => {
  define(['v1', schema({})])
  assert.throws(
    () => api.registry.delete(resource, 'cakes.example.com', undefined, { preconditions: { uid: 'x' } }),
    /on customresourcedefinitions.apiextensions.k8s.io "cakes.example.com": Precondition failed: UID in precondition: x, UID in object meta: /,
  )
})

test('finalizers without a domain are taken, with a warning', async () => {
  define(['v1', schema({})])
  const body = cake('v1', { metadata: { name: 'a', finalizers: ['plain', 'orphan', 'example.com/a'] } })
  const { status, headers } = await api.ask('POST', path('v1'), { body })
  assert.is(status, 201)
  assert.match(
    headers.warning ?? '',
    /^299 - "metadata.finalizers: \\"plain\\": prefer a domain-qualified finalizer name/,
  )
})

test.run()
