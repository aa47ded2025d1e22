/** Lists of another moment than now. The answers are those that a real server gave (Kubernetes 1.29.2). */
import * as assert from 'uvu/assert'
import { suite } from '../../support/suite.ts'
import { startTestApi } from './api.ts'

const test = suite('lists')
const api = await startTestApi()
const maps = '/api/v1/namespaces/default/configmaps'

for (const name of ['a', 'b', 'c'])
  api.registry.create('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' } })

const list = async (query: string) => (await api.ask('GET', `${maps}?${query}`)).body
const names = ({ items }: { items: { metadata: { name: string } }[] }) => items.map(({ metadata }) => metadata.name)
const token = (rv: number, start: string) =>
  Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv, start: `${start}\0` })).toString('base64url')

test('a list of a revision that is known shows what was there then', async () => {
  const { metadata } = await list('')
  api.registry.delete('configmaps', 'c', 'default', {})
  assert.equal(names(await list(`resourceVersion=${metadata.resourceVersion}&resourceVersionMatch=Exact`)), [
    'a',
    'b',
    'c',
  ])
  assert.equal(names(await list('')), ['a', 'b'])
})

test('a list of a revision that is forgotten is refused', async () => {
  assert.equal(await list('resourceVersion=2&resourceVersionMatch=Exact'), {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: 'The resourceVersion for the provided list is too old.',
    reason: 'Expired',
    code: 410,
  })
})

test('a list goes on from a revision that is forgotten by the token of the refusal alone', async () => {
  const refused = await list(`limit=1&continue=${token(2, 'a')}`)
  assert.equal([refused.code, refused.reason], [410, 'Expired'])
  assert.match(refused.message, /^The provided continue parameter is too old to display a consistent list result\./)
  assert.is(refused.metadata.continue, token(-1, 'a'))
  assert.equal(names(await list(`limit=1&continue=${refused.metadata.continue}`)), ['b'])
})

test('a list of whatever the server has at hand has no pages', async () => {
  const page = await list('limit=1')
  assert.equal([names(page), typeof page.metadata.continue], [['a'], 'string'])
  const whole = await list('limit=1&resourceVersion=0')
  assert.equal([names(whole), whole.metadata.continue], [['a', 'b'], undefined])
})

test('a list that goes on has its revision from its beginning', async () => {
  const { message } = await list(`continue=${token(-1, 'a')}&resourceVersion=3`)
  assert.is(message, 'specifying resource version is not allowed when using continue')
})

test('a list of custom resources is a map, as they are: its fields by name', async () => {
  const definition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'colors.example.com' },
    spec: {
      group: 'example.com',
      names: { plural: 'colors', singular: 'color', kind: 'Color', listKind: 'ColorList' },
      scope: 'Cluster',
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
    },
  }
  const { metadata } = api.registry.create('customresourcedefinitions.apiextensions.k8s.io', definition)
  const { text } = await api.ask('GET', '/apis/example.com/v1/colors')
  assert.is(
    text,
    `{"apiVersion":"example.com/v1","items":[],"kind":"ColorList","metadata":{"continue":"","resourceVersion":"${metadata.resourceVersion}"}}\n`,
  )
})

test.after(() => api.close())
test.run()
