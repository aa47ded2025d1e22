import * as assert from 'uvu/assert'
import { suite } from '../../support/suite.ts'
import { pod, startCluster, stopClusters } from './cluster.ts'

const test = suite('orphaned pods')
test.after.each(stopClusters)

test('a pod on a node that is not there is taken away, though not at once', async () => {
  const cluster = await startCluster()
  const old = new Date(Date.now() - 60_000).toISOString()
  cluster.registry.create('pods', pod('young', { nodeName: 'nowhere' }))
  const made = cluster.registry.create('pods', pod('old', { nodeName: 'nowhere' }))
  cluster.store.update('pods', { ...made, metadata: { ...made.metadata, creationTimestamp: old } })
  await cluster.until('the old one gone', () => !cluster.store.get('pods', 'old', 'default'))
  assert.ok(cluster.store.get('pods', 'young', 'default'))
})

test.run()
