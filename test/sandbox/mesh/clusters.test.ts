import { deepEqual, equal } from 'node:assert/strict'
import { Clusters, type Target } from '../../../lib/sandbox/mesh/clusters.ts'
import type { DestinationRule } from '../../../lib/sandbox/mesh/types.ts'
import type { KubeObject } from '../../../lib/sandbox/objects.ts'
import { Store } from '../../../lib/sandbox/store/store.ts'
import { apply, destinationRule, exposed, pod } from '../../support/mesh.ts'
import { suite } from '../../support/suite.ts'

const test = suite('clusters')
const client = { namespace: 'default', labels: {} }
const host = 'reviews.default.svc.cluster.local'
const pods = ['v1', 'v2', 'v3'].map((version) =>
  pod({ name: `reviews-${version}`, labels: { app: 'reviews', version } }),
)
const subsets = ['v1', 'v2'].map((version) => ({ name: version, labels: { version } }))

function clustersOf(...objects: KubeObject[]): Clusters {
  const store = new Store()
  for (const object of [...pods, ...exposed('reviews', pods), ...objects]) apply(store, object)
  return known(store)
}

function known(store: Store): Clusters {
  return new Clusters(store, store.list('destinationrules.networking.istio.io') as DestinationRule[])
}

function namesIn(clusters: Clusters, subset: string, port: number | undefined = undefined, namespace = 'default') {
  const cluster = clusters.find({ host, port, subset }, 8080, { namespace, labels: {} })
  return cluster?.endpoints.map((endpoint) => endpoint.pod.metadata.name)
}

test('without a rule all ready pods', () => {
  const unready = pod({ name: 'reviews-v4', ready: false })
  const store = new Store()
  for (const object of [...pods, unready, ...exposed('reviews', [...pods, unready])]) apply(store, object)
  deepEqual(namesIn(known(store), ''), ['reviews-v1', 'reviews-v2', 'reviews-v3'])
})

test("a Service's only port needs no naming; one it lacks is unknown", () => {
  equal(clustersOf().find({ host, port: undefined, subset: '' }, 8080, client)?.name, `outbound|9080||${host}`)
  equal(namesIn(clustersOf(), '', 81), undefined)
  deepEqual(namesIn(clustersOf(), '', 9080)?.length, 3)
})

test('a host that is no Service is unknown', () => {
  const clusters = clustersOf()
  for (const name of ['nowhere.default.svc.cluster.local', 'reviews.other.svc.cluster.local', 'www.example.com'])
    equal(clusters.find({ host: name, port: 9080, subset: '' }, 8080, client), undefined)
})

const alias = (name: string, externalName: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'default' },
  spec: { type: 'ExternalName', externalName },
})

test('another name of a Service has no cluster; a gateway takes it for what it names', () => {
  const here = (name: string) => `${name}.default.svc.cluster.local`
  const others = [alias('same', host), alias('nobody', 'nowhere.invalid'), alias('ring', here('ring'))]
  const clusters = clustersOf(...others)
  const target = (name: string) => ({ host: here(name), port: undefined, subset: '' })
  const find = (of: Target) => clusters.find(of, 8080, client)?.name
  for (const name of ['same', 'nobody', 'ring']) equal(find(target(name)), undefined)
  equal(find(clusters.named(target('same'))), `outbound|9080||${host}`)
  equal(find(clusters.named(target('nobody'))), undefined)
  equal(find(clusters.named(target('ring'))), undefined)
})

