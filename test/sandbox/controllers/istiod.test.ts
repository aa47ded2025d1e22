import * as assert from 'uvu/assert'
import type { KubeObject } from '../../../lib/sandbox/objects.ts'
import { suite } from '../../support/suite.ts'
import { deployment, pod, service, startCluster, stopClusters, type TestCluster } from './cluster.ts'

const test = suite('istiod')
test.after.each(stopClusters)

const system = (object: KubeObject): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, namespace: 'istio-system' },
})
const webhook = (kind: string, path: string, failurePolicy: string): KubeObject => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: `${kind}WebhookConfiguration`,
  metadata: { name: 'istio' },
  webhooks: [
    {
      name: 'it.istio.io',
      clientConfig: { service: { name: 'istiod', namespace: 'istio-system', path, port: 443 } },
      failurePolicy,
      rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
      namespaceSelector: { matchLabels: { 'istio-injection': 'enabled' } },
      sideEffects: 'None',
      admissionReviewVersions: ['v1'],
    },
  ],
})
const validating = 'validatingwebhookconfigurations.admissionregistration.k8s.io'
const mutating = 'mutatingwebhookconfigurations.admissionregistration.k8s.io'

async function withIstiod(): Promise<TestCluster> {
  const cluster = await startCluster()
  await cluster.namespace('istio-system')
  cluster.registry.create(
    'services',
    system(service('istiod', { istio: 'pilot' }, { ports: [{ port: 443, targetPort: 15017 }] })),
  )
  cluster.registry.create(validating, webhook('Validating', '/validate', 'Ignore'))
  cluster.registry.create(mutating, webhook('Mutating', '/inject', 'Fail'))
  const template = { metadata: { labels: { app: 'istiod', istio: 'pilot' } } }
  const { spec } = deployment('istiod', { selector: { matchLabels: { app: 'istiod' } } })
  cluster.registry.create(
    'deployments.apps',
    system({ ...deployment('istiod'), spec: { ...spec, template: { ...spec.template, ...template } } }),
  )
  await cluster.until('its secret', () => cluster.store.get('secrets', 'istio-ca-secret', 'istio-system'))
  await cluster.settled()
  return cluster
}

test('once it runs, every namespace knows the authority of the mesh, also one that comes later', async () => {
  const cluster = await withIstiod()
  await cluster.namespace('shop')
  const found = await cluster.until('the authority', () =>
    cluster.store.get('configmaps', 'istio-ca-root-cert', 'shop'),
  )
  assert.is(found.data['root-cert.pem'], 'mesh authority')
  assert.ok(cluster.store.get('configmaps', 'istio-ca-root-cert', 'default'))
  assert.not(cluster.store.get('configmaps', 'istio-ca-root-cert', 'kube-public'))
  cluster.registry.update('configmaps', { ...found, data: { 'root-cert.pem': 'mine', more: 'mine' } })
  await cluster.until('the authority again, and what was written beside it', () => {
    const data = cluster.store.get('configmaps', 'istio-ca-root-cert', 'shop')?.data
    return data['root-cert.pem'] === 'mesh authority' && data.more === 'mine'
  })
})

test('it makes the webhooks trust it, and lets nothing pass unseen from then on', async () => {
  const cluster = await withIstiod()
  const [checked] = cluster.store.get(validating, 'istio')?.webhooks ?? []
  assert.is(checked.clientConfig.caBundle, Buffer.from('mesh authority').toString('base64'))
  assert.is(checked.failurePolicy, 'Fail')
})

test('it holds its locks', async () => {
  const { store } = await withIstiod()
  for (const lock of ['istio-leader', 'istio-gateway-status-leader', 'istio-namespace-controller-election'])
    assert.ok(
      store.get('configmaps', lock, 'istio-system')?.metadata.annotations?.['control-plane.alpha.kubernetes.io/leader'],
    )
  assert.ok(store.get('leases.coordination.k8s.io', 'istio-gateway-deployment-default', 'istio-system'))
})

test('while it is away, a pod of the mesh cannot be made', async () => {
  const cluster = await withIstiod()
  await cluster.namespace('shop', { 'istio-injection': 'enabled' })
  const inShop = (name: string) => ({ ...pod(name), metadata: { name, namespace: 'shop' } })
  const injected = cluster.registry.create('pods', inShop('one'))
  assert.equal(
    injected.spec.containers.map(({ name }: { name: string }) => name),
    ['web', 'istio-proxy'],
  )
  const istiod = cluster.store.get('deployments.apps', 'istiod', 'istio-system') as KubeObject
  cluster.registry.update('deployments.apps', { ...istiod, spec: { ...istiod.spec, replicas: 0 } })
  await cluster.until('no istiod', () => cluster.store.list('pods', 'istio-system').length === 0)
  await cluster.settled()
  assert.throws(
    () => cluster.registry.create('pods', inShop('two')),
    /failed calling webhook "it\.istio\.io": failed to call webhook: Post "https:\/\/istiod\.istio-system\.svc:443\/inject\?timeout=10s": no endpoints available for service "istiod"/,
  )
})

test.run()
