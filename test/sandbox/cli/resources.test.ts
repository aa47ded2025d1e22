import * as assert from 'uvu/assert'
import type { Client } from '../../../lib/sandbox/cli/client.ts'
import { discover, findResource, pathOf, shownName } from '../../../lib/sandbox/cli/resources.ts'
import { suite } from '../../support/suite.ts'

const test = suite('resources')

const answers: Readonly<Record<string, unknown>> = {
  '/apis': {
    groups: [
      { preferredVersion: { groupVersion: 'apps/v1' } },
      { preferredVersion: { groupVersion: 'networking.istio.io/v1beta1' } },
    ],
  },
  '/api/v1': {
    groupVersion: 'v1',
    resources: [
      { name: 'pods', kind: 'Pod', singularName: 'pod', shortNames: ['po'], categories: ['all'], namespaced: true },
      { name: 'pods/log', kind: 'Pod', singularName: '', namespaced: true },
      { name: 'namespaces', kind: 'Namespace', singularName: '', shortNames: ['ns'], namespaced: false },
    ],
  },
  '/apis/apps/v1': {
    groupVersion: 'apps/v1',
    resources: [
      { name: 'deployments', kind: 'Deployment', singularName: 'deployment', shortNames: ['deploy'], namespaced: true },
    ],
  },
  '/apis/networking.istio.io/v1beta1': {
    groupVersion: 'networking.istio.io/v1beta1',
    resources: [{ name: 'gateways', kind: 'Gateway', singularName: 'gateway', shortNames: ['gw'], namespaced: true }],
  },
}
const client = { send: async ({ path }: { path: string }) => answers[path] } as Client
const resources = await discover(client)

const names: [name: string, plural: string][] = [
  ['pods', 'pods'],
  ['pod', 'pods'],
  ['po', 'pods'],
  ['Pod', 'pods'],
  ['ns', 'namespaces'],
  ['namespace', 'namespaces'],
  ['deployments.apps', 'deployments'],
  ['deployment.v1.apps', 'deployments'],
  ['gw', 'gateways'],
  ['gateway.networking.istio.io', 'gateways'],
]
for (const [name, plural] of names)
  test(`${name} is the resource ${plural}`, () => {
    assert.is(findResource(resources, name).plural, plural)
  })

for (const name of ['nope', 'pods.apps', 'pods/log'])
  test(`${name} is no resource`, () => {
    assert.throws(
      () => findResource(resources, name),
      (error: Error) => error.message === `the server doesn't have a resource type "${name}"`,
    )
  })

const paths: [name: string, namespace: string | undefined, object: string | undefined, path: string][] = [
  ['pods', 'default', undefined, '/api/v1/namespaces/default/pods'],
  ['pods', undefined, undefined, '/api/v1/pods'],
  ['pods', 'default', 'a b', '/api/v1/namespaces/default/pods/a%20b'],
  ['namespaces', 'default', 'x', '/api/v1/namespaces/x'],
  ['deployments', 'default', 'x', '/apis/apps/v1/namespaces/default/deployments/x'],
]
for (const [name, namespace, object, path] of paths)
  test(`its path is ${path}`, () => {
    assert.is(pathOf(findResource(resources, name), namespace, object), path)
  })

test('kubectl shows a resource with its group', () => {
  assert.equal(
    ['pods', 'deployments'].map((name) => shownName(findResource(resources, name))),
    ['pod', 'deployment.apps'],
  )
})

test.run()
