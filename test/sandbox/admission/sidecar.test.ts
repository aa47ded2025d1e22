import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { parseAllDocuments } from 'yaml'
import { recording } from '../../../lib/sandbox/cluster/recordings.ts'
import type { KubeObject, Labels } from '../../../lib/sandbox/objects.ts'
import { suite } from '../../support/suite.ts'
import { deployment, pod, startCluster, stopClusters, type TestCluster } from '../controllers/cluster.ts'

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

test('a pod that asks for the template of gateways is, field by field, what a real istiod makes of it', async () => {
  const real = JSON.parse(readFileSync(join(folder, 'fixtures/golden/injected-gateway.json'), 'utf8')) as KubeObject
  const cluster = await withIstio()
  const labels = { istio: 'mygw', 'sidecar.istio.io/inject': 'true' }
  const containers = [{ name: 'istio-proxy', image: 'auto', imagePullPolicy: 'IfNotPresent' }]
  cluster.registry.create('deployments.apps', {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'gw', namespace: 'default' },
    spec: {
      selector: { matchLabels: { istio: 'mygw' } },
      template: { metadata: { labels, annotations: { 'inject.istio.io/templates': 'gateway' } }, spec: { containers } },
    },
  })
  const made = await cluster.until('the gateway ready', () =>
    cluster.store.list('pods', 'default').find(({ status }) => status.containerStatuses?.[0]?.ready),
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
  ['its label says anything else', { 'istio-injection': 'enabled' }, { 'sidecar.istio.io/inject': 'maybe' }, {}, false],
  [
    'its label says yes in another way',
    { 'istio-injection': 'enabled' },
    { 'sidecar.istio.io/inject': 'Yes' },
    {},
    true,
  ],
  ['its label says nothing', { 'istio-injection': 'enabled' }, { 'sidecar.istio.io/inject': '' }, {}, true],
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
  // Who limits and asks for nothing asks for as much: the server fills that in behind the webhook.
  assert.equal(made.spec.containers[1].resources, {
    requests: { cpu: '50m', memory: '256Mi' },
    limits: { memory: '256Mi' },
  })
})

test('annotations choose the image and arguments of the sidecar', async () => {
  const cluster = await withIstio()
  const annotations = {
    'traffic.sidecar.istio.io/includeOutboundIPRanges': '10.96.0.0/16',
    'traffic.sidecar.istio.io/excludeOutboundIPRanges': '10.1.0.0/16',
    'traffic.sidecar.istio.io/includeInboundPorts': '8080',
    'traffic.sidecar.istio.io/excludeInboundPorts': '9000,9001',
    'traffic.sidecar.istio.io/includeOutboundPorts': '90',
    'traffic.sidecar.istio.io/excludeOutboundPorts': '3306',
    'sidecar.istio.io/logLevel': 'debug',
    'sidecar.istio.io/componentLogLevel': 'misc:info',
    'sidecar.istio.io/agentLogLevel': 'default:debug',
    'sidecar.istio.io/proxyImage': 'docker.io/istio/proxyv2:1.21.1',
    'readiness.status.sidecar.istio.io/initialDelaySeconds': '5',
    'readiness.status.sidecar.istio.io/periodSeconds': '7',
    'readiness.status.sidecar.istio.io/failureThreshold': '9',
  }
  const { spec } = cluster.registry.create('pods', pod('web', {}, { annotations }))
  const [init] = spec.initContainers
  const [, proxy] = spec.containers
  // As a real istiod made them.
  assert.equal(init.args.slice(7), [
    ...['-m', 'REDIRECT', '-i', '10.96.0.0/16', '-x', '10.1.0.0/16', '-b', '8080', '-d', '15090,15021,9000,9001,15020'],
    ...['-q', '90', '-o', '3306', '--log_output_level=default:debug'],
  ])
  const levels = ['--proxyLogLevel=debug', '--proxyComponentLogLevel=misc:info', '--log_output_level=default:debug']
  assert.equal(proxy.args.slice(4), levels)
  assert.equal([init.image, proxy.image], Array(2).fill('docker.io/istio/proxyv2:1.21.1'))
  const { initialDelaySeconds, periodSeconds, failureThreshold } = proxy.readinessProbe
  assert.equal([initialDelaySeconds, periodSeconds, failureThreshold], [5, 7, 9])
})

