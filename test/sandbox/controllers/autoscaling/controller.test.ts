import * as assert from 'uvu/assert'
import { lifelike } from '../../../../lib/sandbox/controllers/pace.ts'
import { suite } from '../../../support/suite.ts'
import { deployment, startCluster, stopClusters, type TestCluster } from '../cluster.ts'

const test = suite('autoscalers')
test.after.each(stopClusters)

const resource = 'horizontalpodautoscalers.autoscaling'

function autoscaler(spec: object = {}) {
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      minReplicas: 2,
      maxReplicas: 4,
      ...spec,
    },
  }
}

interface Said {
  type: string
  status: string
  reason: string
  message: string
}

/** The condition once it is there, as `status reason: message`. */
function said(cluster: TestCluster, type: string, reason: string): Promise<string> {
  return cluster.until(`${type} ${reason}`, () => {
    const conditions: Said[] = cluster.store.get(resource, 'web', 'default')?.status?.conditions ?? []
    const found = conditions.find((one) => one.type === type && one.reason === reason)
    return found && `${found.status}: ${found.message}`
  })
}

function replicas(cluster: TestCluster): number {
  return cluster.store.get('deployments.apps', 'web', 'default')?.spec.replicas
}

const bounds: readonly [before: number, after: number, why: string][] = [
  [1, 2, 'Current number of replicas below Spec.MinReplicas'],
  [6, 4, 'Current number of replicas above Spec.MaxReplicas'],
]
for (const [before, after, why] of bounds)
  test(`a target of ${before} is scaled to ${after}, between the bounds`, async () => {
    const cluster = await startCluster()
    cluster.registry.create('deployments.apps', deployment('web', { replicas: before }))
    cluster.registry.create(resource, autoscaler())
    await cluster.until('scaled', () => replicas(cluster) === after)
    assert.is(
      await said(cluster, 'AbleToScale', 'SucceededRescale'),
      `True: the HPA controller was able to update the target scale to ${after}`,
    )
    assert.ok(cluster.events('web').includes(`Normal SuccessfulRescale: New size: ${after}; reason: ${why}`))
    const { managedFields } = cluster.store.get('deployments.apps', 'web', 'default')?.metadata ?? {}
    assert.ok(
      managedFields?.some(
        ({ manager, subresource }: { manager: string; subresource?: string }) =>
          manager === 'kube-controller-manager' && subresource === 'scale',
      ),
    )
    assert.equal(cluster.errors, [])
  })

test('between the bounds it says that there are no metrics', async () => {
  const cluster = await startCluster()
  cluster.registry.create('deployments.apps', deployment('web', { replicas: 3 }))
  cluster.registry.create(resource, autoscaler())
  const error =
    'failed to get cpu utilization: unable to get metrics for resource cpu: unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)'
  assert.is(
    await said(cluster, 'ScalingActive', 'FailedGetResourceMetric'),
    `False: the HPA was unable to compute the replica count: ${error}`,
  )
  const all = `invalid metrics (1 invalid out of 1), first error is: failed to get cpu resource metric value: ${error}`
  await cluster.until('its events', () =>
    [`Warning FailedGetResourceMetric: ${error}`, `Warning FailedComputeMetricsReplicas: ${all}`].every((event) =>
      cluster.events('web').includes(event),
    ),
  )
  assert.is(replicas(cluster), 3)
  assert.is(cluster.store.get(resource, 'web', 'default')?.status.currentReplicas, 3)
})

test('the second autoscaler of the same pods says so', async () => {
  const cluster = await startCluster()
  cluster.registry.create('deployments.apps', deployment('web', { replicas: 3 }))
  cluster.registry.create(resource, autoscaler())
  await said(cluster, 'ScalingActive', 'FailedGetResourceMetric')
  cluster.registry.create(resource, { ...autoscaler(), metadata: { name: 'second', namespace: 'default' } })
  const error = 'pods by selector app=web are controlled by multiple HPAs: [default/second default/web]'
  await cluster.until('its event', () => cluster.events('second').includes(`Warning AmbiguousSelector: ${error}`))
  cluster.store.remove(resource, 'second', 'default')
  await said(cluster, 'ScalingActive', 'FailedGetResourceMetric')
})

test('a target that was scaled to zero stays there', async () => {
  const cluster = await startCluster()
  cluster.registry.create('deployments.apps', deployment('web', { replicas: 0 }))
  cluster.registry.create(resource, autoscaler())
  assert.is(
    await said(cluster, 'ScalingActive', 'ScalingDisabled'),
    'False: scaling is disabled since the replica count of the target is zero',
  )
  assert.is(replicas(cluster), 0)
})

const missing: readonly [title: string, ref: object, error: string][] = [
  ['is not there', {}, 'deployments/scale.apps "web" not found'],
  ['is of no kind', { kind: 'Shop' }, 'no matches for kind "Shop" in group "apps"'],
  ['has no scale', { kind: 'DaemonSet' }, 'the server could not find the requested resource'],
]
for (const [title, ref, error] of missing)
  test(`it says so where the target ${title}`, async () => {
    const cluster = await startCluster()
    const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', ...ref }
    cluster.registry.create(resource, autoscaler({ scaleTargetRef }))
    assert.is(
      await said(cluster, 'AbleToScale', 'FailedGetScale'),
      `False: the HPA controller was unable to get the target's current scale: ${error}`,
    )
    assert.ok(cluster.events('web').includes(`Warning FailedGetScale: ${error}`))
  })

test('it is first looked at when its time has gone by', async () => {
  const cluster = await startCluster({ pace: lifelike })
  cluster.registry.create('deployments.apps', deployment('web', { replicas: 0 }))
  cluster.registry.create(resource, autoscaler())
  await cluster.settled()
  assert.is(cluster.store.get(resource, 'web', 'default')?.status?.conditions, undefined)
})

test.run()
