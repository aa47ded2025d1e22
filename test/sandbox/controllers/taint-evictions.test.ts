import * as assert from 'uvu/assert'
import type { KubeObject } from '../../../lib/sandbox/objects.ts'
import { suite } from '../../support/suite.ts'
import { pod, startCluster, stopClusters, type TestCluster } from './cluster.ts'

const test = suite('evictions by taints')
test.after.each(stopClusters)

const runs = ({ store, until }: TestCluster, name: string) =>
  until(`${name} running`, () => store.get('pods', name, 'default')?.status.phase === 'Running')
const names = ({ store }: TestCluster) => store.list('pods', 'default').map(({ metadata }) => metadata.name)

function taint({ store }: TestCluster, effect: string): void {
  const node = store.get('nodes', 'node') as KubeObject
  store.update('nodes', { ...node, spec: { ...node.spec, taints: [{ key: 'a', value: 'b', effect }] } })
}

test('a NoExecute taint ends the pods that do not bear it', async () => {
  const cluster = await startCluster()
  cluster.registry.create('pods', pod('weak'))
  cluster.registry.create('pods', pod('strong', { tolerations: [{ key: 'a', operator: 'Exists' }] }))
  const seconds = { key: 'a', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 3600 }
  cluster.registry.create('pods', pod('patient', { tolerations: [seconds] }))
  for (const name of ['weak', 'strong', 'patient']) await runs(cluster, name)
  taint(cluster, 'NoExecute')
  await cluster.until('its end', () => !names(cluster).includes('weak'))
  await cluster.settled()
  assert.equal(names(cluster), ['patient', 'strong'])
  assert.ok(cluster.events('weak').includes('Normal TaintManagerEviction: Marking for deletion Pod default/weak'))
})

test('a pod that bears it for a time goes after that', async () => {
  const cluster = await startCluster()
  const seconds = { key: 'a', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 1 }
  cluster.registry.create('pods', pod('patient', { tolerations: [seconds] }))
  await runs(cluster, 'patient')
  taint(cluster, 'NoExecute')
  await cluster.settled()
  assert.equal(names(cluster), ['patient'])
  await cluster.until('its end', () => names(cluster).length === 0)
})

test('a NoSchedule taint leaves those that run', async () => {
  const cluster = await startCluster()
  cluster.registry.create('pods', pod('web'))
  await runs(cluster, 'web')
  taint(cluster, 'NoSchedule')
  await cluster.settled()
  assert.equal(names(cluster), ['web'])
})

test.run()
