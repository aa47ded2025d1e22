import * as assert from 'uvu/assert'
import { suite } from '../../support/suite.ts'
import { deployment, startCluster, stopClusters } from './cluster.ts'

const test = suite('disruption budgets')
test.after.each(stopClusters)

const cases: [title: string, spec: object, allowed: number][] = [
  ['one must stay', { minAvailable: 1 }, 2],
  ['half of them must stay, rounded up', { minAvailable: '50%' }, 1],
  ['one may go', { maxUnavailable: 1 }, 1],
  ['none may go', { maxUnavailable: 0 }, 0],
]
for (const [title, spec, allowed] of cases)
  test(`of three pods ${allowed} may go where ${title}`, async () => {
    const cluster = await startCluster()
    cluster.registry.create('deployments.apps', deployment('web', { replicas: 3 }))
    cluster.registry.create('poddisruptionbudgets.policy', {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'web', namespace: 'default' },
      spec: { selector: { matchLabels: { app: 'web' } }, ...spec },
    })
    const budget = await cluster.until('three healthy', () => {
      const found = cluster.store.get('poddisruptionbudgets.policy', 'web', 'default')
      return found?.status?.currentHealthy === 3 && found
    })
    assert.is(budget.status.expectedPods, 3)
    assert.is(budget.status.disruptionsAllowed, allowed)
    assert.is(budget.status.conditions[0].status, allowed > 0 ? 'True' : 'False')
  })

test.run()
