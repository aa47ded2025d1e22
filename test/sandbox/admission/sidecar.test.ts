import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { parseAllDocuments } from 'yaml'
import { recording } from '../../../lib/sandbox/cluster/recordings.ts'
import type { KubeObject, Labels } from '../../../lib/sandbox/objects.ts'
import { suite } from '../../support/suite.ts'
import { pod, startCluster, stopClusters, type TestCluster } from '../controllers/cluster.ts'

const test = suite('sidecar injection')
test.after.each(stopClusters)

// biome-ignore lint/suspicious/noExplicitAny: parts of a pod are known by the schema
type Part = any

const folder = join(import.meta.dirname, '../..')
const manifest = readFileSync(join(folder, '../manifests/bookinfo.yaml'), 'utf8')

/** A cluster with Istio's demo profile, whose namespace `default` has this label. */
async function withIstio(labels: Labels = { 'istio-injection': 'enabled' }): Promise<TestCluster> {
  const cluster = await startCluster({ nodeName: 'kind-control-plane' })
  await cluster.namespace('istio-system')
  for (const object of JSON.parse(recording('istio-demo.json')) as KubeObject[]) {
    const [group = ''] = object.apiVersion.includes('/') ? object.apiVersion.split('/') : ['']
    const plural = `${object.kind.toLowerCase()}s`
    cluster.registry.create(group ? `${plural}.${group}` : plural, object)
  }
  await cluster.until('istiod', () => cluster.store.get('endpoints', 'istiod', 'istio-system')?.subsets?.[0]?.addresses)
  const namespace = cluster.store.get('namespaces', 'default') as KubeObject
  cluster.registry.update('namespaces', { ...namespace, metadata: { ...namespace.metadata, labels } })
  return cluster
}

const containers = ({ spec }: KubeObject): string[] => spec.containers.map(({ name }: Part) => name)

/** Without what is different each time: names, ids, addresses, times. */
function lasting(object: KubeObject): unknown {
  const token = /kube-api-access-\w{5}/g
  const text = JSON.stringify(object, (key, value) => {
    if (['uid', 'resourceVersion', 'containerID', 'imageID', 'managedFields'].includes(key)) return undefined
    if (/Time(stamp)?$|edAt$/.test(key)) return value === null ? null : 'TIME'
    if (/IPs?$/.test(key) || key === 'ip') return 'ADDRESS'
    return value
  })
  return JSON.parse(text.replaceAll(token, 'TOKEN').replaceAll(object.metadata.name, 'POD'))
}

test('a pod of the mesh is, field by field, what a real istiod makes of it', async () => {
  const real = JSON.parse(readFileSync(join(folder, 'fixtures/golden/injected-pod.json'), 'utf8')) as KubeObject
  const cluster = await withIstio()
  for (const document of parseAllDocuments(manifest)) {
    const object = document.toJS() as KubeObject | null
    if (!object || !/ratings/.test(object.metadata.name)) continue
    const resource = { Service: 'services', ServiceAccount: 'serviceaccounts', Deployment: 'deployments.apps' }[
      object.kind
    ]
    cluster.registry.create(resource as string, { ...object, metadata: { ...object.metadata, namespace: 'default' } })
  }
  const made = await cluster.until('ratings ready', () =>
    cluster.store
      .list('pods', 'default')
      .find(
        ({ status }) =>
          status.containerStatuses?.length === 2 && status.containerStatuses.every(({ ready }: Part) => ready),
      ),
  )
  assert.equal(lasting(made), lasting(real))
})

const choices: [title: string, namespace: Labels, labels: Labels, annotations: Labels, injected: boolean][] = [
  ['the namespace is labelled', { 'istio-injection': 'enabled' }, {}, {}, true],
  ['it is not', {}, {}, {}, false],
  ['it says no', { 'istio-injection': 'disabled' }, {}, {}, false],
  ['it names the revision', { 'istio.io/rev': 'default' }, {}, {}, true],
  ['it names another revision', { 'istio.io/rev': 'canary' }, {}, {}, false],
  ['the pod says no', { 'istio-injection': 'enabled' }, { 'sidecar.istio.io/inject': 'false' }, {}, false],
  ['the pod says yes', {}, { 'sidecar.istio.io/inject': 'true' }, {}, true],
  [
    'the pod says yes, its namespace no',
    { 'istio-injection': 'disabled' },
    { 'sidecar.istio.io/inject': 'true' },
    {},
    false,
  ],
  ['an annotation says no', { 'istio-injection': 'enabled' }, {}, { 'sidecar.istio.io/inject': 'false' }, false],
]
for (const [title, namespace, labels, annotations, injected] of choices)
  test(`a pod is ${injected ? '' : 'not '}given a sidecar where ${title}`, async () => {
    const cluster = await withIstio(namespace)
    const made = cluster.registry.create('pods', pod('web', {}, { labels, annotations }))
    assert.equal(containers(made), injected ? ['web', 'istio-proxy'] : ['web'])
  })

test('a pod on the network of its host is not given a sidecar', async () => {
  const cluster = await withIstio()
  assert.equal(containers(cluster.registry.create('pods', pod('web', { hostNetwork: true }))), ['web'])
})

test('the gateways stay as they are', async () => {
  const cluster = await withIstio()
  const gateways = cluster.store.list('pods', 'istio-system')
  for (const gateway of gateways) assert.is(gateway.spec.containers.length, 1)
  assert.ok(gateways.length >= 3)
})

test('a pod of nobody is injected before its name is made up: its workload has none', async () => {
  const cluster = await withIstio()
  const made = cluster.registry.create('pods', pod('', {}, { generateName: 'stray-' }))
  assert.match(made.metadata.name, /^stray-.{5}$/)
  assert.is(made.metadata.labels?.['service.istio.io/canonical-name'], '')
  const proxy = made.spec.containers.find(({ name }: Part) => name === 'istio-proxy')
  assert.not(proxy.env.some(({ name }: Part) => name === 'ISTIO_META_WORKLOAD_NAME'))
})

test('annotations choose what the sidecar may use', async () => {
  const cluster = await withIstio()
  const annotations = { 'sidecar.istio.io/proxyCPU': '50m', 'sidecar.istio.io/proxyMemoryLimit': '256Mi' }
  const made = cluster.registry.create('pods', pod('web', {}, { annotations }))
  assert.equal(made.spec.containers[1].resources, { requests: { cpu: '50m' }, limits: { memory: '256Mi' } })
})

test('a probe goes through the sidecar, which knows the old one', async () => {
  const cluster = await withIstio()
  const readinessProbe = { httpGet: { path: '/health', port: 'http' } }
  const ports = [{ name: 'http', containerPort: 8000 }]
  const made = cluster.registry.create(
    'pods',
    pod('web', { containers: [{ name: 'web', image: 'nginx:1.25', ports, readinessProbe }] }),
  )
  const [web, proxy] = made.spec.containers
  assert.equal(web.readinessProbe.httpGet, { path: '/app-health/web/readyz', port: 15020, scheme: 'HTTP' })
  const probers = proxy.env.find(({ name }: Part) => name === 'ISTIO_KUBE_APP_PROBERS').value
  assert.equal(JSON.parse(probers), {
    '/app-health/web/readyz': { httpGet: { path: '/health', port: 8000, scheme: 'HTTP' }, timeoutSeconds: 1 },
  })
})

test.run()
