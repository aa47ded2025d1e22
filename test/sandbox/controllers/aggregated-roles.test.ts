import { suite } from '../../support/suite.ts'
import { startCluster, stopClusters, type TestCluster } from './cluster.ts'

const test = suite('aggregated roles')
test.after.each(stopClusters)

const roles = 'clusterroles.rbac.authorization.k8s.io'
const rule = (resource: string) => ({ apiGroups: [''], resources: [resource], verbs: ['get'] })
const make = ({ registry }: TestCluster, name: string, content: object, labels = {}) =>
  registry.create(roles, {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name, labels },
    ...content,
  })
const rulesOf = ({ store }: TestCluster) => JSON.stringify(store.get(roles, 'whole')?.rules ?? [])

test('a role has the rules of all that it selects, as they come and go', async () => {
  const cluster = await startCluster()
  make(cluster, 'b', { rules: [rule('pods'), rule('secrets')] }, { part: 'yes' })
  make(cluster, 'whole', { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { part: 'yes' } }] } })
  await cluster.until('the first', () => rulesOf(cluster) === JSON.stringify([rule('pods'), rule('secrets')]))
  make(cluster, 'a', { rules: [rule('nodes'), rule('pods')] }, { part: 'yes' })
  make(cluster, 'other', { rules: [rule('services')] })
  const all = JSON.stringify([rule('nodes'), rule('pods'), rule('secrets')])
  await cluster.until('both, by name, each rule once', () => rulesOf(cluster) === all)
  cluster.registry.delete(roles, 'b', undefined, {})
  await cluster.until('the rest', () => rulesOf(cluster) === JSON.stringify([rule('nodes'), rule('pods')]))
})

test.run()
