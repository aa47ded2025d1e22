import * as assert from 'uvu/assert'
import { suite } from '../../../support/suite.ts'
import { pod, startCluster, stopClusters } from '../cluster.ts'

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

const disk = (name: string, storage: string, spec: object = {}) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name },
  spec: {
    capacity: { storage },
    accessModes: ['ReadWriteOnce', 'ReadOnlyMany'],
    hostPath: { path: '/data' },
    storageClassName: 'manual',
    ...spec,
  },
})
const manual = { ...claim, spec: { ...claim.spec, storageClassName: 'manual' } }
const claims = 'persistentvolumeclaims'
const volumes = 'persistentvolumes'

test('a claim is bound to the smallest volume that is large enough, and releases it', async () => {
  const cluster = await startCluster()
  for (const [name, size] of [
    ['large', '9Gi'],
    ['fitting', '2Gi'],
    ['small', '1Mi'],
  ] as const)
    cluster.registry.create(volumes, disk(name, size))
  await cluster.settled()
  cluster.registry.create(claims, manual)
  const bound = await cluster.until('a bound claim', () => {
    const found = cluster.store.get(claims, 'data', 'default')
    return found?.status?.phase === 'Bound' && found
  })
  assert.equal([bound.spec.volumeName, bound.status.capacity], ['fitting', { storage: '2Gi' }])
  const volume = () => cluster.store.get(volumes, 'fitting')
  assert.equal([volume()?.status.phase, volume()?.spec.claimRef.name], ['Bound', 'data'])
  cluster.registry.delete(volumes, 'fitting', undefined, {})
  await cluster.settled()
  assert.ok(volume()?.metadata.deletionTimestamp)
  cluster.registry.delete(claims, 'data', 'default', {})
  await cluster.until('no volume', () => !volume())
  assert.equal(cluster.errors, [])
})

test('a pod waits for the volume of its claim', async () => {
  const cluster = await startCluster()
  cluster.registry.create(claims, manual)
  cluster.registry.create('pods', user)
  await cluster.settled()
  const pending = () => cluster.store.get('pods', 'user', 'default')
  assert.match(pending()?.status?.conditions[0].message, /pod has unbound immediate PersistentVolumeClaims/)
  assert.equal(cluster.events('data'), ['Warning ProvisioningFailed: storageclass.storage.k8s.io "manual" not found'])
  cluster.registry.create(volumes, disk('later', '1Gi'))
  await cluster.until('it runs', () => pending()?.status?.phase === 'Running')
})

/** What a volume lacks that a claim asks for by its name. */
const unfitting: readonly [spec: object, why: string][] = [
  [{ capacity: { storage: '1Mi' } }, 'requested PV is too small'],
  [{ storageClassName: 'other' }, 'storageClassName does not match'],
  [{ accessModes: ['ReadWriteMany'] }, 'incompatible accessMode'],
  [{ volumeMode: 'Block' }, 'incompatible volumeMode'],
]

for (const [spec, why] of unfitting)
  test(`a volume that is asked for by name is refused: ${why}`, async () => {
    const cluster = await startCluster()
    cluster.registry.create(volumes, disk('named', '1Gi', spec))
    cluster.registry.create(claims, { ...manual, spec: { ...manual.spec, volumeName: 'named' } })
    await cluster.until('an event', () => cluster.events('data').length > 0)
    assert.equal(cluster.events('data'), [`Warning VolumeMismatch: Cannot bind to requested volume "named": ${why}`])
  })

test.run()
