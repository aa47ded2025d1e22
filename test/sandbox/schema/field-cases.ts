/** Fields that say where and as whom pods run, which addresses Services have, and how sets are updated. */
import { changed, create, deployment, patch, pod, service, set, strict } from './objects.ts'
import type { Story } from './request.ts'

const hard = 'requiredDuringSchedulingIgnoredDuringExecution'
const soft = 'preferredDuringSchedulingIgnoredDuringExecution'
const expressions = (...list: object[]) => ({ nodeSelectorTerms: [{ matchExpressions: list }] })
const fields = (...list: object[]) => ({ nodeSelectorTerms: [{ matchFields: list }] })
const spread = { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector: {} }
const main = 'spec.containers.0'

const pods: Record<string, Story> = {
  ...changed('pods', pod, [
    [`spec.affinity.nodeAffinity.${hard}`, { nodeSelectorTerms: [] }],
    [`spec.affinity.nodeAffinity.${hard}`, expressions({ key: 'a', operator: 'In' })],
    [`spec.affinity.nodeAffinity.${hard}`, expressions({ key: 'a', operator: 'Exists', values: ['b'] })],
    [`spec.affinity.nodeAffinity.${hard}`, expressions({ key: 'a b', operator: 'Gt', values: ['1', '2'] })],
    [`spec.affinity.nodeAffinity.${hard}`, expressions({ key: 'a', operator: 'Foo' })],
    [`spec.affinity.nodeAffinity.${hard}`, fields({ key: 'metadata.name', operator: 'In', values: ['A_b'] })],
    [`spec.affinity.nodeAffinity.${hard}`, fields({ key: 'metadata.foo', operator: 'Exists' })],
    [`spec.affinity.nodeAffinity.${hard}`, fields({ key: 'metadata.name', operator: 'In', values: ['a', 'b'] })],
    [
      `spec.affinity.nodeAffinity.${soft}`,
      [{ weight: 0, preference: { matchExpressions: [{ key: 'a', operator: 'In' }] } }],
    ],
    [`spec.affinity.podAffinity.${hard}`, [{ topologyKey: '' }]],
    [`spec.affinity.podAffinity.${hard}`, [{ topologyKey: 'a b', namespaces: ['A_b'] }]],
    [
      `spec.affinity.podAntiAffinity.${soft}`,
      [{ weight: 101, podAffinityTerm: { topologyKey: 'a', namespaceSelector: { matchLabels: { 'a b': 'c' } } } }],
    ],
    ['spec.topologySpreadConstraints', [spread, spread]],
    ['spec.topologySpreadConstraints', [{ ...spread, minDomains: 0 }]],
    ['spec.topologySpreadConstraints', [{ ...spread, whenUnsatisfiable: 'ScheduleAnyway', minDomains: 2 }]],
    ['spec.topologySpreadConstraints', [{ ...spread, nodeAffinityPolicy: 'Foo', nodeTaintsPolicy: 'Ignore' }]],
    [
      'spec.topologySpreadConstraints',
      [{ ...spread, matchLabelKeys: ['a'], labelSelector: { matchLabels: { a: 'b' } } }],
    ],
    ['spec.topologySpreadConstraints', [{ ...spread, matchLabelKeys: ['a'], labelSelector: undefined }]],
    ['spec.schedulingGates', [{ name: 'a b' }]],
    ['spec.schedulingGates', [{ name: 'example.com/a' }]],
    ['spec.securityContext.seccompProfile', { type: 'Foo' }],
    ['spec.securityContext.seccompProfile', { localhostProfile: 'a' }],
    ['spec.securityContext.seccompProfile', { type: 'Localhost' }],
    ['spec.securityContext.seccompProfile', { type: 'Localhost', localhostProfile: '/a/../b' }],
    ['spec.securityContext.seccompProfile', { type: 'RuntimeDefault', localhostProfile: 'a' }],
    ['spec.securityContext', { fsGroup: -1, supplementalGroups: [-1], fsGroupChangePolicy: 'Foo' }],
    [
      'spec.securityContext.sysctls',
      [
        { name: 'a', value: '1' },
        { name: 'a', value: '2' },
        { name: 'A b', value: '' },
      ],
    ],
    [`${main}.securityContext.seccompProfile`, { type: 'Localhost' }],
    [`${main}.securityContext`, { allowPrivilegeEscalation: false, capabilities: { add: ['CAP_SYS_ADMIN'] } }],
    [`${main}.securityContext.windowsOptions`, {}],
    ['spec.os', { name: 'windows' }],
    ['spec.os', { name: 'Foo' }],
    ['spec.os', {}],
    [`${main}.resources`, { limits: { 'hugepages-2Mi': '3Mi', cpu: 1 } }],
    [`${main}.resources`, { limits: { 'hugepages-2Mi': '4Mi' } }],
    [`${main}.resources`, { limits: { 'example.com/a': '1500m' }, requests: { 'example.com/a': 2 } }],
    [`${main}.resources`, { limits: { 'requests.example.com/a': 1, storage: 1, 'a b': 1 } }],
    [`${main}.resources`, { limits: { cpu: '1ki', memory: '1K' } }],
    [`${main}.resources`, { requests: { memory: '0.5', cpu: '1e3' } }],
    [`${main}.resources`, { requests: { memory: '1.5Gi', cpu: '1.0005' } }],
    [`${main}.resources`, { requests: { memory: '5e' } }],
  ]),
  'a windows pod with what only linux knows': strict(
    'pods',
    set(
      set(
        { ...pod, spec: { ...pod.spec, os: { name: 'windows' }, hostPID: true } },
        'spec.securityContext.runAsUser',
        5,
      ),
      `${main}.securityContext.privileged`,
      true,
    ),
  ),
  'a linux pod with what only windows knows': strict(
    'pods',
    set({ ...pod, spec: { ...pod.spec, os: { name: 'linux' } } }, 'spec.securityContext.windowsOptions', {}),
  ),
  'a pod with a node and with gates': strict('pods', {
    ...pod,
    spec: { ...pod.spec, nodeName: 'a', schedulingGates: [{ name: 'a' }] },
  }),
  "a sysctl of the network beside the host's network": strict(
    'pods',
    set(set(pod, 'spec.hostNetwork', true), 'spec.securityContext.sysctls', [
      { name: 'net.ipv4.tcp_syncookies', value: '1' },
    ]),
  ),
}

