import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { ApiAway, connect, resources } from '../lib/kube.ts'
import { type Api, kubeconfigText, startApi } from './support/api.ts'
import { failureOf } from './support/failures.ts'
import { temporaryFolder } from './support/folder.ts'
import { deployment, pod, reviewsRoute, to } from './support/objects.ts'
import { suite } from './support/suite.ts'

const test = suite('kube')

const api: Api = await startApi(
  pod('reviews-v1'),
  pod('istiod', { namespace: 'istio-system' }),
  reviewsRoute(to('v1')),
  deployment('reviews-v1'),
)
test.after.each(() => {
  api.fault = () => undefined
})

async function thrownBy(deed: Promise<unknown>): Promise<Error> {
  return deed.then(
    () => assert.unreachable('it succeeded') as never,
    (error) => error as Error,
  )
}

test('a list holds the objects of its namespace, Kubernetes own and Istio alike', async () => {
  const kube = await connect(api.kubeconfig)
  const names = async (...of: Parameters<typeof kube.list>) =>
    (await kube.list(...of)).items.map((item) => item.metadata?.name)
  assert.equal(await names(resources.pods, 'default'), ['reviews-v1-5b5d6494f4-x7k2p'])
  assert.is((await names(resources.pods)).length, 2)
  assert.equal(await names(resources.virtualServices, 'default'), ['reviews'])
  assert.equal(await names(resources.gateways, 'default'), [])
})

test('fields of an Istio object come as they are', async () => {
  const { items } = await (await connect(api.kubeconfig)).list(resources.virtualServices, 'default')
  assert.is(items[0]?.spec.http[0].route[0].destination.subset, 'v1')
})

test('a resource that the cluster does not know has no objects', async () => {
  const kube = await connect(api.kubeconfig)
  const unknownGroup = {
    apiVersion: 'networking.istio.io/v9',
    kind: 'VirtualService',
    plural: 'virtualservices',
    namespaced: true,
  }
  const unknownKind = { apiVersion: 'apps/v1', kind: 'Rocket', plural: 'rockets', namespaced: true }
  for (const resource of [unknownGroup, unknownKind]) assert.equal((await kube.list(resource)).items, [])
})

test('the version is that of the server', async () => {
  assert.is(await (await connect(api.kubeconfig)).version(), 'v1.29.2')
})

const away = [429, 500, 503, 'cut'] as const
for (const fault of away)
  test(`an API that answers ${fault} is away, which may get better`, async () => {
    const kube = await connect(api.kubeconfig)
    api.fault = () => fault
    assert.instance(await thrownBy(kube.list(resources.pods)), ApiAway)
    assert.instance(await thrownBy(kube.version()), ApiAway)
  })

test('an API that takes the question and never answers is away, too; a stop is not waited out', async () => {
  api.fault = () => 'silence'
  const stop = new AbortController()
  const kube = await connect(api.kubeconfig, { signal: stop.signal })
  const lists = [kube.list(resources.pods), kube.version()].map(thrownBy)
  stop.abort()
  for (const error of await Promise.all(lists)) assert.instance(error, ApiAway)
})

for (const fault of [401, 403])
  test(`an API that answers ${fault} may have started a moment ago; later it means what it says`, async () => {
    const kube = await connect(api.kubeconfig)
    api.fault = () => fault
    const first = await thrownBy(kube.list(resources.pods))
    assert.instance(first, ApiAway)
    const { now } = performance
    let passed = 5_000
    performance.now = () => now.call(performance) + passed
    try {
      assert.instance(await thrownBy(kube.list(resources.pods)), ApiAway)
      passed = 10_000
      const later = await failureOf(() => kube.list(resources.pods))
      assert.is(later.message, 'the cluster does not let you read this')
      assert.is(later.seen, first.message)
      assert.is(later.mend, 'kubectl auth can-i --list')
    } finally {
      performance.now = now
    }
  })

test('a watch tells each change, in order', async () => {
  const kube = await connect(api.kubeconfig)
  const { resourceVersion } = await kube.list(resources.deployments, 'default')
  const stop = new AbortController()
  const seen: string[] = []
  const watched = api.nextWatch()
  const ended = kube.watch(
    resources.deployments,
    'default',
    resourceVersion,
    ({ type, object }) => {
      seen.push(`${type} ${object.metadata?.name}`)
      if (seen.length === 3) stop.abort()
    },
    stop.signal,
  )
  await watched
  api.put(deployment('reviews-v1'), deployment('reviews-v2'), deployment('elsewhere', { namespace: 'other' }))
  api.remove(deployment('reviews-v2'))
  assert.is(await ended, 'ended')
  assert.equal(seen, ['MODIFIED reviews-v1', 'ADDED reviews-v2', 'DELETED reviews-v2'])
})

test('a watch that is stopped before it begins asks nothing', async () => {
  const before = api.count('watch')
  const watch = (await connect(api.kubeconfig)).watch(
    resources.pods,
    undefined,
    '1',
    () => undefined,
    AbortSignal.abort(),
  )
  assert.is(await watch, 'ended')
  assert.is(api.count('watch'), before)
})

const endings: { fault: 404 | 410 | 503; how: string }[] = [
  { fault: 410, how: 'expired' },
  { fault: 404, how: 'expired' },
  { fault: 503, how: 'ApiAway' },
]
for (const { fault, how } of endings)
  test(`a watch that is answered ${fault} ends as ${how}`, async () => {
    const kube = await connect(api.kubeconfig)
    api.fault = ({ verb }) => (verb === 'watch' ? fault : undefined)
    const watch = kube.watch(resources.pods, 'default', '1', () => undefined, new AbortController().signal)
    assert.is(await watch.catch((error: Error) => error.name), how)
  })

test('a cluster-wide watch leaves the namespace out', async () => {
  const kube = await connect(api.kubeconfig)
  const stop = new AbortController()
  const watched = api.nextWatch()
  const ended = kube.watch(resources.nodes, undefined, '1', () => undefined, stop.signal)
  await watched
  stop.abort()
  await ended
  assert.is(api.calls.at(-1)?.path, '/api/v1/nodes')
})

test('the context that is named is the one that is read', async () => {
  const file = join(temporaryFolder(), 'kubeconfig')
  const here = JSON.parse(kubeconfigText(`http://127.0.0.1:${api.port}`, 'here'))
  const elsewhere = JSON.parse(kubeconfigText('http://127.0.0.1:1', 'elsewhere'))
  const both = ['clusters', 'users', 'contexts'].map((field) => [field, [...here[field], ...elsewhere[field]]])
  writeFileSync(file, JSON.stringify({ ...elsewhere, ...Object.fromEntries(both) }))
  assert.is(await (await connect(file, { context: 'here' })).version(), 'v1.29.2')
  assert.instance(await thrownBy((await connect(file)).version()), ApiAway)
})

test('a kubeconfig that cannot be read is a failure that names it', async () => {
  const failure = await failureOf(() => connect('/nowhere/kubeconfig'))
  assert.is(failure.message, 'the kubeconfig /nowhere/kubeconfig cannot be read')
})

test.run()
