import * as assert from 'uvu/assert'
import { answering, unreachableWarnings } from '../../../lib/sandbox/admission/webhooks.ts'
import type { KubeObject } from '../../../lib/sandbox/objects.ts'
import { Store } from '../../../lib/sandbox/store/store.ts'
import { suite } from '../../support/suite.ts'
import { pod } from '../controllers/cluster.ts'

const test = suite('webhooks')

// biome-ignore lint/suspicious/noExplicitAny: a webhook is known by the schema
type Part = any

const rule = { apiGroups: [''], resources: ['pods'], operations: ['CREATE'] }
const clientConfig = { service: { name: 'istiod', namespace: 'istio-system', path: '/inject', port: 443 } }

function storeOf(service: boolean, subsets: Part[] | undefined): Store {
  const store = new Store()
  const metadata = { name: 'istiod', namespace: 'istio-system' }
  if (service)
    store.create('services', { apiVersion: 'v1', kind: 'Service', metadata, spec: { clusterIP: '10.96.0.7' } })
  if (subsets) store.create('endpoints', { apiVersion: 'v1', kind: 'Endpoints', metadata, subsets })
  return store
}

function storeWith(webhook: Part, labels: Record<string, string> = {}): Store {
  const store = storeOf(true, [{ addresses: [{ ip: '10.0.0.1' }] }])
  store.create('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default', labels } })
  store.create('mutatingwebhookconfigurations.admissionregistration.k8s.io', {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: { name: 'istio' },
    webhooks: [{ name: 'it.istio.io', clientConfig, rules: [rule], ...webhook }],
  })
  return store
}

const selections: [
  title: string,
  webhook: Part,
  namespace: Record<string, string>,
  object: KubeObject,
  selected: boolean,
][] = [
  ['everything without selectors', {}, {}, pod('web'), true],
  ['any group and resource by *', { rules: [{ ...rule, apiGroups: ['*'], resources: ['*'] }] }, {}, pod('web'), true],
  ['pods and their subresources', { rules: [{ ...rule, resources: ['pods/*'] }] }, {}, pod('web'), true],
  ['not pods by a subresource', { rules: [{ ...rule, resources: ['pods/log'] }] }, {}, pod('web'), false],
  [
    'nothing of a namespace by the scope of the cluster',
    { rules: [{ ...rule, scope: 'Cluster' }] },
    {},
    pod('web'),
    false,
  ],
  ['nothing of another operation', { rules: [{ ...rule, operations: ['DELETE'] }] }, {}, pod('web'), false],
  ['nothing of another resource', { rules: [{ ...rule, resources: ['services'] }] }, {}, pod('web'), false],
  [
    'by the label of the namespace',
    { namespaceSelector: { matchLabels: { mesh: 'on' } } },
    { mesh: 'on' },
    pod('web'),
    true,
  ],
  ['nothing in a namespace without it', { namespaceSelector: { matchLabels: { mesh: 'on' } } }, {}, pod('web'), false],
  [
    'by the label of the object',
    { objectSelector: { matchLabels: { app: 'web' } } },
    {},
    pod('web', {}, { labels: { app: 'web' } }),
    true,
  ],
  ['nothing without that label', { objectSelector: { matchLabels: { app: 'web' } } }, {}, pod('web'), false],
]
for (const [title, webhook, labels, object, selected] of selections)
  test(`a webhook selects ${title}`, () => {
    const asked = { operation: 'CREATE', group: '', plural: 'pods', object } as const
    assert.is(answering('mutating', asked, storeWith(webhook, labels)).length === 1, selected)
    assert.equal(answering('validating', asked, storeWith(webhook, labels)), [])
  })

const clusterWide: [title: string, plural: string, labels: Record<string, string>, selected: boolean][] = [
  ['a namespace by its own label', 'namespaces', { mesh: 'on' }, true],
  ['no namespace without it', 'namespaces', {}, false],
  ['all else that is in no namespace', 'nodes', {}, true],
]
for (const [title, plural, labels, selected] of clusterWide)
  test(`a webhook with a selector of namespaces selects ${title}`, () => {
    const selector = { namespaceSelector: { matchLabels: { mesh: 'on' } } }
    const store = storeWith({ rules: [{ ...rule, resources: ['*'] }], ...selector })
    const object = { apiVersion: 'v1', kind: 'Any', metadata: { name: 'a', labels } }
    assert.is(answering('mutating', { operation: 'CREATE', group: '', plural, object }, store).length === 1, selected)
  })

test('an object that had the label before an update is still selected by it', () => {
  const store = storeWith({
    rules: [{ ...rule, operations: ['UPDATE'] }],
    objectSelector: { matchLabels: { app: 'web' } },
  })
  const old = pod('web', {}, { labels: { app: 'web' } })
  const asked = { operation: 'UPDATE', group: '', plural: 'pods', object: pod('web'), old } as const
  assert.is(answering('mutating', asked, store).length, 1)
})