test('an image that is only a name stays that of Istio', async () => {
  const cluster = await withIstio()
  const annotations = { 'sidecar.istio.io/proxyImage': 'proxyv2-debug' }
  const made = cluster.registry.create('pods', pod('web', {}, { annotations }))
  assert.is(made.spec.containers[1].image, 'docker.io/istio/proxyv2:1.21.2')
})

test('the proxy comes first where the application is to wait for it', async () => {
  const cluster = await withIstio()
  const annotations = { 'proxy.istio.io/config': 'holdApplicationUntilProxyStarts: true\nconcurrency: 1\n' }
  const made = cluster.registry.create('pods', pod('web', {}, { annotations }))
  assert.equal(containers(made), ['istio-proxy', 'web'])
  const [proxy] = made.spec.containers
  assert.equal(proxy.lifecycle, { postStart: { exec: { command: ['pilot-agent', 'wait'] } } })
  assert.is(
    proxy.env.find(({ name }: Part) => name === 'PROXY_CONFIG').value,
    '{"concurrency":1,"holdApplicationUntilProxyStarts":true}\n',
  )
})

test('a configuration that cannot be read changes nothing', async () => {
  const cluster = await withIstio()
  const made = cluster.registry.create('pods', pod('web', {}, { annotations: { 'proxy.istio.io/config': 'a: [' } }))
  assert.is(made.spec.containers[1].env.find(({ name }: Part) => name === 'PROXY_CONFIG').value, '{}\n')
})

