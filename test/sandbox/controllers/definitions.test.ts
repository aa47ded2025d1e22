import * as assert from 'uvu/assert'
import { suite } from '../../support/suite.ts'
import { startCluster, stopClusters } from './cluster.ts'

const test = suite('definitions')
test.after.each(stopClusters)

test('a definition is established, with the names and versions that it asks for', async () => {
  const cluster = await startCluster()
  const resource = 'customresourcedefinitions.apiextensions.k8s.io'
  const names = { plural: 'cakes', singular: 'cake', kind: 'Cake', listKind: 'CakeList' }
  const schema = { openAPIV3Schema: { type: 'object' } }
  cluster.registry.create(resource, {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'cakes.example.com' },
    spec: {
      group: 'example.com',
      names,
      scope: 'Namespaced',
      versions: [
        { name: 'v1', served: true, storage: true, schema },
        { name: 'v1beta1', served: true, storage: false, schema },
      ],
    },
  })
  const found = await cluster.until('Established', () => {
    const definition = cluster.store.get(resource, 'cakes.example.com')
    return definition?.status?.conditions?.length === 2 && definition
  })
  assert.equal(found.status.acceptedNames, names)
  assert.equal(found.status.storedVersions, ['v1'])
  assert.equal(
    found.status.conditions.map(({ type, status }: { type: string; status: string }) => `${type}=${status}`),
    ['NamesAccepted=True', 'Established=True'],
  )
})

test.run()