test('nobody is asked about webhooks themselves', () => {
  const store = storeWith({
    rules: [{ ...rule, apiGroups: ['*'], resources: ['*'] }],
    clientConfig: { url: 'https://a.b' },
  })
  const [object] = store.list('mutatingwebhookconfigurations.admissionregistration.k8s.io') as [KubeObject]
  const about = { group: 'admissionregistration.k8s.io', plural: 'mutatingwebhookconfigurations' }
  assert.equal(answering('mutating', { operation: 'CREATE', ...about, object }, store), [])
})

const url = 'https://istiod.istio-system.svc:443/inject?timeout=10s'
const failed = `Internal error occurred: failed calling webhook "it.istio.io": failed to call webhook: Post "${url}": `

const asked = { operation: 'CREATE', group: '', plural: 'pods', object: pod('web') } as const

/** The store with a webhook that selects every new pod. */
function guarded(store: Store, webhook: Part = {}): Store {
  store.create('mutatingwebhookconfigurations.admissionregistration.k8s.io', {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: { name: 'guard' },
    webhooks: [{ name: 'it.istio.io', clientConfig, rules: [rule], ...webhook }],
  })
  return store
}

const silent: [title: string, service: boolean, subsets: Part[] | undefined, cause: string][] = [
  ['no service', false, undefined, 'service "istiod" not found'],
  ['no endpoints', true, undefined, 'no endpoints available for service "istiod"'],
  [
    'no ready address',
    true,
    [{ notReadyAddresses: [{ ip: '10.0.0.1' }] }],
    'no endpoints available for service "istiod"',
  ],
]
for (const [title, service, subsets, cause] of silent) {
  test(`with ${title} what a webhook guards fails, in the words of the server`, () => {
    assert.throws(
      () => answering('mutating', asked, guarded(storeOf(service, subsets))),
      (error: Error) => error.message === failed + cause,
    )
  })
  test(`with ${title} a webhook that may be ignored is`, () => {
    assert.equal(answering('mutating', asked, guarded(storeOf(service, subsets), { failurePolicy: 'Ignore' })), [])
  })
}

const others: [title: string, clientConfig: Part, post: string][] = [
  [
    'a service other than istiod refuses the connection',
    { service: { name: 'mine', namespace: 'default', port: 8443 } },
    'Post "https://mine.default.svc:8443/?timeout=10s": dial tcp 10.96.0.8:8443: connect: connection refused',
  ],
  [
    'nobody outside of the sandbox is called',
    { url: 'https://a.b/c' },
    'Post "https://a.b/c?timeout=10s": this is a sandbox: it calls nobody outside of it',
  ],
]
for (const [title, clientConfig, post] of others)
  test(title, () => {
    const store = guarded(new Store(), { name: 'a.b.c', clientConfig })
    const metadata = { name: 'mine', namespace: 'default' }
    store.create('services', { apiVersion: 'v1', kind: 'Service', metadata, spec: { clusterIP: '10.96.0.8' } })
    store.create('endpoints', {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata,
      subsets: [{ addresses: [{ ip: '10.244.0.9' }] }],
    })
    assert.throws(
      () => answering('mutating', asked, store),
      (error: Error) =>
        error.message === `Internal error occurred: failed calling webhook "a.b.c": failed to call webhook: ${post}`,
    )
  })

test("of several webhooks all are asked: one that is ignored keeps istiod's from nothing", () => {
  const store = guarded(storeWith({}), { clientConfig: { url: 'https://a.b' }, failurePolicy: 'Ignore' })
  assert.equal(
    answering('mutating', asked, store).map(({ clientConfig }) => clientConfig.service?.path),
    ['/inject'],
  )
})

test('of webhooks that cannot be reached a warning tells what comes of it, once', () => {
  const configuration = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'a' },
    webhooks: [
      { name: 'it.istio.io', clientConfig, failurePolicy: 'Fail' },
      { name: 'a.b.c', clientConfig: { url: 'https://a.b' }, failurePolicy: 'Fail' },
      { name: 'a.b.d', clientConfig: { url: 'https://a.b' }, failurePolicy: 'Ignore' },
    ],
  }
  assert.equal(unreachableWarnings(configuration), [
    'sandbox: the webhook "a.b.c" cannot be reached here, what it selects is refused (failurePolicy Fail)',
    'sandbox: the webhook "a.b.d" cannot be reached here, what it selects passes without it (failurePolicy Ignore)',
  ])
  assert.equal(unreachableWarnings(configuration, configuration), [])
})

test.run()
