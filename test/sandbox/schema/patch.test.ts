import * as assert from 'uvu/assert'
import type { KubeObject } from '../../../lib/sandbox/objects.ts'
import { patch } from '../../../lib/sandbox/schema/patch.ts'
import { StatusError } from '../../../lib/sandbox/status.ts'
import { suite } from '../../support/suite.ts'
import { kindOf } from './kinds.ts'

const test = suite('patch')

const json = 'application/json-patch+json'
const merge = 'application/merge-patch+json'
const strategic = 'application/strategic-merge-patch+json'

const configMap: KubeObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { a: '1' } }
const patched = (body: string, type: string) => patch(kindOf('configmaps'), 'v1', configMap, body, type)

const results: readonly [type: string, body: string, data: object][] = [
  [json, '[{"op":"add","path":"/data/b","value":"2"}]', { a: '1', b: '2' }],
  [json, '[{"op":"replace","path":"/data/b","value":"2"}]', { a: '1', b: '2' }],
  [json, '[{"op":"copy","from":"/data/none","path":"/data/b"}]', { a: '1', b: null }],
  [json, '[{"op":"copy","from":"x/data/a","path":"y/data/b"}]', { a: '1', b: '1' }],
  [`${merge}; charset=utf-8`, '{"data":{"a":null,"b":"2"}}', { b: '2' }],
  [strategic, '{"data":{"b":"2"}}', { a: '1', b: '2' }],
]

for (const [type, body, data] of results)
  test(`${type} ${body} gives ${JSON.stringify(data)}`, () => {
    assert.equal(patched(body, type).data, data)
    assert.equal(configMap.data, { a: '1' })
  })

const refusals: readonly [type: string, body: string, code: number, message: RegExp][] = [
  [json, '[{"op":"test","path":"/data/a","value":"2"}]', 422, /rejected our request/],
  [json, '[{"op":"remove","path":"/data/none"}]', 422, /rejected our request/],
  [json, '[{"op":"add","path":"/none/none","value":1}]', 422, /rejected our request/],
  [json, '[{"op":"add","path":"/__proto__/a","value":1}]', 422, /rejected our request/],
  [json, '[{"op":"add","path":"data","value":1}]', 422, /rejected our request/],
  [json, '["a"]', 400, /cannot unmarshal string into Go value of type handlers.jsonPatchOp/],
  [
    json,
    JSON.stringify(Array(10_001).fill({ op: 'test', path: '' })),
    413,
    /maximum operations in a JSON patch is 10000/,
  ],
  [merge, 'null', 400, /cannot unmarshal null into Go value/],
  [strategic, '{', 400, /^unexpected end of JSON input$/],
  ['application/json', '{}', 415, /^415: Unsupported Media Type$/],
]

for (const [type, body, code, message] of refusals)
  test(`${type} ${body.slice(0, 60)} is refused with ${code}`, () => {
    assert.throws(
      () => patched(body, type),
      (error: unknown) => error instanceof StatusError && error.code === code && message.test(error.message),
    )
  })

test('a custom resource takes no strategic merge patch, and is not offered one', () => {
  const rule: KubeObject = {
    apiVersion: 'networking.istio.io/v1beta1',
    kind: 'DestinationRule',
    metadata: { name: 'a' },
  }
  assert.throws(
    () => patch(kindOf('destinationrules'), 'v1beta1', rule, '{}', strategic),
    (error: unknown) => error instanceof StatusError && error.code === 415 && !error.message.includes('strategic'),
  )
})

test.run()
