import * as assert from 'uvu/assert'
import { suite } from '../../support/suite.ts'
import { startTestApi } from './api.ts'

const test = suite('deletion by the API')
const api = await startTestApi()
test.after(() => api.close())

const containers = [{ name: 'web', image: 'nginx:1.25' }]
const path = '/apis/batch/v1/namespaces/default/jobs'

function makeJob(name: string): void {
  api.registry.create('jobs.batch', {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, namespace: 'default' },
    spec: { template: { spec: { restartPolicy: 'Never', containers } } },
  })
}

const policies: readonly [query: string, finalizers: string[] | undefined, isWarned: boolean][] = [
  ['', ['orphan'], true],
  ['?propagationPolicy=Orphan', ['orphan'], false],
  ['?orphanDependents=true', ['orphan'], false],
  ['?propagationPolicy=Foreground', ['foregroundDeletion'], false],
  ['?propagationPolicy=Background', undefined, false],
  ['?orphanDependents=false', undefined, false],
]
for (const [query, finalizers, isWarned] of policies)
  test(`a job deleted ${query ? `with ${query}` : 'without a word on its pods'} ${finalizers ? `waits for ${finalizers}` : 'is gone'}`, async () => {
    makeJob('sum')
    const { body, headers } = await api.ask('DELETE', `${path}/sum${query}`)
    assert.equal(body.metadata.finalizers, finalizers)
    assert.is(/child pods are preserved by default/.test(String(headers.warning)), isWarned)
    if (finalizers) api.registry.store.remove('jobs.batch', 'sum', 'default')
  })

test('what is not there is called by its name where its scale is read, by its own where that is written', async () => {
  const scale = '/apis/apps/v1/namespaces/default/deployments/nope/scale'
  const headers = { 'content-type': 'application/merge-patch+json' }
  assert.match((await api.ask('GET', scale)).body.message, 'deployments/scale.apps "nope" not found')
  assert.match(
    (await api.ask('PATCH', scale, { headers, body: '{}' })).body.message,
    'deployments.apps "nope" not found',
  )
})

test.run()
