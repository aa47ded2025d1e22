/** The words are those of a real server (Kubernetes 1.29.2). */
import * as assert from 'uvu/assert'
import { podSecurity } from '../../../lib/sandbox/admission/pod-security.ts'
import type { KubeObject } from '../../../lib/sandbox/objects.ts'
import { StatusError } from '../../../lib/sandbox/status.ts'
import { Store } from '../../../lib/sandbox/store/store.ts'
import { suite } from '../../support/suite.ts'
import { pod } from '../controllers/cluster.ts'
import { kindOf } from '../schema/kinds.ts'

const test = suite('pod security')

// biome-ignore lint/suspicious/noExplicitAny: parts of a pod are known by the schema
type Part = any

const label = (policy: Record<string, string>) =>
  Object.fromEntries(Object.entries(policy).map(([name, value]) => [`pod-security.kubernetes.io/${name}`, value]))

function namespace(policy: Record<string, string>): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default', labels: label(policy) } }
}

function storeWith(policy: Record<string, string>): Store {
  const store = new Store()
  store.create('namespaces', namespace(policy))
  return store
}

const newPod = (spec: Part): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'default' },
  spec: { containers: [{ name: 'c', image: 'i' }], ...spec },
})

/** What a refusal says of the pod's parts; '' where it is let in. */
function refusal(spec: Part, policy: Record<string, string>): string {
  try {
    podSecurity(kindOf('pods'), newPod(spec), storeWith(policy))
    return ''
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    return error.message
  }
}

const good = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } }
const runtimeDefault = { seccompProfile: { type: 'RuntimeDefault' } }
const unconfined = { seccompProfile: { type: 'Unconfined' } }

const specs: Record<string, Part> = {
  plain: {},
  careful: {
    securityContext: { runAsNonRoot: true, ...runtimeDefault },
    containers: [{ name: 'c', image: 'i', securityContext: good }],
  },
  powerful: {
    hostNetwork: true,
    hostPID: true,
    hostIPC: true,
    volumes: [
      { name: 'h', hostPath: { path: '/' } },
      { name: 'g', nfs: { server: 'a', path: '/' } },
    ],
    containers: [
      {
        name: 'c',
        ports: [{ containerPort: 80, hostPort: 80 }],
        securityContext: { privileged: true, capabilities: { add: ['NET_ADMIN', 'NET_RAW'] } },
      },
      { name: 'd', securityContext: { runAsUser: 0 } },
    ],
  },
  several: {
    securityContext: { seLinuxOptions: { user: 'x' } },
    volumes: [
      { name: 'h', hostPath: { path: '/' } },
      { name: 'h2', hostPath: { path: '/' } },
    ],
    containers: [
      { name: 'c', securityContext: { privileged: true }, ports: [{ containerPort: 80, hostPort: 80 }] },
      { name: 'd', securityContext: { privileged: true }, ports: [{ containerPort: 80, hostPort: 81 }] },
    ],
  },
  odd: {
    securityContext: {
      runAsUser: 0,
      runAsNonRoot: false,
      ...unconfined,
      sysctls: [{ name: 'kernel.msgmax' }, { name: 'kernel.shm_rmid_forced' }],
      seLinuxOptions: { user: 'x', role: 'z', type: 't' },
    },
    initContainers: [
      { name: 'i', securityContext: { capabilities: { add: ['NET_BIND_SERVICE', 'CHOWN'], drop: ['ALL'] } } },
    ],
    containers: [{ name: 'c' }],
  },
  mixed: {
    securityContext: { runAsNonRoot: true },
    containers: [
      {
        name: 'c',
        securityContext: {
          ...good,
          capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] },
          ...runtimeDefault,
        },
      },
      {
        name: 'd',
        securityContext: {
          ...good,
          runAsNonRoot: false,
          capabilities: { drop: ['ALL'], add: ['CHOWN'] },
          ...unconfined,
        },
      },
    ],
  },
}

