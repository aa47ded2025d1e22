import * as assert from 'uvu/assert'
import type { KubeObject } from '../../../lib/sandbox/objects.ts'
import { suite } from '../../support/suite.ts'
import { pod, service, startCluster, stopClusters, type TestCluster } from './cluster.ts'

const test = suite('endpoints')
test.after.each(stopClusters)

const labels = { app: 'web' }
const web = (name: string, spec: object = {}) => pod(name, spec, { labels })

const addresses = ({ store }: TestCluster, name = 'web') =>
  (store.get('endpoints', name, 'default')?.subsets ?? []).flatMap(
    (subset: { addresses?: { targetRef: { name: string } }[] }) =>
      (subset.addresses ?? []).map(({ targetRef }) => targetRef.name),
  )
const slice = ({ store }: TestCluster, name = 'web') =>
  store
    .list('endpointslices.discovery.k8s.io', 'default')
    .find(({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === name)

test('the pods that a service selects are behind it once they are ready, and no others', async () => {
  const cluster = await startCluster()
  cluster.registry.create('services', service('web', labels))
  for (const name of ['a', 'b']) cluster.registry.create('pods', web(name))
  cluster.registry.create('pods', pod('other'))
  await cluster.until('both', () => addresses(cluster).length === 2)
  await cluster.settled()
  assert.equal(addresses(cluster), ['a', 'b'])
  const { endpoints, ports, metadata } = slice(cluster) as KubeObject
  assert.equal(ports, [{ name: '', port: 80, protocol: 'TCP' }])
  assert.equal(
    endpoints.map(({ targetRef, conditions }: { targetRef: { name: string }; conditions: object }) => [
      targetRef.name,
      conditions,
    ]),
    [
      ['a', { ready: true, serving: true, terminating: false }],
      ['b', { ready: true, serving: true, terminating: false }],
    ],
  )
  assert.is(metadata.ownerReferences?.[0]?.name, 'web')
  assert.match(metadata.name, /^web-\w{5}$/)
})

test('when something was added is noted, until something goes away', async () => {
  const cluster = await startCluster()
  cluster.registry.create('services', service('web', labels))
  for (const name of ['a', 'b']) cluster.registry.create('pods', web(name))
  const isNoted = () =>
    [cluster.store.get('endpoints', 'web', 'default'), slice(cluster)].map((object) =>
      Boolean(object?.metadata.annotations?.['endpoints.kubernetes.io/last-change-trigger-time']),
    )
  await cluster.until('both', () => addresses(cluster).length === 2)
  await cluster.settled()
  assert.equal(isNoted(), [true, true])
  cluster.registry.delete('pods', 'b', 'default', {})
  await cluster.until('one', () => slice(cluster)?.endpoints.length === 1)
  await cluster.settled()
  assert.equal(isNoted(), [false, false])
})

test('a pod whose image cannot be had is no address', async () => {
  const cluster = await startCluster()
  cluster.registry.create('services', service('web', labels))
  cluster.registry.create(
    'pods',
    web('broken', { containers: [{ name: 'web', image: 'example.com/nobody/nothing:1' }] }),
  )
  await cluster.until('its address', () => cluster.store.get('pods', 'broken', 'default')?.status.podIP)
  await cluster.settled()
  assert.equal(addresses(cluster), [])
  const subsets = cluster.store.get('endpoints', 'web', 'default')?.subsets
  assert.is(subsets[0].notReadyAddresses[0].targetRef.name, 'broken')
})

test('a pod that loses the label, or goes, is taken out', async () => {
  const cluster = await startCluster()
  cluster.registry.create('services', service('web', labels))
  for (const name of ['a', 'b']) cluster.registry.create('pods', web(name))
  await cluster.until('both', () => addresses(cluster).length === 2)
  const first = cluster.store.get('pods', 'a', 'default') as KubeObject
  cluster.registry.update('pods', { ...first, metadata: { ...first.metadata, labels: {} } })
  await cluster.until('one', () => addresses(cluster).length === 1)
  cluster.registry.delete('pods', 'b', 'default', {})
  await cluster.until('none', () => addresses(cluster).length === 0)
})

const ports: [title: string, port: object, containerPorts: object[], found: object[] | null][] = [
  ['a number', { port: 80, targetPort: 9080 }, [], [{ name: '', port: 9080, protocol: 'TCP' }]],
  ['the same where none is named', { port: 80 }, [], [{ name: '', port: 80, protocol: 'TCP' }]],
  [
    'a name that the pod gives a number',
    { name: 'http', port: 80, targetPort: 'web' },
    [{ name: 'web', containerPort: 8000 }],
    [{ name: 'http', port: 8000, protocol: 'TCP' }],
  ],
  ['nothing where no pod has the name', { name: 'http', port: 80, targetPort: 'nope' }, [], null],
]
for (const [title, port, containerPorts, found] of ports)
  test(`the port behind a service is ${title}`, async () => {
    const cluster = await startCluster()
    cluster.registry.create('services', service('web', labels, { ports: [port] }))
    cluster.registry.create(
      'pods',
      web('a', { containers: [{ name: 'web', image: 'nginx:1.25', ports: containerPorts }] }),
    )
    await cluster.until('the slice', () => slice(cluster)?.endpoints?.length === 1)
    assert.equal(slice(cluster)?.ports, found)
  })

test('a pod that has none of the ports of a service is not behind it; ports are in the order of their hashes', async () => {
  const cluster = await startCluster()
  const ports = [80, 443, 7070].map((port, index) => ({ name: ['http', 'https', 'grpc'][index], port }))
  cluster.registry.create('services', service('web', labels, { ports }))
  cluster.registry.create('services', service('none', labels, { ports: [{ port: 80, targetPort: 'nope' }] }))
  cluster.registry.create('pods', web('a'))
  await cluster.until('the pod', () => addresses(cluster).length === 1 && slice(cluster, 'none')?.endpoints)
  await cluster.settled()
  const [subset] = cluster.store.get('endpoints', 'web', 'default')?.subsets ?? []
  assert.equal(
    subset.ports.map(({ name }: { name: string }) => name),
    ['grpc', 'https', 'http'],
  )
  assert.is(cluster.store.get('endpoints', 'none', 'default')?.subsets, undefined)
})

test("a service's labels are its endpoints' too, also those that it is given or loses later", async () => {
  const cluster = await startCluster()
  const made = cluster.registry.create('services', service('web', labels))
  const relabel = (wanted: Record<string, string>) => {
    const { metadata, ...rest } = cluster.store.get('services', 'web', 'default') ?? made
    cluster.registry.update('services', { ...rest, metadata: { ...metadata, labels: wanted } } as KubeObject)
  }
  const own = (found: KubeObject | undefined) =>
    Object.keys(found?.metadata.labels ?? {}).filter((key) => !key.includes('/'))
  const shown = () => [own(cluster.store.get('endpoints', 'web', 'default')), own(slice(cluster))].join(' ')
  relabel({ old: 'yes' })
  await cluster.until('the label', () => shown() === 'old old')
  relabel({ new: 'yes' })
  await cluster.until('the other label', () => shown() === 'new new')
  assert.is(slice(cluster)?.metadata.generation, 1)
})

test('a service that goes takes its endpoints along', async () => {
  const cluster = await startCluster()
  cluster.registry.create('services', service('web', labels))
  await cluster.until('its slice', () => slice(cluster))
  cluster.registry.delete('services', 'web', 'default', {})
  await cluster.until('no slice', () => !slice(cluster))
  assert.is(cluster.store.get('endpoints', 'web', 'default'), undefined)
})

test('a service without a selector keeps the endpoints that somebody wrote', async () => {
  const cluster = await startCluster()
  cluster.registry.create('endpoints', {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name: 'outside', namespace: 'default' },
    subsets: [{ addresses: [{ ip: '192.0.2.1' }], ports: [{ port: 80 }] }],
  })
  const { selector: _, ...spec } = service('outside', {}).spec
  cluster.registry.create('services', { ...service('outside', {}), spec })
  await cluster.settled()
  assert.is(cluster.store.get('endpoints', 'outside', 'default')?.subsets[0].addresses[0].ip, '192.0.2.1')
})

test('pods in the domain of a service are known by their names there', async () => {
  const cluster = await startCluster()
  cluster.registry.create('services', service('web', labels))
  cluster.registry.create('pods', web('in', { hostname: 'in', subdomain: 'web' }))
  cluster.registry.create('pods', web('out', { hostname: 'out', subdomain: 'other' }))
  const endpoints = await cluster.until('both', () => {
    const found = slice(cluster)?.endpoints
    return found?.length === 2 && found
  })
  assert.equal(endpoints.map(({ hostname }: { hostname?: string }) => hostname).sort(), ['in', undefined])
})

test.run()