test("a pod's own istio-proxy stands over the template's, field by field", async () => {
  const cluster = await withIstio()
  const own = {
    name: 'istio-proxy',
    image: 'auto',
    resources: { limits: { memory: '64Mi' } },
    env: [{ name: 'A', value: 'b' }],
  }
  const made = cluster.registry.create('pods', pod('web', { containers: [own, { name: 'web', image: 'nginx:1.25' }] }))
  assert.equal(containers(made), ['web', 'istio-proxy'])
  const [, proxy] = made.spec.containers
  assert.is(proxy.image, 'docker.io/istio/proxyv2:1.21.2')
  assert.equal(proxy.resources, { limits: { cpu: '2', memory: '64Mi' }, requests: { cpu: '10m', memory: '64Mi' } })
  assert.equal(proxy.env.at(-1), { name: 'A', value: 'b' })
  assert.is(proxy.env.find(({ name }: Part) => name === 'ISTIO_META_APP_CONTAINERS').value, 'web')
  assert.match(
    made.metadata.annotations?.['proxy.istio.io/overrides'] ?? '',
    /^{"containers":\[{"name":"istio-proxy","env":/,
  )
})

test('a template that is not there is refused', async () => {
  const cluster = await withIstio()
  const annotations = { 'inject.istio.io/templates': 'sidecar, nonsense' }
  assert.throws(
    () => cluster.registry.create('pods', pod('web', {}, { annotations })),
    /^admission webhook "namespace.sidecar-injector.istio.io" denied the request: failed to run injection template: requested template "nonsense" not found; have gateway, grpc-agent, grpc-simple, kube-gateway, sidecar, waypoint$/,
  )
})

test('what annotations do not do here is said, for a pod and for who makes pods', async () => {
  const cluster = await withIstio()
  const annotations = {
    'sidecar.istio.io/logLevel': 'debug',
    'traffic.sidecar.istio.io/excludeOutboundPorts': '9080',
    'sidecar.istio.io/interceptionMode': 'TPROXY',
    'example.com/not-istio.io': 'a',
  }
  const said: string[] = []
  const expected = [
    "sandbox: traffic.sidecar.istio.io/excludeOutboundPorts changes istio-init's arguments alone, all traffic still goes through the sidecar",
    'sandbox: sidecar.istio.io/interceptionMode has no effect',
  ]
  const template = { ...deployment('web').spec.template, metadata: { labels: { app: 'web' }, annotations } }
  // The image is nobody's concern here.
  const writing = { warn: (text: string) => text.includes('istio.io') && said.push(text) }
  cluster.registry.create('pods', pod('web', {}, { annotations }), writing)
  assert.equal(said.splice(0), expected)
  const made = cluster.registry.create('deployments.apps', deployment('web', { template }), writing)
  assert.equal(said.splice(0), expected)
  cluster.registry.update('deployments.apps', { ...made, spec: { ...made.spec, replicas: 2 } }, writing)
  assert.equal(said, [])
})

test('no probe is rewritten where an annotation says so', async () => {
  const cluster = await withIstio()
  const annotations = { 'sidecar.istio.io/rewriteAppHTTPProbers': 'false' }
  const livenessProbe = { httpGet: { path: '/health', port: 80 } }
  const made = cluster.registry.create(
    'pods',
    pod('web', { containers: [{ name: 'web', image: 'nginx:1.25', livenessProbe }] }, { annotations }),
  )
  assert.is(made.spec.containers[0].livenessProbe.httpGet.path, '/health')
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

/** Changes what the installation says of all proxies. */
function setValues({ store }: TestCluster, name: string, change: (global: Part) => void): void {
  const map = store.get('configmaps', 'istio-sidecar-injector', 'istio-system') as KubeObject
  const values = JSON.parse(map.data.values)
  change(values.global)
  const next = { ...map, data: { ...map.data, values: JSON.stringify(values) } }
  if (name === map.metadata.name) store.update('configmaps', next)
  else store.create('configmaps', { ...next, metadata: { name, namespace: 'istio-system' } })
}

test("the installation's values are those of all sidecars, unless a pod chooses its own", async () => {
  const cluster = await withIstio()
  setValues(cluster, 'istio-sidecar-injector', (global) => {
    global.proxy.resources = { requests: { cpu: '0.1', memory: '128Mi' } }
    Object.assign(global.proxy, { logLevel: 'debug', excludeOutboundPorts: '15', readinessPeriodSeconds: 3 })
    Object.assign(global, { hub: 'example.com/istio', imagePullPolicy: 'Always' })
  })
  const { spec } = cluster.registry.create('pods', pod('a'))
  const [init, proxy] = [...spec.initContainers, ...spec.containers].filter(({ name }: Part) =>
    name.startsWith('istio'),
  )
  assert.equal(proxy.resources, { requests: { cpu: '100m', memory: '128Mi' } })
  assert.ok(proxy.args.includes('--proxyLogLevel=debug'))
  assert.is(proxy.image, 'example.com/istio/proxyv2:1.21.2')
  assert.is(proxy.imagePullPolicy, 'Always')
  assert.is(proxy.readinessProbe.periodSeconds, 3)
  assert.match(init.args.join(' '), / -o 15 /)
  const annotations = { 'sidecar.istio.io/proxyCPU': '7m' }
  const own = cluster.registry.create('pods', pod('b', {}, { annotations }))
  assert.equal(own.spec.containers.find(({ name }: Part) => name === 'istio-proxy').resources, {
    requests: { cpu: '7m' },
  })
})

test('an istiod of a revision makes sidecars of its own', async () => {
  const cluster = await withIstio()
  const { store } = cluster
  setValues(cluster, 'istio-sidecar-injector-canary', (global) => Object.assign(global.proxy, { logLevel: 'info' }))
  store.create('endpoints', {
    ...(store.get('endpoints', 'istiod', 'istio-system') as KubeObject),
    metadata: { name: 'istiod-canary', namespace: 'istio-system' },
  })
  const configurations = 'mutatingwebhookconfigurations.admissionregistration.k8s.io'
  const [configuration] = store.list(configurations) as [KubeObject]
  const webhooks = JSON.parse(JSON.stringify(configuration.webhooks).replaceAll('"istiod"', '"istiod-canary"'))
  store.update(configurations, { ...configuration, webhooks })
  const { metadata, spec } = cluster.registry.create('pods', pod('a'))
  const { args, env } = spec.containers.find(({ name }: Part) => name === 'istio-proxy')
  const variable = (wanted: string) => env.find(({ name }: Part) => name === wanted).value
  assert.is(metadata.annotations?.['istio.io/rev'], 'canary')
  assert.ok(args.includes('--proxyLogLevel=info'))
  assert.is(variable('CA_ADDR'), 'istiod-canary.istio-system.svc:15012')
  assert.is(variable('PROXY_CONFIG'), '{"discoveryAddress":"istiod-canary.istio-system.svc:15012"}\n')
})

test.run()