const refusals: [policy: Record<string, string>, spec: string, words: string][] = [
  [{}, 'powerful', ''],
  [{ enforce: 'privileged' }, 'powerful', ''],
  [{ enforce: 'baseline' }, 'plain', ''],
  [{ enforce: 'restricted' }, 'careful', ''],
  [
    { enforce: 'baseline' },
    'powerful',
    'violates PodSecurity "baseline:latest": non-default capabilities (container "c" must not include "NET_ADMIN", "NET_RAW" in securityContext.capabilities.add), host namespaces (hostNetwork=true, hostPID=true, hostIPC=true), hostPath volumes (volume "h"), hostPort (container "c" uses hostPort 80), privileged (container "c" must not set securityContext.privileged=true)',
  ],
  [
    { enforce: 'baseline' },
    'several',
    'violates PodSecurity "baseline:latest": hostPath volumes (volumes "h", "h2"), hostPort (containers "c", "d" use hostPorts 80, 81), privileged (containers "c", "d" must not set securityContext.privileged=true), seLinuxOptions (pod set forbidden securityContext.seLinuxOptions: user may not be set)',
  ],
  [
    { enforce: 'baseline' },
    'odd',
    'violates PodSecurity "baseline:latest": seLinuxOptions (pod set forbidden securityContext.seLinuxOptions: type "t"; user may not be set; role may not be set), seccompProfile (pod must not set securityContext.seccompProfile.type to "Unconfined"), forbidden sysctls (kernel.msgmax)',
  ],
  [
    { enforce: 'baseline' },
    'mixed',
    'violates PodSecurity "baseline:latest": seccompProfile (container "d" must not set securityContext.seccompProfile.type to "Unconfined")',
  ],
  [
    { enforce: 'restricted' },
    'plain',
    'violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "c" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container "c" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or container "c" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container "c" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
  ],
  [
    { enforce: 'restricted', 'enforce-version': 'v1.20' },
    'plain',
    'violates PodSecurity "restricted:v1.20": allowPrivilegeEscalation != false (container "c" must set securityContext.allowPrivilegeEscalation=false), runAsNonRoot != true (pod or container "c" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container "c" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
  ],
  [
    { enforce: 'restricted' },
    'powerful',
    'violates PodSecurity "restricted:latest": host namespaces (hostNetwork=true, hostPID=true, hostIPC=true), hostPort (container "c" uses hostPort 80), privileged (container "c" must not set securityContext.privileged=true), allowPrivilegeEscalation != false (containers "c", "d" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (containers "c", "d" must set securityContext.capabilities.drop=["ALL"]; container "c" must not include "NET_ADMIN", "NET_RAW" in securityContext.capabilities.add), restricted volume types (volumes "h", "g" use restricted volume types "hostPath", "nfs"), runAsNonRoot != true (pod or containers "c", "d" must set securityContext.runAsNonRoot=true), runAsUser=0 (container "d" must not set runAsUser=0), seccompProfile (pod or containers "c", "d" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
  ],
  [
    { enforce: 'restricted' },
    'several',
    'violates PodSecurity "restricted:latest": hostPort (containers "c", "d" use hostPorts 80, 81), privileged (containers "c", "d" must not set securityContext.privileged=true), seLinuxOptions (pod set forbidden securityContext.seLinuxOptions: user may not be set), allowPrivilegeEscalation != false (containers "c", "d" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (containers "c", "d" must set securityContext.capabilities.drop=["ALL"]), restricted volume types (volumes "h", "h2" use restricted volume type "hostPath"), runAsNonRoot != true (pod or containers "c", "d" must set securityContext.runAsNonRoot=true), seccompProfile (pod or containers "c", "d" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
  ],
  [
    { enforce: 'restricted' },
    'odd',
    'violates PodSecurity "restricted:latest": seLinuxOptions (pod set forbidden securityContext.seLinuxOptions: type "t"; user may not be set; role may not be set), forbidden sysctls (kernel.msgmax), allowPrivilegeEscalation != false (containers "i", "c" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container "c" must set securityContext.capabilities.drop=["ALL"]; container "i" must not include "CHOWN" in securityContext.capabilities.add), runAsNonRoot != true (pod must not set securityContext.runAsNonRoot=false), runAsUser=0 (pod must not set runAsUser=0), seccompProfile (pod must not set securityContext.seccompProfile.type to "Unconfined")',
  ],
  [
    { enforce: 'restricted' },
    'mixed',
    'violates PodSecurity "restricted:latest": unrestricted capabilities (container "d" must not include "CHOWN" in securityContext.capabilities.add), runAsNonRoot != true (container "d" must not set securityContext.runAsNonRoot=false), seccompProfile (container "d" must not set securityContext.seccompProfile.type to "Unconfined")',
  ],
]
for (const [policy, name, words] of refusals)
  test(`a ${name} pod where ${JSON.stringify(policy)} is ${words ? 'refused' : 'let in'}`, () => {
    assert.is(refusal(specs[name], policy), words && `pods "web" is forbidden: ${words}`)
  })

