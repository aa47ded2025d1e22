import * as assert from 'uvu/assert'
import { suite } from '../../support/suite.ts'
import { startCluster, stopClusters } from './cluster.ts'

const test = suite('mirrored endpoints')
test.after.each(stopClusters)

const endpoints = (ips: string[]) => ({
  apiVersion: 'v1',
  kind: 'Endpoints',
  metadata: { name: 'outside', namespace: 'default' },
  subsets: [{ addresses: ips.map((ip) => ({ ip })), ports: [{ port: 80 }] }],
})

test('what is written into the endpoints of a service without a selector is in its slices', async () => {
  const cluster = await startCluster()
  cluster.registry.create('services', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'outside', namespace: 'default' },
    spec: { ports: [{ port: 80 }] },
  })
  cluster.registry.create('endpoints', endpoints(['1.2.3.4', 'fd00::1']))
  const slices = () => cluster.store.list('endpointslices.discovery.k8s.io', 'default')
  await cluster.until('two slices', () => slices().length === 2)
  assert.equal(
    slices()
      .map(({ addressType, endpoints: [one], ports }) => [addressType, one.addresses, ports])
      .sort(),
    [
      ['IPv4', ['1.2.3.4'], [{ name: '', port: 80, protocol: 'TCP' }]],
      ['IPv6', ['fd00::1'], [{ name: '', port: 80, protocol: 'TCP' }]],
    ],
  )
  const current = cluster.registry.get('endpoints', 'outside', 'default')
  cluster.registry.update('endpoints', { ...current, subsets: endpoints(['5.6.7.8']).subsets })
  await cluster.until('one slice', () => slices().length === 1)
  assert.equal(slices()[0]?.endpoints[0].addresses, ['5.6.7.8'])
  const changed = cluster.registry.get('endpoints', 'outside', 'default')
  const annotations = { by: 'hand' }
  cluster.registry.update('endpoints', { ...changed, metadata: { ...changed.metadata, annotations } })
  await cluster.until('its annotation', () => slices()[0]?.metadata.annotations?.by === 'hand')
})

test.run()
