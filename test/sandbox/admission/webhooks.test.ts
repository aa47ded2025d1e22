import * as assert from 'uvu/assert'
import { isAnswered, webhookFor } from '../../../lib/sandbox/admission/webhooks.ts'
import type { KubeObject } from '../../../lib/sandbox/objects.ts'
import { Store } from '../../../lib/sandbox/store/store.ts'
import { suite } from '../../support/suite.ts'
import { pod } from '../controllers/cluster.ts'

const test = suite('webhooks')

// biome-ignore lint/suspicious/noExplicitAny: a webhook is known by the schema
type Part = any

const rule = { apiGroups: [''], resources: ['pods'], operations: ['CREATE'] }
const clientConfig = { service: { name: 'istiod', namespace: 'istio-system', path: '/inject', port: 443 } }

function storeWith(webhook: Part, labels: Record<string, string> = {}): Store {
  const store = new Store()
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
    assert.is(webhookFor('mutating', asked, storeWith(webhook, labels)) !== undefined, selected)
    assert.is(webhookFor('validating', asked, storeWith(webhook, labels)), undefined)
  })

const webhook = { name: 'it.istio.io', clientConfig }
const url = 'https://istiod.istio-system.svc:443/inject?timeout=10s'
const failed = `Internal error occurred: failed calling webhook "it.istio.io": failed to call webhook: Post "${url}": `

function storeOf(service: boolean, subsets: Part[] | undefined): Store {
  const store = new Store()
  const metadata = { name: 'istiod', namespace: 'istio-system' }
  if (service) store.create('services', { apiVersion: 'v1', kind: 'Service', metadata, spec: {} })
  if (subsets) store.create('endpoints', { apiVersion: 'v1', kind: 'Endpoints', metadata, subsets })
  return store
}

test('a webhook with an address behind it answers', () => {
  assert.ok(isAnswered(webhook, storeOf(true, [{ addresses: [{ ip: '10.0.0.1' }] }])))
})

const silent: [title: string, store: Store, cause: string][] = [
  ['no service', storeOf(false, undefined), 'service "istiod" not found'],
  ['no endpoints', storeOf(true, undefined), 'no endpoints available for service "istiod"'],
  [
    'no ready address',
    storeOf(true, [{ notReadyAddresses: [{ ip: '10.0.0.1' }] }]),
    'no endpoints available for service "istiod"',
  ],
]
for (const [title, store, cause] of silent) {
  test(`with ${title} what it guards fails, in the words of the server`, () => {
    assert.throws(
      () => isAnswered(webhook, store),
      (error: Error) => error.message === failed + cause,
    )
  })
  test(`with ${title} a webhook that may be ignored is`, () => {
    assert.not(isAnswered({ ...webhook, failurePolicy: 'Ignore' }, store))
  })
}

test('a webhook that is called by URL is not answered here', () => {
  assert.not(isAnswered({ name: 'other', clientConfig: {} }, new Store()))
})

test.run()
