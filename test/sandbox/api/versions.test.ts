/** One object by several versions of its kind. */
import * as assert from 'uvu/assert'
import { suite } from '../../support/suite.ts'
import { startTestApi } from './api.ts'

const test = suite('versions')
const api = await startTestApi()

const path = (version: string) => `/apis/networking.istio.io/${version}/namespaces/default/virtualservices`
const merge = { 'content-type': 'application/merge-patch+json' }

const create = (name: string) =>
  api.ask('POST', path('v1alpha3'), {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      apiVersion: 'networking.istio.io/v1alpha3',
      kind: 'VirtualService',
      metadata: { name },
      spec: { hosts: [name], http: [{ route: [{ destination: { host: name } }] }] },
    }),
  })
const patch = (name: string, version: string, change: object) =>
  api.ask('PATCH', `${path(version)}/${name}?fieldManager=test`, { headers: merge, body: JSON.stringify(change) })

test('a label put on by another version is no change of what was asked for', async () => {
  await create('labelled')
  const { body } = await patch('labelled', 'v1beta1', { metadata: { labels: { a: 'b' } } })
  assert.is(body.apiVersion, 'networking.istio.io/v1beta1')
  assert.is(body.metadata.generation, 1)
})

test('a patch by another version that changes nothing writes nothing', async () => {
  const { body: created } = await create('untouched')
  const { body } = await patch('untouched', 'v1beta1', { spec: { hosts: ['untouched'] } })
  assert.is(body.metadata.resourceVersion, created.metadata.resourceVersion)
})

test('a change by another version counts, is seen by all, and is owned in the version it came by', async () => {
  await create('changed')
  await patch('changed', 'v1beta1', { spec: { hosts: ['other'] } })
  const { body } = await api.ask('GET', `${path('v1alpha3')}/changed`)
  assert.equal([body.apiVersion, body.spec.hosts], ['networking.istio.io/v1alpha3', ['other']])
  assert.is(body.metadata.generation, 2)
  const owners = body.metadata.managedFields.map(({ apiVersion }: { apiVersion: string }) => apiVersion)
  assert.equal(owners.sort(), ['networking.istio.io/v1alpha3', 'networking.istio.io/v1beta1'])
})

test.after(() => api.close())
test.run()
