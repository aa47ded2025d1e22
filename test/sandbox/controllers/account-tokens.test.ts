import * as assert from 'uvu/assert'
import { suite } from '../../support/suite.ts'
import { startCluster, stopClusters } from './cluster.ts'

const test = suite('account-tokens')
test.after.each(stopClusters)

const secret = (name: string, account: string) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  type: 'kubernetes.io/service-account-token',
  metadata: { name, namespace: 'n', annotations: { 'kubernetes.io/service-account.name': account } },
})

test('a secret that names an account holds its token, and goes with it', async () => {
  const cluster = await startCluster()
  await cluster.namespace('n')
  cluster.registry.create('secrets', secret('long', 'default'))
  const filled = await cluster.until('a token', () => {
    const found = cluster.store.get('secrets', 'long', 'n')
    return found?.data?.token && found
  })
  assert.is(Buffer.from(filled.data.token, 'base64').toString(), 'default long')
  assert.is(Buffer.from(filled.data.namespace, 'base64').toString(), 'n')
  cluster.store.remove('serviceaccounts', 'default', 'n')
  await cluster.until('no secret', () => !cluster.store.get('secrets', 'long', 'n'))
})

test('a secret of an account that is not there is taken away', async () => {
  const cluster = await startCluster()
  await cluster.namespace('n')
  cluster.registry.create('secrets', secret('none', 'nobody'))
  await cluster.until('no secret', () => !cluster.store.get('secrets', 'none', 'n'))
})

test.run()
