import * as assert from 'uvu/assert'
import { suite } from '../../support/suite.ts'
import { startCluster, stopClusters } from './cluster.ts'

const test = suite('flow schemas')
test.after.each(stopClusters)

const schemas = 'flowschemas.flowcontrol.apiserver.k8s.io'
const levels = 'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io'
const apiVersion = 'flowcontrol.apiserver.k8s.io/v1'

test('a flow schema says whether its priority level is there', async () => {
  const cluster = await startCluster()
  const metadata = { name: 'mine' }
  const spec = { priorityLevelConfiguration: { name: 'mine' }, matchingPrecedence: 9 }
  cluster.registry.create(schemas, { apiVersion, kind: 'FlowSchema', metadata, spec })
  const said = () => cluster.store.get(schemas, 'mine')?.status?.conditions?.[0]
  await cluster.until('it dangles', () => said()?.status === 'True')
  assert.match(said()?.message, /named "mine" but there is no such object$/)
  const limited = { type: 'Limited', limited: { limitResponse: { type: 'Reject' } } }
  cluster.registry.create(levels, { apiVersion, kind: 'PriorityLevelConfiguration', metadata, spec: limited })
  await cluster.until('it is found', () => said()?.status === 'False')
  assert.is(said()?.reason, 'Found')
})

test.run()
