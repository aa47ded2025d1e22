import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { parseAllDocuments } from 'yaml'
import { projectFolder } from '../lib/state.ts'
import { suite } from './support/suite.ts'

const test = suite('manifests')

// What Istio 1.21.2's samples hold, and the cluster of the lesson; comments and layout are our own.

function objectsIn(manifest: string): unknown[] {
  const documents = parseAllDocuments(readFileSync(join(projectFolder, 'manifests', manifest), 'utf8'))
  return documents.map((document) => {
    assert.equal(document.errors, [])
    return document.toJS()
  })
}

const service = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, labels: { app: name, service: name } },
  spec: { ports: [{ port: 9080, name: 'http' }], selector: { app: name } },
})

const account = (name: string) => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name: `bookinfo-${name}`, labels: { account: name } },
})

interface PodFields {
  annotations?: object
  container?: object
  volumes?: object[]
}

const deployment = (app: string, version: string, { annotations, container = {}, volumes }: PodFields = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: `${app}-${version}`, labels: { app, version } },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app, version } },
    template: {
      metadata: { ...(annotations ? { annotations } : {}), labels: { app, version } },
      spec: {
        serviceAccountName: `bookinfo-${app}`,
        containers: [
          {
            name: app,
            image: `docker.io/istio/examples-bookinfo-${app}-${version}:1.18.0`,
            imagePullPolicy: 'IfNotPresent',
            ports: [{ containerPort: 9080 }],
            ...container,
          },
        ],
        ...(volumes ? { volumes } : {}),
      },
    },
  },
})

const temporary = { name: 'tmp', mountPath: '/tmp' }

const reviews: PodFields = {
  container: {
    env: [{ name: 'LOG_DIR', value: '/tmp/logs' }],
    volumeMounts: [temporary, { name: 'wlp-output', mountPath: '/opt/ibm/wlp/output' }],
  },
  volumes: [
    { name: 'wlp-output', emptyDir: {} },
    { name: 'tmp', emptyDir: {} },
  ],
}

const productpage: PodFields = {
  annotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '9080', 'prometheus.io/path': '/metrics' },
  container: { volumeMounts: [temporary] },
  volumes: [{ name: 'tmp', emptyDir: {} }],
}

const networking = (kind: string, name: string, spec: object) => ({
  apiVersion: 'networking.istio.io/v1alpha3',
  kind,
  metadata: { name },
  spec,
})

const rule = (host: string, ...versions: string[]) =>
  networking('DestinationRule', host, { host, subsets: versions.map((name) => ({ name, labels: { version: name } })) })

const toSubset = (host: string, subset: string) => ({ route: [{ destination: { host, subset } }] })

const everyoneToV1 = (host: string) =>
  networking('VirtualService', host, { hosts: [host], http: [toSubset(host, 'v1')] })

const expected: Readonly<Record<string, unknown[]>> = {
  'bookinfo.yaml': [
    service('details'),
    account('details'),
    deployment('details', 'v1'),
    service('ratings'),
    account('ratings'),
    deployment('ratings', 'v1'),
    service('reviews'),
    account('reviews'),
    deployment('reviews', 'v1', reviews),
    deployment('reviews', 'v2', reviews),
    deployment('reviews', 'v3', reviews),
    service('productpage'),
    account('productpage'),
    deployment('productpage', 'v1', productpage),
  ],
  'bookinfo-gateway.yaml': [
    networking('Gateway', 'bookinfo-gateway', {
      selector: { istio: 'ingressgateway' },
      servers: [{ port: { number: 8080, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }],
    }),
    networking('VirtualService', 'bookinfo', {
      hosts: ['*'],
      gateways: ['bookinfo-gateway'],
      http: [
        {
          match: [
            { uri: { exact: '/productpage' } },
            { uri: { prefix: '/static' } },
            { uri: { exact: '/login' } },
            { uri: { exact: '/logout' } },
            { uri: { prefix: '/api/v1/products' } },
          ],
          route: [{ destination: { host: 'productpage', port: { number: 9080 } } }],
        },
      ],
    }),
  ],
  'destination-rule-all.yaml': [
    rule('productpage', 'v1'),
    rule('reviews', 'v1', 'v2', 'v3'),
    rule('ratings', 'v1', 'v2', 'v2-mysql', 'v2-mysql-vm'),
    rule('details', 'v1', 'v2'),
  ],
  'virtual-service-all-v1.yaml': ['productpage', 'reviews', 'ratings', 'details'].map(everyoneToV1),
  'virtual-service-reviews-test-v2.yaml': [
    networking('VirtualService', 'reviews', {
      hosts: ['reviews'],
      http: [
        { match: [{ headers: { 'end-user': { exact: 'jason' } } }], ...toSubset('reviews', 'v2') },
        toSubset('reviews', 'v1'),
      ],
    }),
  ],
  'kind-cluster.yaml': [
    {
      kind: 'Cluster',
      apiVersion: 'kind.x-k8s.io/v1alpha4',
      nodes: [
        {
          role: 'control-plane',
          kubeadmConfigPatches: [
            'kind: InitConfiguration\nnodeRegistration:\n  kubeletExtraArgs:\n    node-labels: "ingress-ready=true"\n',
          ],
          extraPortMappings: [
            { containerPort: 8080, hostPort: 8080, protocol: 'TCP' },
            { containerPort: 8443, hostPort: 8443, protocol: 'TCP' },
          ],
        },
      ],
    },
  ],
}

for (const [manifest, objects] of Object.entries(expected))
  test(`${manifest} holds the lesson's objects, in the lesson's order`, () => {
    assert.equal(objectsIn(manifest), objects)
  })

test('there is no other manifest', () => {
  assert.equal(readdirSync(join(projectFolder, 'manifests')).sort(), Object.keys(expected).sort())
})

for (const manifest of Object.keys(expected))
  test(`${manifest} says what it teaches before its first object`, () => {
    assert.match(readFileSync(join(projectFolder, 'manifests', manifest), 'utf8'), /^# \S/)
  })

test('the file names are those that the lesson uses', () => {
  for (const name of [
    'bookinfo',
    'bookinfo-gateway',
    'destination-rule-all',
    'virtual-service-all-v1',
    'virtual-service-reviews-test-v2',
  ])
    assert.ok(expected[`${name}.yaml`], name)
})

test.run()
