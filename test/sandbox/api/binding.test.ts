import * as assert from 'uvu/assert'
import { suite } from '../../support/suite.ts'
import { startTestApi } from './api.ts'

const test = suite('bindings')
const api = await startTestApi()
api.registry.create('serviceaccounts', {
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name: 'default', namespace: 'default' },
})

function pod(name: string, spec: object = {}): void {
  api.registry.create('pods', {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default' },
    spec: { containers: [{ name: 'c', image: 'x' }], ...spec },
  })
}

const bind = (name: string, binding: object) =>
  api.ask('POST', `/api/v1/namespaces/default/pods/${name}/binding`, {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ metadata: { name }, ...binding }),
  })
const toNode = { target: { kind: 'Node', name: 'node' } }

test('a pod is given to a node once', async () => {
  pod('waiting')
  assert.is((await bind('waiting', toNode)).status, 201)
  assert.is(api.registry.get('pods', 'waiting', 'default').spec.nodeName, 'node')
  const { status, body } = await bind('waiting', toNode)
  assert.is(status, 409)
  assert.match(body.message, /: pod waiting is already assigned to node "node"$/)
})

test('a pod that waits at a gate is given to none', async () => {
  pod('gated', { schedulingGates: [{ name: 'a' }] })
  assert.match((await bind('gated', toNode)).body.message, /: pod gated has non-empty .spec.schedulingGates$/)
})

const wrong: readonly [binding: object, message: string][] = [
  [{ target: {} }, 'target.name: Required value'],
  [
    { target: { kind: 'Foo' } },
    '[target.kind: Unsupported value: "Foo": supported values: "Node", "<empty>", target.name: Required value]',
  ],
  [{ ...toNode, metadata: { name: 'other' } }, 'name in URL does not match name in Binding object'],
]

for (const [binding, message] of wrong)
  test(`${JSON.stringify(binding)}: ${message}`, async () => {
    pod('wrong', {})
    assert.is((await bind('wrong', binding)).body.message, message)
    api.registry.delete('pods', 'wrong', 'default', { gracePeriodSeconds: 0 })
  })

test.after(() => api.close())

test.run()
