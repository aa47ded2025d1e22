/** The scale of custom resources, which their definition says where to find. */
import * as assert from 'uvu/assert'
import { suite } from '../../support/suite.ts'
import { cakes, startTestApi } from './api.ts'

const test = suite('scale')
const api = await startTestApi()
const size = { type: 'integer', maximum: 10 }
const schema = {
  openAPIV3Schema: {
    type: 'object',
    properties: {
      spec: { type: 'object', properties: { size } },
      status: { type: 'object', properties: { now: { type: 'integer' }, which: { type: 'string' } } },
    },
  },
}
const scale = { specReplicasPath: '.spec.size', statusReplicasPath: '.status.now', labelSelectorPath: '.status.which' }
api.registry.create(
  'customresourcedefinitions.apiextensions.k8s.io',
  cakes(['v1', { schema, subresources: { scale } }]),
)
api.registry.create('cakes.example.com', {
  apiVersion: 'example.com/v1',
  kind: 'Cake',
  metadata: { name: 'a', namespace: 'default' },
  spec: { size: 3 },
  status: { now: 2, which: 'app=a' },
})
const path = '/apis/example.com/v1/namespaces/default/cakes/a/scale'
const headers = { 'content-type': 'application/merge-patch+json' }
const patch = (replicas: unknown) => api.ask('PATCH', path, { headers, body: JSON.stringify({ spec: { replicas } }) })

test('it is read from the fields that the definition names', async () => {
  const { body } = await api.ask('GET', path)
  assert.equal([body.apiVersion, body.kind], ['autoscaling/v1', 'Scale'])
  assert.equal([body.spec, body.status], [{ replicas: 3 }, { replicas: 2, selector: 'app=a' }])
})

test('it is written there, by a manager whose fields are not dated', async () => {
  assert.is((await patch(7)).body.spec.replicas, 7)
  const { spec, metadata } = api.registry.get('cakes.example.com', 'a', 'default')
  assert.is(spec.size, 7)
  const entry = metadata.managedFields?.find(({ subresource }) => subresource === 'scale')
  assert.equal([entry?.time, entry?.fieldsV1], [undefined, { 'f:spec': { 'f:size': {} } }])
})

test('the object must still be valid', async () => {
  const { status, body } = await patch(20)
  assert.is(status, 422)
  assert.match(body.message, 'spec.size in body should be less than or equal to 10')
})

test('how many there should be is a number, and not less than none', async () => {
  assert.match(
    (await patch('x')).body.message,
    /: json: cannot unmarshal string into Go struct field ScaleSpec.spec.replicas of type int32$/,
  )
  assert.match((await patch(-1)).body.message, /: .spec.size: Invalid value: -1: should be a non-negative integer$/)
})

test('one that does not say how many it wants has no scale', async () => {
  api.registry.create('cakes.example.com', {
    apiVersion: 'example.com/v1',
    kind: 'Cake',
    metadata: { name: 'b', namespace: 'default' },
  })
  const { status, body } = await api.ask('GET', path.replace('/a/', '/b/'))
  assert.is(status, 500)
  assert.is(body.message, 'Internal error occurred: the spec replicas field ".spec.size" does not exist')
})

test('a table shows what is wanted and what is there', async () => {
  const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io'
  const { body } = await api.ask('GET', path, { headers: { accept } })
  assert.equal(body.rows[0].cells.slice(0, 3), ['a', 7, 2])
})

test.after(() => api.close())
test('nobody owns the number once there are to be none, nor the one that comes after', async () => {
  assert.is((await patch(4)).status, 200)
  assert.is((await patch(0)).status, 200)
  const owners = () =>
    api.registry
      .get('cakes.example.com', 'a', 'default')
      .metadata.managedFields?.filter(({ fieldsV1 }) => JSON.stringify(fieldsV1).includes('f:size'))
  assert.equal(owners(), [])
  assert.is((await patch(5)).body.spec.replicas, 5)
  assert.equal(owners(), [])
})

test.run()