const services: Record<string, Story> = changed('services', service, [
  ['spec.clusterIPs', ['10.96.7.8']],
  ['spec', { ports: [{ port: 80 }], clusterIP: 'None', clusterIPs: ['None', '10.96.7.8'] }],
  ['spec', { ports: [{ port: 80 }], clusterIP: '10.96.7.8', clusterIPs: ['10.96.7.8', '10.96.7.9'] }],
  ['spec', { ports: [{ port: 80 }], clusterIP: '10.96.7.8', clusterIPs: ['10.96.7.8', 'fd00::1'] }],
  ['spec', { ports: [{ port: 80 }], clusterIP: '10.96.7.8', ipFamilies: ['IPv6'] }],
  ['spec.clusterIP', 'fd00::1'],
  ['spec.clusterIP', '10.1.0.1'],
  ['spec.ipFamilies', ['IPv4', 'IPv4']],
  ['spec.ipFamilies', ['IPv6']],
  ['spec.ipFamilies', ['Foo']],
  ['spec.ipFamilies', ['IPv4', 'IPv6']],
  ['spec.ipFamilyPolicy', 'Foo'],
  ['spec.ipFamilyPolicy', 'RequireDualStack'],
  ['spec.ipFamilyPolicy', 'PreferDualStack'],
  ['spec.externalIPs', ['0.0.0.0', '::', '127.0.0.1', '169.254.0.1']],
  ['spec.sessionAffinityConfig', { clientIP: { timeoutSeconds: 5 } }],
  ['spec', { type: 'LoadBalancer', ports: [{ port: 10250 }] }],
  ['spec', { type: 'LoadBalancer', ports: [{ port: 80 }], loadBalancerClass: 'a b' }],
  ['spec', { type: 'ExternalName', externalName: 'a.example', clusterIP: '10.96.0.9', ipFamilyPolicy: 'SingleStack' }],
])

