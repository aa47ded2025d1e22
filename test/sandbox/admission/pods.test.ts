import * as assert from 'uvu/assert'
import { completePod, initialStatus } from '../../../lib/sandbox/admission/pods.ts'
import type { KubeObject } from '../../../lib/sandbox/objects.ts'
import { Store } from '../../../lib/sandbox/store/store.ts'
import { suite } from '../../support/suite.ts'
import { pod } from '../controllers/cluster.ts'

const test = suite('admission of pods')

// biome-ignore lint/suspicious/noExplicitAny: parts of a pod are known by the schema
type Part = any

function storeWith(account: Part = {}): Store {
  const store = new Store()
  store.create('serviceaccounts', {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'default', namespace: 'default' },
    ...account,
  })
  store.create('priorityclasses.scheduling.k8s.io', {
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name: 'important' },
    value: 1000,
  })
  return store
}
const completed = (spec: Part = {}, account: Part = {}): KubeObject => completePod(pod('web', spec), storeWith(account))
const tokens = ({ spec }: KubeObject) =>
  (spec.volumes ?? []).filter(({ name }: Part) => name.startsWith('kube-api-access-'))

test("a pod has its service account's token in every container", () => {
  const made = completed({ initContainers: [{ name: 'first', image: 'busybox' }] })
  assert.is(made.spec.serviceAccountName, 'default')
  assert.is(tokens(made).length, 1)
  for (const { volumeMounts } of [...made.spec.containers, ...made.spec.initContainers])
    assert.is(volumeMounts[0].mountPath, '/var/run/secrets/kubernetes.io/serviceaccount')
})

const withoutToken: [title: string, spec: Part, account: Part][] = [
  ['the pod wants none', { automountServiceAccountToken: false }, {}],
  ['its account gives none', {}, { automountServiceAccountToken: false }],
  [
    'it has brought its own',
    {
      containers: [
        {
          name: 'web',
          image: 'nginx',
          volumeMounts: [{ name: 'mine', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' }],
        },
      ],
    },
    {},
  ],
]
for (const [title, spec, account] of withoutToken)
  test(`a pod has no token where ${title}`, () => {
    assert.is(tokens(completed(spec, account)).length, 0)
  })

test('the pod has the last word on its token', () => {
  assert.is(
    tokens(completed({ automountServiceAccountToken: true }, { automountServiceAccountToken: false })).length,
    1,
  )
})

const forbidden: [spec: Part, message: string][] = [
  [
    { serviceAccountName: 'nobody' },
    'pods "web" is forbidden: error looking up service account default/nobody: serviceaccount "nobody" not found',
  ],
  [{ priorityClassName: 'nothing' }, 'pods "web" is forbidden: no PriorityClass with name nothing was found'],
]
for (const [spec, message] of forbidden)
  test(`${JSON.stringify(spec)} is refused`, () => {
    assert.throws(
      () => completed(spec),
      (error: Error) => error.message === message,
    )
  })

test('a priority class gives its number, nothing gives 0', () => {
  assert.is(completed().spec.priority, 0)
  assert.is(completed({ priorityClassName: 'important' }).spec.priority, 1000)
})

test('a pod bears a lost node for five minutes, unless it says otherwise', () => {
  const keys = (made: KubeObject) =>
    made.spec.tolerations.map(({ key, tolerationSeconds }: Part) => [key, tolerationSeconds])
  assert.equal(keys(completed()), [
    ['node.kubernetes.io/not-ready', 300],
    ['node.kubernetes.io/unreachable', 300],
  ])
  const tolerations = [
    { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 5 },
  ]
  assert.equal(keys(completed({ tolerations })), [
    ['node.kubernetes.io/not-ready', 5],
    ['node.kubernetes.io/unreachable', 300],
  ])
})

test("on its host's network each port of a container is one of the host", () => {
  const containers = [{ name: 'web', image: 'nginx', ports: [{ containerPort: 80 }] }]
  assert.is(completed({ hostNetwork: true, containers }).spec.containers[0].ports[0].hostPort, 80)
  assert.is(completed({ containers }).spec.containers[0].ports[0].hostPort, undefined)
})

const small = { cpu: '100m', memory: '64Mi' }
const classes: [title: string, resources: Part, qosClass: string][] = [
  ['asks for nothing', {}, 'BestEffort'],
  ['asks for something', { requests: { cpu: '100m' } }, 'Burstable'],
  ['has limits of both', { limits: small }, 'Guaranteed'],
  ['has limits equal to what it asks for', { limits: small, requests: small }, 'Guaranteed'],
  ['has higher limits than it asks for', { limits: small, requests: { cpu: '50m' } }, 'Burstable'],
  ['has a limit of one', { limits: { cpu: '100m' } }, 'Burstable'],
]
for (const [title, resources, qosClass] of classes)
  test(`a pod that ${title} is ${qosClass}`, () => {
    const made = initialStatus(pod('web', { containers: [{ name: 'web', image: 'nginx', resources }] }))
    assert.equal(made.status, { phase: 'Pending', qosClass })
  })

test.run()
