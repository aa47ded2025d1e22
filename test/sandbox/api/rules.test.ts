/** The rules of a definition hold for whoever writes, in whatever way. */
import * as assert from 'uvu/assert'
import { suite } from '../../support/suite.ts'
import { startTestApi } from './api.ts'

const test = suite('rules of a definition')
const api = await startTestApi()

const spec = {
  type: 'object',
  properties: { size: { type: 'integer' } },
  'x-kubernetes-validations': [{ rule: 'self.size < 10', message: 'too large' }],
}
api.registry.create('customresourcedefinitions.apiextensions.k8s.io', {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'cakes.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'cakes', singular: 'cake', kind: 'Cake', listKind: 'CakeList' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', properties: { spec } } },
        subresources: { scale: { specReplicasPath: '.spec.size', statusReplicasPath: '.status.now' } },
      },
    ],
  },
})
const cakes = '/apis/example.com/v1/namespaces/default/cakes'
const cake = (name: string, size: number) =>
  JSON.stringify({ apiVersion: 'example.com/v1', kind: 'Cake', metadata: { name }, spec: { size } })

const ways: readonly [way: string, method: string, path: string, type: string, body: (size: number) => string][] = [
  ['created', 'POST', cakes, 'application/json', (size) => cake(`new-${size}`, size)],
  ['patched', 'PATCH', `${cakes}/a`, 'application/merge-patch+json', (size) => JSON.stringify({ spec: { size } })],
  [
    'applied',
    'PATCH',
    `${cakes}/a?fieldManager=me&force=true`,
    'application/apply-patch+yaml',
    (size) => cake('a', size),
  ],
  [
    'scaled',
    'PATCH',
    `${cakes}/a/scale`,
    'application/merge-patch+json',
    (size) => JSON.stringify({ spec: { replicas: size } }),
  ],
]
test.before(async () => {
  await api.ask('POST', cakes, { body: cake('a', 1) })
})
for (const [way, method, path, type, body] of ways)
  test(`an object that is ${way} must keep them`, async () => {
    const ask = (size: number) => api.ask(method, path, { headers: { 'content-type': type }, body: body(size) })
    const refused = await ask(11)
    assert.is(refused.status, 422)
    assert.match(refused.body.message, /: spec: Invalid value: "object": too large$/)
    assert.ok((await ask(9)).status < 300)
  })

test.after(() => api.close())
test.run()