const statefulSet = { ...deployment, kind: 'StatefulSet', spec: { ...deployment.spec, serviceName: 'a' } }
const daemonSet = {
  ...deployment,
  kind: 'DaemonSet',
  spec: { selector: deployment.spec.selector, template: deployment.spec.template },
}

const sets: Record<string, Story> = {
  ...changed('statefulsets', statefulSet, [
    ['spec.updateStrategy', { type: 'OnDelete', rollingUpdate: { partition: 1 } }],
    ['spec.updateStrategy', { rollingUpdate: { partition: -1 } }],
    ['spec.ordinals', { start: -1 }],
    ['spec.persistentVolumeClaimRetentionPolicy', { whenDeleted: 'Foo' }],
    ['spec.selector', { matchExpressions: [{ key: 'a', operator: 'Foo' }] }],
    ['spec.selector', {}],
    ['spec.selector', undefined],
    ['spec.template.spec.restartPolicy', 'Never'],
  ]),
  ...changed('daemonsets', daemonSet, [
    ['spec.updateStrategy', { rollingUpdate: { maxUnavailable: '101%' } }],
    ['spec.updateStrategy', { rollingUpdate: { maxUnavailable: 0, maxSurge: '200%' } }],
    ['spec.updateStrategy', { rollingUpdate: { maxUnavailable: 1, maxSurge: 1 } }],
    ['spec.updateStrategy', { rollingUpdate: { maxUnavailable: 'x' } }],
    ['spec.selector', {}],
  ]),
  ...changed('replicasets', { ...deployment, kind: 'ReplicaSet' }, [
    ['spec.selector', {}],
    ['spec.selector', { matchExpressions: [{ key: 'a', operator: 'Foo' }] }],
  ]),
}

const backend = { service: { name: 'a', port: { number: 80 } } }
const ingress = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name: 'a' },
  spec: { defaultBackend: backend },
}
const networkPolicy = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'a' },
  spec: { podSelector: {} },
}