/** What a Service says of who is told of it, and whether a proxy in its own namespace and one in another knows it. */
const exports: readonly [string | undefined, boolean, boolean][] = [
  [undefined, true, true],
  ['*', true, true],
  ['.', true, false],
  ['~', false, false],
  ['other', false, true],
  ['default, other', true, true],
]
for (const [exportTo, inOwn, inOther] of exports)
  test(`a Service exported to ${exportTo ?? 'whom it likes'}`, () => {
    const [service, ...rest] = exposed('reviews', pods) as [KubeObject, ...KubeObject[]]
    const annotations = exportTo === undefined ? {} : { 'networking.istio.io/exportTo': exportTo }
    const store = new Store()
    const told = { ...service, metadata: { ...service.metadata, annotations } }
    for (const object of [...pods, told, ...rest]) apply(store, object)
    for (const [namespace, isKnown] of [
      ['default', inOwn],
      ['other', inOther],
    ] as const) {
      equal(known(store).isVisible(host, namespace), isKnown)
      equal(namesIn(known(store), '', 9080, namespace)?.length, isKnown ? 3 : undefined)
    }
    equal(namesIn(new Clusters(store), '', 9080)?.length, 3, 'kube-proxy reads no annotations')
  })

/** Rules, and the pods of subset v1 for a client in namespace default; undefined: no such subset. */
const rules: readonly [string, KubeObject[], string[] | undefined][] = [
  ['no rule', [], undefined],
  ['a short host', [destinationRule('a', { host: 'reviews', subsets })], ['reviews-v1']],
  ['a full host', [destinationRule('a', { host, subsets })], ['reviews-v1']],
  ['a wildcard', [destinationRule('a', { host: '*.default.svc.cluster.local', subsets })], ['reviews-v1']],
  ['another host', [destinationRule('a', { host: 'ratings', subsets })], undefined],
  ['a subset of other labels', [destinationRule('a', { host, subsets: [{ name: 'v1', labels: { a: 'b' } }] })], []],
  [
    'a subset without labels',
    [destinationRule('a', { host, subsets: [{ name: 'v1' }] })],
    ['reviews-v1', 'reviews-v2', 'reviews-v3'],
  ],
  [
    'several labels',
    [destinationRule('a', { host, subsets: [{ name: 'v1', labels: { app: 'reviews', version: 'v3' } }] })],
    ['reviews-v3'],
  ],
  [
    'two rules for one host are one',
    [
      destinationRule('a', { host: 'reviews', subsets: [{ name: 'x', labels: {} }] }),
      destinationRule('b', { host: 'reviews', subsets }),
    ],
    ['reviews-v1'],
  ],
  [
    'a rule of the root namespace',
    [destinationRule('a', { host, subsets }, { namespace: 'istio-system' })],
    ['reviews-v1'],
  ],
  ['a rule of an unrelated namespace', [destinationRule('a', { host, subsets }, { namespace: 'third' })], undefined],
  [
    "the client's namespace before the root's",
    [
      destinationRule('a', { host, subsets: [{ name: 'v1', labels: { version: 'v2' } }] }),
      destinationRule('b', { host, subsets }, { namespace: 'istio-system' }),
    ],
    ['reviews-v2'],
  ],
]

for (const [what, objects, expected] of rules)
  test(`subset v1: ${what}`, () => {
    deepEqual(namesIn(clustersOf(...objects), 'v1'), expected)
  })

test("a gateway of another namespace follows the rules of the Service's, unless they are private", () => {
  const of = (exportTo?: string[]) =>
    namesIn(
      clustersOf(destinationRule('a', { host, subsets, ...(exportTo ? { exportTo } : {}) })),
      'v1',
      9080,
      'istio-system',
    )
  deepEqual(of(), ['reviews-v1'])
  deepEqual(of(['.']), undefined)
})

test('a gateway in the root namespace follows a rule there that is meant for all only where there is no other', () => {
  const forAll = (spec: object = {}) =>
    destinationRule('all', { host: '*.local', ...spec }, { namespace: 'istio-system' })
  const own = destinationRule('reviews', { host, subsets })
  const of = (...rules: KubeObject[]) => namesIn(clustersOf(...rules), 'v1', 9080, 'istio-system')
  deepEqual(of(forAll(), own), ['reviews-v1'])
  deepEqual(of(forAll({ subsets })), ['reviews-v1'])
  deepEqual(of(forAll({ exportTo: ['.'] }), own), undefined)
})

test.run()