const shortfall =
  'allowPrivilegeEscalation != false (container "c" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container "c" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or container "c" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container "c" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")'

const deployment = (): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'default' },
  spec: { template: { metadata: {}, spec: newPod({}).spec } },
})

const warned: [policy: Record<string, string>, plural: string, object: KubeObject][] = [
  [{ enforce: 'privileged', warn: 'restricted' }, 'pods', newPod({})],
  [{ warn: 'restricted' }, 'deployments', deployment()],
  [{ enforce: 'restricted' }, 'deployments', deployment()],
]
for (const [policy, plural, object] of warned)
  test(`of ${plural} where ${JSON.stringify(policy)} a warning tells what they lack`, () => {
    assert.equal(podSecurity(kindOf(plural), object, storeWith(policy)), [
      `would violate PodSecurity "restricted:latest": ${shortfall}`,
    ])
  })

test('pods that are there already stay, and are named', () => {
  const store = storeWith({})
  const context = (securityContext: Part) => pod('x', { containers: [{ name: 'c', securityContext }] })
  const add = (name: string, { spec }: KubeObject) =>
    store.create('pods', { ...newPod(spec), metadata: { name, namespace: 'default' } })
  add('w', context(runtimeDefault))
  add('z', context({}))
  add('zz', context({}))
  const change = (next: Record<string, string>, old: Record<string, string>) =>
    podSecurity(kindOf('namespaces'), namespace(next), store, namespace(old))
  assert.equal(change({ enforce: 'restricted' }, {}), [
    'existing pods in namespace "default" violate the new PodSecurity enforce level "restricted:latest"',
    'w: allowPrivilegeEscalation != false, unrestricted capabilities, runAsNonRoot != true',
    'z (and 1 other pod): allowPrivilegeEscalation != false, unrestricted capabilities, runAsNonRoot != true, seccompProfile',
  ])
  assert.equal(change({ enforce: 'restricted' }, { enforce: 'restricted' }), [])
  assert.equal(change({ enforce: 'baseline' }, { enforce: 'restricted' }), [])
})

const wrongLabels: [policy: Record<string, string>, why: string][] = [
  [
    { enforce: 'nope' },
    'metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: "nope": must be one of privileged, baseline, restricted',
  ],
  [
    { enforce: 'baseline', 'enforce-version': 'nope' },
    'metadata.labels[pod-security.kubernetes.io/enforce-version]: Invalid value: "nope": must be "latest" or "v1.x"',
  ],
  [
    { audit: 'nope' },
    'metadata.labels[pod-security.kubernetes.io/audit]: Invalid value: "nope": must be one of privileged, baseline, restricted',
  ],
]
for (const [policy, why] of wrongLabels)
  test(`a namespace with ${JSON.stringify(policy)} is refused`, () => {
    assert.throws(
      () => podSecurity(kindOf('namespaces'), namespace(policy), new Store()),
      (error: Error) => error.message === `Namespace "default" is invalid: ${why}`,
    )
  })

test.run()
