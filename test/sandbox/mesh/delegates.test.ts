import { deepEqual } from 'node:assert/strict'
import { rulesOf } from '../../../lib/sandbox/mesh/delegates.ts'
import type { HTTPMatchRequest, HTTPRoute, VirtualService } from '../../../lib/sandbox/mesh/types.ts'
import { virtualService } from '../../support/mesh.ts'
import { suite } from '../../support/suite.ts'

const test = suite('rules that hand over')

const route = [{ destination: { host: 'a' } }]

function merged(root: HTTPRoute, own: HTTPRoute, exportTo?: string[]): (HTTPRoute & { namespace: string })[] {
  const delegate = virtualService('part', { http: [own], ...(exportTo ? { exportTo } : {}) }) as VirtualService
  delegate.metadata.namespace = 'other'
  const service = virtualService('all', {
    hosts: ['a'],
    http: [{ ...root, delegate: { name: 'part', namespace: 'other' } }],
  })
  service.metadata.namespace = 'default'
  const find = (name: string, namespace: string) => (`${namespace}/${name}` === 'other/part' ? delegate : undefined)
  return rulesOf(service as VirtualService, find).map(({ rule, namespace }) => ({ ...rule, namespace }))
}

test('the other has its own words, and those of the first where it says nothing', () => {
  const root = { name: 'root', timeout: '1s', headers: { request: { set: { a: '1' } } }, rewrite: { uri: '/x' } }
  deepEqual(merged(root, { name: 'own', route, timeout: '2s' }), [
    { ...root, name: 'root-own', route, timeout: '2s', match: [], namespace: 'other' },
  ])
})

/** Of the root and of the delegate, and what becomes of them; undefined: the rule falls away. */
const matches: readonly [HTTPMatchRequest, HTTPMatchRequest, HTTPMatchRequest | undefined][] = [
  [{ uri: { prefix: '/a' } }, { uri: { prefix: '/a/b' } }, { uri: { prefix: '/a/b' } }],
  [{ uri: { prefix: '/a' } }, { uri: { exact: '/a' } }, { uri: { exact: '/a' } }],
  [{ uri: { prefix: '/a/b' } }, { uri: { prefix: '/a' } }, undefined],
  [{ uri: { prefix: '/a' } }, { uri: { regex: '/a.*' } }, undefined],
  [{ uri: { exact: '/a' } }, { uri: { exact: '/b' } }, undefined],
  [{ uri: { prefix: '/a' } }, { method: { exact: 'GET' } }, { uri: { prefix: '/a' }, method: { exact: 'GET' } }],
  [{ headers: { a: { exact: '1' } } }, { headers: { b: {} } }, { headers: { a: { exact: '1' }, b: {} } }],
  [{ headers: { a: { exact: '1' } } }, { headers: { a: { exact: '2' } } }, undefined],
  [
    { queryParams: { a: { prefix: 'x' } } },
    { queryParams: { a: { exact: 'xy' } } },
    { queryParams: { a: { exact: 'xy' } } },
  ],
  [{ port: 80 }, { port: 81 }, undefined],
  [{ sourceNamespace: 'x' }, { uri: { exact: '/a' } }, undefined],
  [{ sourceLabels: { a: '1' } }, { sourceLabels: { a: '2' } }, undefined],
  [{ ignoreUriCase: true, uri: { prefix: '/a' } }, { uri: { prefix: '/a/b' } }, undefined],
  [{ gateways: ['g', 'mesh'] }, { gateways: ['default/g'] }, { gateways: ['default/g'] }],
  [{ gateways: ['mesh'] }, { gateways: ['g'] }, undefined],
]

for (const [root, own, expected] of matches)
  test(`${JSON.stringify(root)} and ${JSON.stringify(own)} are ${JSON.stringify(expected) ?? 'nothing'}`, () => {
    const found = merged({ match: [root] }, { match: [own], route }).flatMap(({ match = [] }) => match)
    const isEmpty = (value: unknown) => typeof value === 'object' && Object.keys(value as object).length === 0
    const filled = found.map((match) =>
      Object.fromEntries(Object.entries(match).filter(([, value]) => !isEmpty(value))),
    )
    deepEqual(filled, expected ? [expected] : [])
  })

test('one that the namespace may not see takes no part', () => {
  deepEqual(merged({}, { route }, ['.']), [])
  deepEqual(merged({}, { route }, ['default']).length, 1)
})

test.run()