const networking: Record<string, Story> = {
  ...changed('ingresses', ingress, [
    ['spec.defaultBackend', { resource: {} }],
    ['spec.defaultBackend', { resource: { apiGroup: 'A_b', kind: 'a/b', name: '..' } }],
    ['spec.defaultBackend', { service: { name: 'a', port: { name: 'A_b' } } }],
    ['spec.defaultBackend', { service: { name: 'a', port: { name: 'a', number: 80 } } }],
    ['spec.tls', [{ hosts: ['A_b', '*.a.example', '*'], secretName: 'A_b' }]],
    ['spec.rules', [{ host: 'a.example' }]],
  ]),
  ...changed('networkpolicies', networkPolicy, [
    ['spec.policyTypes', ['Ingress', 'Egress', 'Ingress']],
    ['spec.ingress', [{ from: [{ podSelector: {}, ipBlock: { cidr: '10.0.0.0/8' } }] }]],
    ['spec.ingress', [{ from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.0.0.0/8', 'x'] } }] }]],
    [
      'spec.ingress',
      [
        {
          ports: [
            { port: 80, endPort: 70 },
            { port: 'A_b', endPort: 80 },
            { endPort: 80, protocol: 'Foo' },
          ],
        },
      ],
    ],
  ]),
}

const quota = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'a' }, spec: { hard: { pods: 1 } } }
const limitRange = {
  apiVersion: 'v1',
  kind: 'LimitRange',
  metadata: { name: 'a' },
  spec: { limits: [{ type: 'Container' }] },
}
const scoped = (...list: object[]) => ({ matchExpressions: list })

const limits: Record<string, Story> = {
  ...changed('resourcequotas', quota, [
    ['spec.hard', { pods: '500m' }],
    ['spec.hard', { pods: '1500m', cpu: '-1' }],
    ['spec.hard', { foo: 1 }],
    ['spec.hard', { storage: 1 }],
    ['spec.hard', { 'example.com/a': '1500m' }],
    ['spec.hard', { 'requests.example.com/a': '1500m' }],
    ['spec.scopes', ['Foo']],
    ['spec.scopes', ['BestEffort', 'NotBestEffort']],
    ['spec', { hard: { services: 1, cpu: 1 }, scopes: ['BestEffort'] }],
    ['spec.scopeSelector', scoped({ scopeName: 'Foo', operator: 'Exists' })],
    ['spec.scopeSelector', scoped({ scopeName: 'BestEffort', operator: 'In', values: ['a'] })],
    ['spec.scopeSelector', scoped({ scopeName: 'PriorityClass', operator: 'In' })],
    ['spec.scopeSelector', scoped({ scopeName: 'PriorityClass', operator: 'Exists', values: ['a'] })],
    ['spec.scopeSelector', scoped({ scopeName: 'PriorityClass', operator: 'Foo', values: ['a'] })],
    [
      'spec.scopeSelector',
      scoped({ scopeName: 'Terminating', operator: 'Exists' }, { scopeName: 'NotTerminating', operator: 'Exists' }),
    ],
    [
      'spec',
      { hard: { services: 1 }, scopeSelector: scoped({ scopeName: 'PriorityClass', operator: 'In', values: ['a'] }) },
    ],
  ]),
  ...changed('limitranges', limitRange, [
    ['spec.limits', [{ type: 'PersistentVolumeClaim' }]],
    ['spec.limits', [{ type: 'Foo' }, { type: 'Foo' }]],
    ['spec.limits', [{ type: 'Container', max: { storage: 1, foo: 1 } }]],
    ['spec.limits', [{ type: 'Pod', default: { cpu: 1 }, max: { cpu: 1 }, min: { cpu: 2 } }]],
    ['spec.limits', [{ type: 'Container', default: { cpu: 2 }, defaultRequest: { cpu: 3 }, max: { cpu: 1 } }]],
    ['spec.limits', [{ type: 'Container', maxLimitRequestRatio: { cpu: '500m' } }]],
    ['spec.limits', [{ type: 'Container', min: { cpu: 1 }, max: { cpu: 2 }, maxLimitRequestRatio: { cpu: 3 } }]],
    [
      'spec.limits',
      [{ type: 'Container', default: { 'hugepages-2Mi': '2Mi' }, defaultRequest: { 'hugepages-2Mi': '4Mi' } }],
    ],
  ]),
}

const budget = {
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: 'a' },
  spec: { minAvailable: 1, selector: {} },
}

const names: Record<string, Story> = changed('poddisruptionbudgets', budget, [
  ['metadata.name', 'A_b'],
  ['metadata.name', 'a%b'],
  ['metadata.labels', { 'a b': 'c d' }],
])

const gated = {
  ...pod,
  spec: {
    ...pod.spec,
    schedulingGates: [{ name: 'a' }, { name: 'b' }],
    nodeSelector: { a: 'b' },
    affinity: { nodeAffinity: { [hard]: expressions({ key: 'a', operator: 'Exists' }) } },
  },
}
const required = (...list: object[]) => ({ spec: { affinity: { nodeAffinity: { [hard]: expressions(...list) } } } })

const gates: Record<string, Story> = {
  'a pod that waits at gates': [
    create('pods', gated),
    patch('merge', 'pods/a', { spec: { nodeSelector: { c: 'd' } } }),
    patch('merge', 'pods/a', { spec: { nodeSelector: { a: 'c' } } }),
    patch('merge', 'pods/a', { spec: { nodeSelector: null } }),
    patch('merge', 'pods/a', required({ key: 'a', operator: 'Exists' }, { key: 'b', operator: 'Exists' })),
    patch('merge', 'pods/a', required({ key: 'b', operator: 'Exists' })),
    patch('merge', 'pods/a', { spec: { affinity: null } }),
    patch('merge', 'pods/a', { spec: { schedulingGates: [{ name: 'c' }, { name: 'a' }] } }),
    patch('merge', 'pods/a', { spec: { schedulingGates: [{ name: 'a' }], hostNetwork: true } }),
    patch('merge', 'pods/a', { spec: { schedulingGates: [{ name: 'a' }] } }),
  ],
}

export const fieldRules: Record<string, Story> = {
  ...pods,
  ...services,
  ...sets,
  ...networking,
  ...limits,
  ...names,
  ...gates,
}
