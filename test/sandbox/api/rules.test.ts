/** The rules of a definition hold for whoever writes, in whatever way. */
import * as assert from 'uvu/assert'
import { suite } from '../../support/suite.ts'
import { cakes, startTestApi } from './api.ts'

const test = suite('rules of a definition')
const api = await startTestApi()

const size = { type: 'integer' }
const ruled = { 'x-kubernetes-validations': [{ rule: 'self.size < 10', message: 'too large' }] }
const version = (more: object) => ({
  schema: {
    openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties: { size }, ...more } } },
  },
  subresources: { scale: { specReplicasPath: '.spec.size', statusReplicasPath: '.status.now' } },
})
api.registry.create(
  'customresourcedefinitions.apiextensions.k8s.io',
  cakes(['v1', version(ruled)], ['v2', version({})]),
)
const path = '/apis/example.com/v1/namespaces/default/cakes'
const cake = (name: string, size: number) =>
  JSON.stringify({ apiVersion: 'example.com/v1', kind: 'Cake', metadata: { name }, spec: { size } })

const ways: readonly [way: string, method: string, path: string, type: string, body: (size: number) => string][] = [
  ['created', 'POST', path, 'application/json', (size) => cake(`new-${size}`, size)],
  ['patched', 'PATCH', `${path}/a`, 'application/merge-patch+json', (size) => JSON.stringify({ spec: { size } })],
  [
    'applied',
    'PATCH',
    `${path}/a?fieldManager=me&force=true`,
    'application/apply-patch+yaml',
    (size) => cake('a', size),
  ],
  [
    'scaled',
    'PATCH',
    `${path}/a/scale`,
    'application/merge-patch+json',
    (size) => JSON.stringify({ spec: { replicas: size } }),
  ],
]
// Not through the API, which gets ready to check at the first write.
api.registry.store.create('cakes.example.com', {
  ...JSON.parse(cake('a', 1)),
  metadata: { name: 'a', namespace: 'default' },
})
test('in a version without rules there are none to keep', async () => {
  const headers = { 'content-type': 'application/merge-patch+json' }
  const body = JSON.stringify({ spec: { replicas: 11 } })
  assert.is((await api.ask('PATCH', `${path.replace('v1', 'v2')}/a/scale`, { headers, body })).status, 200)
})

for (const [way, method, at, type, body] of ways)
  test(`an object that is ${way} must keep them`, async () => {
    const ask = (size: number) => api.ask(method, at, { headers: { 'content-type': type }, body: body(size) })
    const refused = await ask(11)
    assert.is(refused.status, 422)
    assert.match(refused.body.message, /: spec: Invalid value: "object": too large$/)
    assert.ok((await ask(9)).status < 300)
  })

test.after(() => api.close())
test.run()
