/** In which formats bodies are read. The answers are those that a real server gave (Kubernetes 1.29.2). */
import * as assert from 'uvu/assert'
import { suite } from '../../support/suite.ts'
import { startTestApi } from './api.ts'

const test = suite('media types')
const api = await startTestApi()
const maps = '/api/v1/namespaces/default/configmaps?dryRun=All'
const services = '/apis/networking.istio.io/v1beta1/namespaces/default/virtualservices'
const reviews = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'
const map = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}'

const unknown = 'the body of the request was in an unknown format - accepted media types include:'
const all = `${unknown} application/json, application/yaml, application/vnd.kubernetes.protobuf`

const ask = (method: string, path: string, body: string, type?: string) =>
  api.ask(method, path, {
    headers: { 'content-length': String(body.length), ...(type ? { 'content-type': type } : {}) },
    body,
  })

const read: [type: string | undefined, body: string][] = [
  [undefined, map],
  ['application/json', map],
  ['application/json; charset=utf-8', map],
  ['application/yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n'],
]
for (const [type, body] of read)
  test(`a body ${type ? `of ${type}` : 'of no told type'} is read`, async () => {
    assert.is((await ask('POST', maps, body, type)).status, 201)
  })

const refused: [method: string, path: string, type: string, message: string][] = [
  ['POST', maps, 'application/x-www-form-urlencoded', all],
  ['POST', maps, '*/*', all],
  ['POST', maps, 'application/merge-patch+json', all],
  ['POST', services, 'application/vnd.kubernetes.protobuf', `${unknown} application/json, application/yaml`],
  ['POST', services, 'text/plain', all],
  ['POST', reviews, 'text/plain', all],
  ['DELETE', '/api/v1/namespaces/default', 'text/plain', all],
  ['PATCH', '/api/v1/namespaces/default', 'text/plain', '415: Unsupported Media Type'],
]
for (const [method, path, type, message] of refused)
  test(`${method} ${path.replace(/\?.*/, '')} of ${type} is refused`, async () => {
    const { status, body } = await ask(method, path, '{}', type)
    assert.equal([status, body.reason, body.message], [415, 'UnsupportedMediaType', message])
  })

test('nothing but a body has a type: deleted without one, an object goes', async () => {
  await ask('POST', maps.replace('?dryRun=All', ''), map)
  const { status } = await ask('DELETE', maps.replace('?dryRun=All', '/a'), '', 'text/plain')
  assert.is(status, 200)
})

test.after(() => api.close())
test.run()
