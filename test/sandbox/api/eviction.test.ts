import * as assert from 'uvu/assert'
import { suite } from '../../support/suite.ts'
import { startTestApi } from './api.ts'

const test = suite('evictions')
const api = await startTestApi()
api.registry.create('serviceaccounts', {
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name: 'default', namespace: 'default' },
})

const budgets = 'poddisruptionbudgets.policy'
const ready = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '' }] }

/** A pod that runs, and budgets that cover it. */
function pod(name: string, covering: readonly object[] = [], status: object = ready): void {
  const labels = { app: name }
  const { metadata, ...rest } = api.registry.create('pods', {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', labels },
    spec: { nodeName: 'node', terminationGracePeriodSeconds: 0, containers: [{ name: 'c', image: 'x' }] },
  })
  api.registry.store.update('pods', { ...rest, metadata, status })
  for (const [index, said] of covering.entries()) {
    const budget = api.registry.create(budgets, {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: `${name}-${index}`, namespace: 'default' },
      spec: { minAvailable: 1, selector: { matchLabels: labels } },
    })
    api.registry.store.update(budgets, { ...budget, status: { observedGeneration: 1, ...said } })
  }
}

const evict = (name: string, more: object = {}) =>
  api.ask('POST', `/api/v1/namespaces/default/pods/${name}/eviction`, {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name }, ...more }),
  })
const isThere = (name: string) => api.registry.store.get('pods', name, 'default') !== undefined
const none = { disruptionsAllowed: 0, desiredHealthy: 1, currentHealthy: 1 }
const one = { ...none, disruptionsAllowed: 1 }

test('a pod that nobody counts may go, but not for a dry run', async () => {
  pod('free')
  assert.is((await evict('free', { deleteOptions: { dryRun: ['All'] } })).status, 201)
  assert.ok(isThere('free'))
  assert.is((await evict('free')).status, 201)
  assert.not(isThere('free'))
})

test('a budget that allows one allows no second', async () => {
  pod('counted', [one])
  assert.is((await evict('counted')).status, 201)
  assert.is(api.registry.get(budgets, 'counted-0', 'default').status.disruptionsAllowed, 0)
})

const refusals: readonly [name: string, covering: readonly object[], code: number, cause: string | undefined][] = [
  ['kept', [none], 429, 'The disruption budget kept-0 needs 1 healthy pods and has 1 currently'],
  [
    'uncounted',
    [{ ...one, observedGeneration: 0 }],
    429,
    'The disruption budget uncounted-0 is still being processed by the server.',
  ],
  ['twice', [one, one], 500, undefined],
]

for (const [name, covering, code, cause] of refusals)
  test(`a pod stays that is ${name}: ${code}`, async () => {
    pod(name, covering)
    const { status, body } = await evict(name)
    assert.equal([status, body.details?.causes?.[0].message], [code, cause])
    assert.ok(isThere(name))
  })

test('one that is not ready may go as long as there are enough that are', async () => {
  pod('sick', [none], { phase: 'Running', conditions: [] })
  assert.is((await evict('sick')).status, 201)
})

test('one that has ended is missed by nobody', async () => {
  pod('ended', [none], { phase: 'Succeeded' })
  assert.is((await evict('ended')).status, 201)
})

test('the name is said twice, and is the same', async () => {
  const { body } = await evict('kept', { metadata: { name: 'other' } })
  assert.is(body.message, 'name in URL does not match name in Eviction object')
})

test('another kind is no eviction', async () => {
  const { body } = await evict('kept', { kind: 'Foo' })
  assert.match(body.message, /^Foo in version "v1" cannot be handled as a Eviction: no kind "Foo" is registered/)
})

test.after(() => api.close())

test.run()
