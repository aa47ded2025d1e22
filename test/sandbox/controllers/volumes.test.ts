import * as assert from 'uvu/assert'
import { suite } from '../../support/suite.ts'
import { pod, startCluster, stopClusters } from './cluster.ts'

const test = suite('volumes and claims')
test.after.each(stopClusters)

const claim = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data', namespace: 'default' },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
}
const user = pod('user', { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] })

test('a claim that is deleted goes as soon as no pod uses it', async () => {
  const cluster = await startCluster()
  cluster.registry.create('persistentvolumeclaims', claim)
  cluster.registry.create('pods', user)
  cluster.registry.delete('persistentvolumeclaims', 'data', 'default', {})
  await cluster.settled()
  assert.ok(cluster.store.get('persistentvolumeclaims', 'data', 'default')?.metadata.deletionTimestamp)
  cluster.registry.delete('pods', 'user', 'default', { gracePeriodSeconds: 0 })
  await cluster.until('no claim', () => !cluster.store.get('persistentvolumeclaims', 'data', 'default'))
})

test('a volume is there to be had, and goes when it is deleted', async () => {
  const cluster = await startCluster()
  cluster.registry.create('persistentvolumes', {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: 'disk' },
    spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/data' } },
  })
  const disk = () => cluster.store.get('persistentvolumes', 'disk')
  await cluster.until('it is available', () => disk()?.status.phase === 'Available')
  assert.equal(disk()?.metadata.finalizers, ['kubernetes.io/pv-protection'])
  cluster.registry.delete('persistentvolumes', 'disk', undefined, {})
  await cluster.until('no volume', () => !disk())
})

test('a claim waits for its first pod, and says so once', async () => {
  const cluster = await startCluster()
  cluster.registry.create('storageclasses.storage.k8s.io', {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'late' },
    provisioner: 'example.com/late',
    volumeBindingMode: 'WaitForFirstConsumer',
  })
  const spec = { ...claim.spec, storageClassName: 'late' }
  const made = cluster.registry.create('persistentvolumeclaims', { ...claim, spec })
  await cluster.settled()
  cluster.registry.update('persistentvolumeclaims', { ...made, metadata: { ...made.metadata, labels: { a: 'b' } } })
  await cluster.settled()
  assert.equal(cluster.events('data'), [
    'Normal WaitForFirstConsumer: waiting for first consumer to be created before binding',
  ])
})

test.run()
