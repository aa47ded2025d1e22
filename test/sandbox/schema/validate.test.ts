import * as assert from 'uvu/assert'
import { setDefaults } from '../../../lib/sandbox/admission/defaults.ts'
import type { KubeObject } from '../../../lib/sandbox/objects.ts'
import { validate } from '../../../lib/sandbox/schema/validate.ts'
import { StatusError } from '../../../lib/sandbox/status.ts'
import { suite } from '../../support/suite.ts'
import { kindOf } from './kinds.ts'
import { apiVersions } from './request.ts'

/** What the recorded answers do not ask for. */
const test = suite('validation')

// biome-ignore lint/suspicious/noExplicitAny: any part of an object
type Part = any

function object(plural: string, content: Part): KubeObject {
  const kind = kindOf(plural)
  const metadata = { name: 'a', ...(kind.namespaced ? { namespace: 'default' } : {}), ...content.metadata }
  return setDefaults(kind, { apiVersion: apiVersions[plural] ?? 'v1', kind: kind.kind, ...content, metadata })
}

/** `field: message` of each cause, shortened to what tells them apart. */
function causes(plural: string, content: Part, old?: Part): string[] {
  const [kind, next] = [kindOf(plural), object(plural, content)]
  const version = next.apiVersion.split('/').at(-1) as string
  try {
    validate(kind, version, next, old && object(plural, old))
    return []
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    return (error.details?.causes ?? []).map(({ field, message }) => `${field}: ${message}`)
  }
}

const template = (spec: Part = {}) => ({
  metadata: { labels: { a: 'b' } },
  spec: { containers: [{ name: 'c', image: 'i' }], ...spec },
})
const workload = (spec: Part = {}) => ({
  spec: { selector: { matchLabels: { a: 'b' } }, template: template(), ...spec },
})
const pod = (spec: Part) => ({ spec: { containers: [{ name: 'c', image: 'i' }], ...spec } })
const container = (fields: Part) => pod({ containers: [{ name: 'c', image: 'i', ...fields }] })
const volume = (source: Part) => ({
  spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], ...source },
})
const service = (spec: Part) => ({ spec: { ports: [{ port: 80 }], ...spec } })

const podName = 'batch.kubernetes.io/job-name'
const podOwner = 'batch.kubernetes.io/controller-uid'
const ownLabels = { 'controller-uid': 'u', 'job-name': 'a', [podOwner]: 'u', [podName]: 'a' }
const goOwnLabels = `map[string]string{"${podOwner}":"u", "${podName}":"a", "controller-uid":"u", "job-name":"a"}`
const ownSelector = { matchLabels: { [podOwner]: 'u' } }
const jobTemplate = (spec: Part = {}, metadata: Part = {}) => ({
  ...template({ restartPolicy: 'Never', ...spec }),
  metadata: { labels: ownLabels, ...metadata },
})
/** A Job with the selector and the labels that the server gives it. */
const job = ({ selector = ownSelector, template = jobTemplate(), ...spec }: Part = {}) => ({
  spec: { ...spec, selector, template },
  metadata: { uid: 'u' },
})
const indexed = (spec: Part) => job({ completionMode: 'Indexed', ...spec })
const failurePolicy = (...rules: Part[]) => job({ podFailurePolicy: { rules } })
const byExitCode = { action: 'FailJob', onExitCodes: { operator: 'In', values: [1] } }
const byCondition = { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }
const scheduled = (spec: Part, ofJob: Part = {}) => ({
  spec: {
    schedule: '@hourly',
    jobTemplate: { spec: { template: template({ restartPolicy: 'Never' }), ...ofJob } },
    ...spec,
  },
})
const schedules: readonly [schedule: string, error: string][] = [
  ['* * * * x!', 'failed to parse int from x!: strconv.Atoi: parsing "x!": invalid syntax'],
  ['61 * * * *', 'end of range (61) above maximum (59): 61'],
  ['0 0 0 * *', 'beginning of range (0) below minimum (1): 0'],
  ['0 9-8 * * *', 'beginning of range (9) beyond end of range (8): 9-8'],
  ['0 0 * foo-dec *', 'failed to parse int from foo: strconv.Atoi: parsing "foo": invalid syntax'],
  ['*/0 * * * *', 'step of range should be a positive number: */0'],
  ['*/-5 * * * *', 'negative number (-5) not allowed: -5'],
  ['1/99999999999999999999 * * * *', 'failed to parse int from 99999999999999999999: strconv.Atoi: parsing'],
  ['1-2-3 * * * *', 'too many hyphens: 1-2-3'],
  ['1/2/3 * * * *', 'too many slashes: 1/2/3'],
  [' @daily', 'expected exactly 5 fields, found 1: [@daily]'],
  ['@often', 'unrecognized descriptor: @often'],
  ['@every soon', 'failed to parse duration @every soon: time: invalid duration "soon"'],
  ['@every ', 'failed to parse duration @every : time: invalid duration ""'],
  ['@every 5', 'failed to parse duration @every 5: time: missing unit in duration "5"'],
  ['@every 1h5x', 'failed to parse duration @every 1h5x: time: unknown unit "x" in duration "1h5x"'],
  ['@every 9999999999h', 'failed to parse duration @every 9999999999h: time: invalid duration "9999999999h"'],
]
const zones: readonly [zone: string, error: string][] = [
  ['', 'timeZone must be nil or non-empty string'],
  ['Foo/Bar', 'unknown time zone Foo/Bar'],
  ['asia/tokyo', 'unknown time zone asia/tokyo'],
  ['ASIA/TOKYO', 'unknown time zone ASIA/TOKYO'],
  ['PST', 'unknown time zone PST'],
  ['+01:00', 'unknown time zone +01:00'],
  ['A..b', 'time: invalid location name'],
  ['Local', 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones'],
]

const cases: readonly [plural: string, content: Part, causes: readonly string[]][] = [
  ['deployments', workload(), []],
  ['pods', pod({}), []],
  ['services', service({}), []],
  [
    'replicationcontrollers',
    { spec: { minReadySeconds: -1, replicas: -1 } },
    [
      'spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0',
      'spec.selector: Required value',
      'spec.replicas: Invalid value: -1: must be greater than or equal to 0',
      'spec.template: Required value',
    ],
  ],
  [
    'pods',
    container({ resources: { limits: { 'hugepages-2Mi': '2Mi' } } }),
    ['spec.containers[0].resources: Forbidden: HugePages require cpu or memory'],
  ],
  [
    'pods',
    container({ securityContext: { privileged: true, allowPrivilegeEscalation: false } }),
    [
      'spec.containers[0].securityContext: Invalid value: core.SecurityContext{Capabilities:(*core.Capabilities)(nil), ',
    ],
  ],
  [
    'pods',
    pod({ dnsPolicy: 'None', dnsConfig: { nameservers: ['x', '::1'], searches: ['a.', '-'], options: [{}] } }),
    [
      'spec.dnsConfig.nameservers[0]: Invalid value: "x": must be valid IP address',
      'spec.dnsConfig.searches[1]: Invalid value: "-": a lowercase RFC 1123 subdomain',
      'spec.dnsConfig.options[0]: Required value: must not be empty',
    ],
  ],
  [
    'pods',
    pod({ dnsConfig: { nameservers: ['1.1.1.1', '1.1.1.2', '1.1.1.3', '1.1.1.4'] } }),
    [
      'spec.dnsConfig.nameservers: Invalid value: []string{"1.1.1.1", "1.1.1.2", "1.1.1.3", "1.1.1.4"}: must not have more than 3 nameservers',
    ],
  ],
  [
    'pods',
    pod({ volumes: [{ name: 'v', emptyDir: { sizeLimit: '-1' } }] }),
    ['spec.volumes[0].emptyDir.sizeLimit: Forbidden: SizeLimit field must be a valid resource quantity'],
  ],
  [
    'services',
    service({ loadBalancerSourceRanges: ['1.2.3.4/8', 'x'], loadBalancerClass: 'x', healthCheckNodePort: 5 }),
    [
      "spec.LoadBalancerSourceRanges: Forbidden: may only be used when `type` is 'LoadBalancer'",
      'spec.LoadBalancerSourceRanges: Invalid value: "[1.2.3.4/8 x]": must be a list of IP ranges.',
      "spec.loadBalancerClass: Forbidden: may only be used when `type` is 'LoadBalancer'",
      'spec.healthCheckNodePort: Invalid value: 5: may only be set when',
    ],
  ],
  [
    'poddisruptionbudgets',
    { spec: { minAvailable: '150%' } },
    ['spec.minAvailable: Invalid value: intstr.IntOrString{Type:1, IntVal:0, StrVal:"150%"}: must not be greater than'],
  ],
  [
    'networkpolicies',
    {
      spec: {
        podSelector: {},
        egress: [
          {
            ports: [{ protocol: 'X' }, { port: 80, endPort: 70 }, { port: 'a', endPort: 1 }, { endPort: 2 }],
            to: [
              { ipBlock: { cidr: 'x' } },
              { ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16', '11.0.0.0/16', '10.0.0.0/8'] } },
            ],
          },
        ],
      },
    },
    [
      'spec.egress[0].ports[0].protocol: Unsupported value: "X": supported values: "TCP", "UDP", "SCTP"',
      'spec.egress[0].ports[1].endPort: Invalid value: 80: must be greater than or equal to `port`',
      'spec.egress[0].ports[2].endPort: Invalid value: 1: may not be specified when `port` is non-numeric',
      'spec.egress[0].ports[3].endPort: Invalid value: 2: may not be specified when `port` is not specified',
      'spec.egress[0].to[0].ipBlock.cidr: Invalid value: "x": not a valid CIDR',
      'spec.egress[0].to[1].ipBlock.except[1]: Invalid value: "11.0.0.0/16": must be a strict subset of `cidr`',
      'spec.egress[0].to[1].ipBlock.except[2]: Invalid value: "10.0.0.0/8": must be a strict subset of `cidr`',
    ],
  ],
  // The selector is that of the template where none is given.
  ['replicationcontrollers', { spec: { template: template() } }, []],
  [
    'replicationcontrollers',
    {
      spec: {
        selector: { a: 'c' },
        template: template({ restartPolicy: 'Never', activeDeadlineSeconds: 4 }),
      },
    },
    [
      'spec.template.metadata.labels: Invalid value: map[string]string{"a":"b"}: `selector` does not match template `labels`',
      'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
      'spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in ReplicationController is not Supported',
    ],
  ],
  ['events', { involvedObject: {} }, []],
  ['events', { involvedObject: { namespace: 'default' } }, []],
  [
    'events',
    { metadata: { namespace: 'other' } },
    ['involvedObject.namespace: Invalid value: "": does not match event.namespace'],
  ],
  [
    'events',
    { involvedObject: { namespace: 'other' } },
    ['involvedObject.namespace: Invalid value: "other": does not match event.namespace'],
  ],
  [
    'events',
    { metadata: { namespace: 'kube-system' }, eventTime: '2026-01-01T00:00:00.000000Z', action: 'x'.repeat(129) },
    [
      'reportingComponent: Required value',
      'reportingInstance: Required value',
      'action: Invalid value: "": can have at most 128 characters',
      'reason: Required value',
    ],
  ],
  [
    'persistentvolumeclaims',
    { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } },
    [],
  ],
  [
    'persistentvolumeclaims',
    { spec: { accessModes: ['Foo', 'ReadWriteOnce', 'ReadWriteOncePod'], resources: { requests: { storage: '0' } } } },
    [
      'spec.accessModes: Unsupported value: "Foo": supported values: "ReadOnlyMany"',
      'spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes',
      'spec.resources[storage]: Invalid value: "0": must be greater than zero',
    ],
  ],
  [
    'persistentvolumeclaims',
    { spec: {} },
    ['spec.accessModes: Required value: at least 1 access mode is required', 'spec.resources[storage]: Required value'],
  ],
  [
    'pods',
    pod({
      volumes: [
        {
          name: 'v',
          downwardAPI: {
            items: [
              { path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } },
              { path: 'annotations', fieldRef: { fieldPath: 'metadata.annotations' } },
            ],
          },
        },
      ],
    }),
    [],
  ],
  [
    'pods',
    pod({
      volumes: [{ name: 'v', downwardAPI: { items: [{ path: 'a', fieldRef: { fieldPath: 'spec.nodeName' } }] } }],
    }),
    ['spec.volumes[0].downwardAPI.fieldRef.fieldPath: Invalid value: "spec.nodeName": error converting fieldPath'],
  ],
  [
    'pods',
    pod({
      volumes: [{ name: 'v', projected: { sources: [{ serviceAccountToken: { expirationSeconds: 5, path: 't' } }] } }],
    }),
    ['spec.volumes[0].projected.sources[0].serviceAccountToken.expirationSeconds: Invalid value: 5: may not specify'],
  ],
  [
    'pods',
    pod({
      volumes: [
        {
          name: 'v',
          projected: {
            sources: ['a', 'b'].map((name) => ({ configMap: { name, items: [{ key: 'k', path: 'same' }] } })),
          },
        },
      ],
    }),
    ['spec.volumes[0].projected: Invalid value: "b": conflicting duplicate paths'],
  ],
  [
    'configmaps',
    { metadata: { finalizers: ['25%'] } },
    [
      'metadata.finalizers: Invalid value: "25%": name part must consist',
      'metadata.finalizers[0]: Invalid value: "25%": name is neither a standard finalizer name',
    ],
  ],
  [
    'jobs',
    job({ template: jobTemplate({ restartPolicy: 'Foo' }) }),
    [
      'spec.template.spec.restartPolicy: Unsupported value: "Foo": supported values: "Always", "OnFailure", "Never"',
      'spec.template.spec.restartPolicy: Unsupported value: "Foo": supported values: "OnFailure", "Never"',
    ],
  ],
  [
    'statefulsets',
    { metadata: { name: 'a.b' }, ...workload() },
    ['metadata.name: Invalid value: "a.b": must not contain dots'],
  ],
  ['statefulsets', workload({ template: template({ containers: [] }) }), []],
  [
    'cronjobs',
    { metadata: { name: 'a'.repeat(53) }, ...scheduled({ failedJobsHistoryLimit: -1 }) },
    [
      'spec.failedJobsHistoryLimit: Invalid value: -1: must be greater than or equal to 0',
      `metadata.name: Invalid value: "${'a'.repeat(53)}": must be no more than 52 characters`,
    ],
  ],
  ['namespaces', { metadata: { name: 'a.b' } }, ['metadata.name: Invalid value: "a.b": must not contain dots']],
  [
    'roles',
    { metadata: { name: 'system:a/b' } },
    ['metadata.name: Invalid value: "system:a/b": may not contain \'/\''],
  ],
  ['configmaps', { data: { a: 'x'.repeat(1 << 20) } }, []],
  ['configmaps', { data: { a: 'x'.repeat((1 << 20) + 1) } }, ['[]: Too long: must have at most 1048576 bytes']],
  [
    'configmaps',
    { metadata: { annotations: { a: 'x'.repeat(1 << 18) } } },
    ['metadata.annotations: Too long: must have at most 262144 bytes'],
  ],
  [
    'configmaps',
    {
      metadata: {
        ownerReferences: [1, 2].map((number) => ({
          apiVersion: 'v1',
          kind: 'Pod',
          name: `p${number}`,
          uid: 'u',
          controller: true,
        })),
      },
    },
    [
      'metadata.ownerReferences: Invalid value: []v1.OwnerReference{v1.OwnerReference{APIVersion:"v1", Kind:"Pod", Name:"p1", UID:"u", Controller:(*bool)(0xc000000020), BlockOwnerDeletion:(*bool)(nil)}, v1.OwnerReference{APIVersion:"v1", Kind:"Pod", Name:"p2", UID:"u", Controller:(*bool)(0xc000000020), BlockOwnerDeletion:(*bool)(nil)}}: Only one reference can have Controller set to true',
    ],
  ],
  [
    'deployments',
    workload({
      template: template({ initContainers: [{ name: 'i', image: 'i', readinessProbe: { tcpSocket: { port: 1 } } }] }),
    }),
    [
      'spec.template.spec.initContainers[0].readinessProbe: Forbidden: may not be set for init containers without restartPolicy=Always',
    ],
  ],
  [
    'pods',
    pod({
      initContainers: [{ name: 'i', image: 'i', restartPolicy: 'Always', readinessProbe: { tcpSocket: { port: 1 } } }],
    }),
    [],
  ],
  [
    'pods',
    container({ restartPolicy: 'Always' }),
    ['spec.containers[0].restartPolicy: Forbidden: may not be set for non-init containers'],
  ],
  [
    'pods',
    container({ livenessProbe: { grpc: { port: 0 } } }),
    ['spec.containers[0].livenessProbe.grpc.port: Invalid value: 0: must be between 1 and 65535'],
  ],
  ['pods', container({ lifecycle: { preStop: { sleep: { seconds: 5 } } } }), []],
  [
    'pods',
    container({ ports: [{ containerPort: 80, name: '80' }] }),
    ['spec.containers[0].ports[0].name: Invalid value: "80": must contain at least one letter'],
  ],
  [
    'pods',
    container({ ports: [{ containerPort: 80, name: 'a--b' }] }),
    ['spec.containers[0].ports[0].name: Invalid value: "a--b": must not contain consecutive hyphens'],
  ],
  [
    'pods',
    container({ ports: [80, 81].map((containerPort) => ({ containerPort, hostPort: 80 })) }),
    ['spec.containers[0].ports[1].hostPort: Duplicate value: "TCP//80"'],
  ],
  ['pods', container({ env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: "metadata.labels['a']" } } }] }), []],
  [
    'pods',
    container({ env: [{ name: 'A', valueFrom: { resourceFieldRef: { resource: 'x' } } }] }),
    ['spec.containers[0].env[0].valueFrom.resourceFieldRef.resource: Unsupported value: "x"'],
  ],
  [
    'pods',
    container({ resources: { limits: { 'example.com/gpu': '1' }, requests: { 'example.com/gpu': '2' } } }),
    ['spec.containers[0].resources.requests: Invalid value: "2": must be equal to example.com/gpu limit of 1'],
  ],
  [
    'pods',
    {
      ...container({ volumeMounts: [{ name: 'v', mountPath: '/a', subPath: '../b' }] }),
      spec: {
        ...container({ volumeMounts: [{ name: 'v', mountPath: '/a', subPath: '../b' }] }).spec,
        volumes: [{ name: 'v' }],
      },
    },
    ['spec.containers[0].volumeMounts.subPath: Invalid value: "../b": must not contain \'..\''],
  ],
  [
    'pods',
    pod({ volumes: [{ name: 'v', configMap: { name: 'c', defaultMode: 1000 } }] }),
    ['spec.volumes[0].configMap.defaultMode: Invalid value: 1000: must be a number between 0 and 0777'],
  ],
  [
    'pods',
    pod({ volumes: [{ name: 'v', projected: { sources: [{ secret: {} }] } }] }),
    ['spec.volumes[0].projected.sources[0].secret.name: Required value'],
  ],
  [
    'pods',
    pod({ dnsPolicy: 'None' }),
    ['spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None'],
  ],
  [
    'pods',
    pod({ dnsPolicy: 'None', dnsConfig: { searches: ['a'] } }),
    ['spec.dnsConfig.nameservers: Required value: must provide at least one DNS nameserver'],
  ],
  [
    'pods',
    pod({ readinessGates: [{ conditionType: 'bad type' }] }),
    ['spec.readinessGates[0].conditionType: Invalid value: "bad type": name part must consist of'],
  ],
  [
    'pods',
    pod({ ephemeralContainers: [{ name: 'e', image: 'x' }] }),
    ['spec.ephemeralContainers: Forbidden: cannot be set on create'],
  ],
  [
    'pods',
    pod({ securityContext: { sysctls: [{ name: 'bad name', value: 'x' }] } }),
    ['spec.securityContext.sysctls[0].name: Invalid value: "bad name": must have at most 253 characters and match'],
  ],
  [
    'pods',
    pod({ affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } } } }),
    [
      'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms: Required value: must have at least one node selector term',
    ],
  ],
  [
    'services',
    { ...service({ clusterIP: 'hello', ports: [], selector: { 'a b': 'c' } }), metadata: { name: '1bad' } },
    ['spec.clusterIPs[0]: Invalid value: "hello": must be a valid IP address'],
  ],
  [
    'pods',
    pod({ tolerations: [{ value: 'x' }] }),
    ['spec.tolerations[0].operator: Invalid value: "": operator must be Exists when `key` is empty'],
  ],
  [
    'pods',
    pod({ tolerations: [{ key: 'a', operator: 'Exists', tolerationSeconds: 5 }] }),
    ['spec.tolerations[0].effect: Invalid value: "": effect must be \'NoExecute\''],
  ],
  [
    'pods',
    pod({ affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{}] } } }),
    [
      'spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Required value: can not be empty',
      'spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Invalid value: "": name part must be non-empty',
      'spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Invalid value: "": name part must consist',
    ],
  ],
  [
    'services',
    service({ type: 'NodePort', clusterIP: 'None' }),
    ['spec.clusterIPs[0]: Invalid value: "None": may not be set to \'None\' for NodePort services'],
  ],
  [
    'services',
    service({ type: 'ExternalName', externalName: 'a.b', clusterIP: '10.96.0.9' }),
    ['spec.clusterIPs: Forbidden: may not be set for ExternalName services'],
  ],
  [
    'services',
    service({
      type: 'NodePort',
      ports: [
        { port: 80, name: 'a', nodePort: 30000 },
        { port: 81, name: 'b', nodePort: 30000 },
      ],
    }),
    ['spec.ports[1].nodePort: Duplicate value: 30000'],
  ],
  [
    'services',
    service({ sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 90000 } } }),
    ['spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 90000'],
  ],
  [
    'services',
    service({ allocateLoadBalancerNodePorts: true }),
    ["spec.allocateLoadBalancerNodePorts: Forbidden: may only be used when `type` is 'LoadBalancer'"],
  ],
  [
    'daemonsets',
    workload({ updateStrategy: { rollingUpdate: { maxUnavailable: 1, maxSurge: 1 } } }),
    [
      'spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: intstr.IntOrString{Type:0, IntVal:1, StrVal:""}: may not be set when maxUnavailable is non-zero',
    ],
  ],
  [
    'daemonsets',
    workload({ updateStrategy: { rollingUpdate: { maxUnavailable: 0 } } }),
    ['spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0'],
  ],
  [
    'daemonsets',
    workload({ selector: { matchExpressions: [{ key: 'a', operator: 'Near', values: ['x'] }] } }),
    ['spec.selector.matchExpressions[0].operator: Invalid value: "Near": not a valid selector operator'],
  ],
  ['jobs', job(), []],
  ['jobs', indexed({ parallelism: 1 }), ['spec.completions: Required value: when completion mode is Indexed']],
  [
    'jobs',
    job({ selector: { matchLabels: { a: 'b', [podOwner]: 'u' } } }),
    [
      `spec.selector: Invalid value: v1.LabelSelector{MatchLabels:map[string]string{"a":"b", "${podOwner}":"u"}, MatchExpressions:[]v1.LabelSelectorRequirement(nil)}: \`selector\` not auto-generated`,
      `spec.template.metadata.labels: Invalid value: ${goOwnLabels}: \`selector\` does not match template \`labels\``,
    ],
  ],
  [
    'jobs',
    job({
      manualSelector: true,
      selector: { matchLabels: { a: 'b' } },
      template: jobTemplate({}, { labels: undefined }),
    }),
    [
      'spec.template.metadata.labels: Invalid value: map[string]string(nil): `selector` does not match template `labels`',
    ],
  ],
  [
    'jobs',
    { spec: { template: jobTemplate() }, metadata: { uid: 'u' } },
    ['spec.selector: Required value', `spec.template.metadata.labels: Invalid value: ${goOwnLabels}: \`selector\``],
  ],
  [
    'jobs',
    job({ selector: { matchExpressions: [{ key: 'a', operator: 'Foo' }] } }),
    ['spec.selector.matchExpressions[0].operator: Invalid value: "Foo": not a valid selector operator'],
  ],
  [
    'jobs',
    job({ template: jobTemplate({}, { labels: { [podOwner]: 'u', [podName]: 'b' } }) }),
    [
      "spec.template.metadata.labels[controller-uid]: Required value: must be 'u'",
      "spec.template.metadata.labels[job-name]: Required value: must be 'a'",
      `spec.template.metadata.labels[${podName}]: Invalid value: map[string]string{"${podOwner}":"u", "${podName}":"b"}: must be 'a'`,
    ],
  ],
  [
    'jobs',
    failurePolicy(
      {},
      { ...byExitCode, ...byCondition },
      { action: 'FailIndex', onPodConditions: [{ type: 'a b', status: 'X' }] },
      { action: 'Count', onExitCodes: { operator: 'In', containerName: 'x', values: [3, 0, 3] } },
      { action: 'Count', onExitCodes: { operator: 'Foo', containerName: 'c' } },
      { action: 'Count', onExitCodes: { values: [] } },
    ),
    [
      'spec.podFailurePolicy.rules[0].action: Required value: valid values: ["Count" "FailIndex" "FailJob" "Ignore"]',
      'spec.podFailurePolicy.rules[0]: Invalid value: specifying one of OnExitCodes and OnPodConditions is required',
      'spec.podFailurePolicy.rules[1]: Invalid value: specifying both OnExitCodes and OnPodConditions is not supported',
      'spec.podFailurePolicy.rules[2].action: Invalid value: "FailIndex": requires the backoffLimitPerIndex to be set',
      'spec.podFailurePolicy.rules[2].onPodConditions[0].type: Invalid value: "a b": name part must consist of',
      'spec.podFailurePolicy.rules[2].onPodConditions[0].status: Unsupported value: "X": supported values: "False", "True", "Unknown"',
      'spec.podFailurePolicy.rules[3].onExitCodes.containerName: Invalid value: "x": must be one of the container or initContainer names in the pod template',
      'spec.podFailurePolicy.rules[3].onExitCodes.values[1]: Invalid value: 0: must not be 0 for the In operator',
      'spec.podFailurePolicy.rules[3].onExitCodes.values[2]: Duplicate value: 3',
      'spec.podFailurePolicy.rules[3].onExitCodes.values: Invalid value: []int32{3, 0, 3}: must be ordered',
      'spec.podFailurePolicy.rules[4].onExitCodes.operator: Unsupported value: "Foo": supported values: "In", "NotIn"',
      'spec.podFailurePolicy.rules[4].onExitCodes.values: Invalid value: []int32(nil): at least one value is required',
      'spec.podFailurePolicy.rules[5].onExitCodes.operator: Required value: valid values: ["In" "NotIn"]',
      'spec.podFailurePolicy.rules[5].onExitCodes.values: Invalid value: []int32{}: at least one value is required',
    ],
  ],
  [
    'jobs',
    failurePolicy({ ...byExitCode, action: 'Foo' }),
    [
      'spec.podFailurePolicy.rules[0].action: Unsupported value: "Foo": supported values: "Count", "FailIndex", "FailJob", "Ignore"',
    ],
  ],
  [
    'jobs',
    failurePolicy(...Array.from({ length: 21 }, () => byExitCode)),
    ['spec.podFailurePolicy.rules: Too many: 21: must have at most 20 items'],
  ],
  [
    'jobs',
    failurePolicy(
      {
        action: 'Count',
        onExitCodes: { operator: 'In', values: Array.from({ length: 256 }, (_, index) => index + 1) },
      },
      { action: 'Count', onPodConditions: Array.from({ length: 21 }, () => ({ type: 'A', status: '' })) },
    ),
    [
      'spec.podFailurePolicy.rules[0].onExitCodes.values: Too many: 256: must have at most 255 items',
      'spec.podFailurePolicy.rules[1].onPodConditions: Too many: 21: must have at most 20 items',
    ],
  ],
  [
    'jobs',
    job({ podFailurePolicy: { rules: [byCondition] }, template: jobTemplate({ restartPolicy: 'OnFailure' }) }),
    [
      'spec.template.spec.restartPolicy: Invalid value: "OnFailure": only "Never" is supported when podFailurePolicy is specified',
    ],
  ],
  [
    'jobs',
    job({ podReplacementPolicy: 'Maybe' }),
    ['spec.podReplacementPolicy: Unsupported value: "Maybe": supported values: "Failed", "TerminatingOrFailed"'],
  ],
  [
    'jobs',
    job({ podReplacementPolicy: 'TerminatingOrFailed', podFailurePolicy: { rules: [byExitCode] } }),
    ['spec.podReplacementPolicy: Unsupported value: "TerminatingOrFailed": supported values: "Failed"'],
  ],
  [
    'jobs',
    job({ maxFailedIndexes: -1 }),
    [
      'spec.maxFailedIndexes: Invalid value: -1: must be greater than or equal to 0',
      'spec.backoffLimitPerIndex: Required value: when maxFailedIndexes is specified',
      'spec.maxFailedIndexes: Invalid value: -1: requires indexed completion mode',
    ],
  ],
  [
    'jobs',
    job({ backoffLimitPerIndex: 1 }),
    ['spec.backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode'],
  ],
  ['jobs', indexed({ completions: 3, backoffLimitPerIndex: 1, maxFailedIndexes: 3 }), []],
  [
    'jobs',
    indexed({ completions: 3, parallelism: 100_001, backoffLimitPerIndex: 1, maxFailedIndexes: 100_001 }),
    [
      'spec.parallelism: Invalid value: 100001: must be less than or equal to 100000 when completion mode is Indexed',
      'spec.maxFailedIndexes: Invalid value: 100001: must be less than or equal to completions',
      'spec.maxFailedIndexes: Invalid value: 100001: must be less than or equal to 100000',
    ],
  ],
  [
    'jobs',
    indexed({ completions: 100_001, parallelism: 10_001, backoffLimitPerIndex: 1 }),
    [
      'spec.maxFailedIndexes: Required value: must be specified when completions is above 100000',
      'spec.parallelism: Invalid value: 10001: must be less than or equal to 10000 when completions are above 100000 and used with backoff limit per index',
    ],
  ],
  [
    'jobs',
    indexed({ completions: 100_001, parallelism: 1, backoffLimitPerIndex: 1, maxFailedIndexes: 10_001 }),
    [
      'spec.maxFailedIndexes: Invalid value: 10001: must be less than or equal to 10000 when completions are above 100000 and used with backoff limit per index',
    ],
  ],
  [
    'jobs',
    {
      ...job({ manualSelector: true, completionMode: 'Indexed', completions: 11 }),
      metadata: { name: 'a'.repeat(61) },
    },
    [
      `metadata.name: Invalid value: "${'a'.repeat(61)}": will not able to create pod with invalid DNS label: ${'a'.repeat(61)}-10`,
    ],
  ],
  ['cronjobs', scheduled({}), []],
  ...['* * * * *', '0 0 1,15 JAN-feb mon-fri/2', '?/5 +1 * * *', '@every 1h30m', '@every -.5s', '@every 0'].map(
    (schedule): [string, Part, string[]] => ['cronjobs', scheduled({ schedule }), []],
  ),
  ...schedules.map(([schedule, error]): [string, Part, string[]] => [
    'cronjobs',
    scheduled({ schedule }),
    [`spec.schedule: Invalid value: ${JSON.stringify(schedule)}: ${error}`],
  ]),
  [
    'cronjobs',
    scheduled({ schedule: 'TZ=UTC 0 0 * * *' }),
    [
      'spec.schedule: Invalid value: "TZ=UTC 0 0 * * *": cannot use TZ or CRON_TZ in schedule, use timeZone field instead',
    ],
  ],
  [
    'cronjobs',
    scheduled({ schedule: 'CRON_TZ=/x 0 0 * * *' }),
    [
      'spec.schedule: Invalid value: "CRON_TZ=/x 0 0 * * *": provided bad location /x: time: invalid location name',
      'spec.schedule: Invalid value: "CRON_TZ=/x 0 0 * * *": cannot use TZ or CRON_TZ in schedule',
    ],
  ],
  ...['UTC', 'Asia/Tokyo', 'US/Pacific', 'Etc/GMT+1'].map((timeZone): [string, Part, string[]] => [
    'cronjobs',
    scheduled({ timeZone }),
    [],
  ]),
  ...zones.map(([timeZone, error]): [string, Part, string[]] => [
    'cronjobs',
    scheduled({ timeZone }),
    [`spec.timeZone: Invalid value: ${JSON.stringify(timeZone)}: ${error}`],
  ]),
  [
    'cronjobs',
    scheduled(
      { schedule: '', startingDeadlineSeconds: -1, timeZone: 'local', concurrencyPolicy: 'Foo' },
      { backoffLimit: -1, selector: { matchLabels: { a: 'b' } }, manualSelector: true },
    ),
    [
      'spec.schedule: Required value',
      'spec.startingDeadlineSeconds: Invalid value: -1',
      'spec.timeZone: Invalid value: "local": timeZone must be an explicit time zone',
      'spec.timeZone: Invalid value: "local": unknown time zone local',
      'spec.concurrencyPolicy: Unsupported value: "Foo": supported values: "Allow", "Forbid", "Replace"',
      'spec.jobTemplate.spec.backoffLimit: Invalid value: -1',
      'spec.jobTemplate.spec.selector: Invalid value: v1.LabelSelector{MatchLabels:map[string]string{"a":"b"}, MatchExpressions:[]v1.LabelSelectorRequirement(nil)}: `selector` will be auto-generated',
      'spec.jobTemplate.spec.manualSelector: Unsupported value: true: supported values: "nil", "false"',
    ],
  ],
  [
    'secrets',
    { type: 'kubernetes.io/dockerconfigjson', data: { '.dockerconfigjson': 'bm90IGpzb24=' } },
    [
      "data[.dockerconfigjson]: Invalid value: \"<secret contents redacted>\": invalid character 'o' in literal null (expecting 'u')",
    ],
  ],
  [
    'secrets',
    { type: 'kubernetes.io/basic-auth' },
    ['data[username]: Required value', 'data[password]: Required value'],
  ],
  [
    'secrets',
    { type: 'kubernetes.io/service-account-token' },
    ['metadata.annotations[kubernetes.io/service-account.name]: Required value'],
  ],
  [
    'ingresses',
    { spec: { defaultBackend: { service: { name: 'a', port: { name: 'x', number: 80 } } } } },
    ['spec.defaultBackend: Invalid value: "": cannot set both port name & port number'],
  ],
  [
    'ingresses',
    {
      spec: {
        rules: [
          {
            host: '*.a.example',
            http: { paths: [{ path: '/a/../b', pathType: 'Exact', backend: { resource: { kind: 'A', name: 'a' } } }] },
          },
        ],
      },
    },
    ['spec.rules[0].http.paths[0].path: Invalid value: "/a/../b": must not contain \'/../\''],
  ],
  [
    'networkpolicies',
    { spec: { podSelector: { matchExpressions: [{ key: 'a', operator: 'Exists', values: ['x'] }] } } },
    [
      "spec.podSelector.matchExpressions[0].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
    ],
  ],
  [
    'rolebindings',
    { roleRef: { kind: 'Role', name: 'a', apiGroup: 'x' } },
    ['roleRef.apiGroup: Unsupported value: "x"'],
  ],
]

for (const [plural, content, expected] of cases)
  test(`${plural} ${JSON.stringify(content).slice(0, 90)}: ${expected.length === 0 ? 'good' : expected.join('; ')}`, () => {
    const found = causes(plural, content)
    assert.is(found.length, expected.length, found.join('\n'))
    for (const [index, text] of expected.entries()) assert.ok(found[index]?.startsWith(text), found[index])
  })

const changes: readonly [plural: string, old: Part, next: Part, cause: string | undefined][] = [
  ['pods', container({}), container({ image: 'j' }), undefined],
  [
    'pods',
    container({}),
    container({ command: ['x'] }),
    'spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`',
  ],
  [
    'pods',
    pod({}),
    pod({ containers: [] }),
    'spec.containers: Forbidden: pod updates may not add or remove containers',
  ],
  ['pods', pod({}), pod({ tolerations: [{ operator: 'Exists' }] }), undefined],
  [
    'pods',
    { ...pod({}), status: { qosClass: 'BestEffort' } },
    container({ resources: { limits: { cpu: '1' } } }),
    'metadata: Invalid value: "BestEffort": Pod QoS is immutable',
  ],
  [
    'pods',
    pod({ tolerations: [{ operator: 'Exists' }] }),
    pod({}),
    'spec.tolerations: Forbidden: existing toleration can not be modified',
  ],
  [
    'pods',
    pod({ activeDeadlineSeconds: 5 }),
    pod({ activeDeadlineSeconds: 6 }),
    'spec.activeDeadlineSeconds: Invalid value: 6: must be less than or equal to previous value',
  ],
  [
    'services',
    service({ clusterIP: '10.96.0.9' }),
    service({ clusterIP: '10.96.0.8' }),
    'spec.clusterIPs[0]: Invalid value: []string{"10.96.0.8"}: may not change once set',
  ],
  ['services', service({ clusterIP: '10.96.0.9' }), service({ type: 'ExternalName', externalName: 'a.b' }), undefined],
  ['statefulsets', workload(), workload({ replicas: 3 }), undefined],
  [
    'statefulsets',
    workload(),
    workload({ serviceName: 'x' }),
    "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals'",
  ],
  [
    'rolebindings',
    { roleRef: { kind: 'Role', name: 'a' } },
    { roleRef: { kind: 'Role', name: 'b' } },
    'roleRef: Invalid value: rbac.RoleRef{APIGroup:"rbac.authorization.k8s.io", Kind:"Role", Name:"b"}: cannot change roleRef',
  ],
  [
    'deployments',
    workload({ selector: { matchLabels: { a: 'b' }, matchExpressions: [{ key: 'a', operator: 'Exists' }] } }),
    workload({ selector: { matchExpressions: [{ operator: 'Exists', key: 'a' }], matchLabels: { a: 'b' } } }),
    undefined,
  ],
  [
    'storageclasses',
    { provisioner: 'a.b/c', parameters: { a: 'b' } },
    { provisioner: 'a.b/c', parameters: { a: 'c' } },
    'parameters: Forbidden: updates to parameters are forbidden.',
  ],
  [
    'storageclasses',
    { provisioner: 'a.b/c', volumeBindingMode: 'Immediate' },
    { provisioner: 'a.b/c', volumeBindingMode: 'WaitForFirstConsumer' },
    'volumeBindingMode: Invalid value: "WaitForFirstConsumer": field is immutable',
  ],
  ['priorityclasses', { value: 1 }, { value: 2 }, 'value: Forbidden: may not be changed in an update.'],
  [
    'ingressclasses',
    { spec: { controller: 'a.b/c' } },
    { spec: { controller: 'a.b/d' } },
    'spec.controller: Invalid value: "a.b/d": field is immutable',
  ],
  ['runtimeclasses', { handler: 'a' }, { handler: 'b' }, 'handler: Invalid value: "b": field is immutable'],
  [
    'persistentvolumes',
    volume({ hostPath: { path: '/a' } }),
    volume({ hostPath: { path: '/b' } }),
    'spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation\n',
  ],
  ['jobs', job(), job({ suspend: true, completions: 1, parallelism: 2, backoffLimit: 1 }), undefined],
  ['jobs', job(), job({ completions: 2 }), 'spec.completions: Invalid value: 2: field is immutable'],
  [
    'jobs',
    job({ completions: 2 }),
    job({ parallelism: 1 }),
    'spec.completions: Invalid value: "null": field is immutable',
  ],
  [
    'jobs',
    indexed({ completions: 3, parallelism: 3 }),
    indexed({ completions: 4, parallelism: 3 }),
    'spec.completions: Invalid value: 4: can only be modified in tandem with spec.parallelism',
  ],
  ['jobs', indexed({ completions: 3, parallelism: 3 }), indexed({ completions: 4, parallelism: 4 }), undefined],
  ['jobs', indexed({ completions: 3, parallelism: 3 }), indexed({ completions: 3, parallelism: 4 }), undefined],
  [
    'jobs',
    job({ completions: 1 }),
    indexed({ completions: 1 }),
    'spec.completionMode: Invalid value: "Indexed": field is immutable',
  ],
  [
    'jobs',
    job(),
    job({ selector: { matchLabels: ownLabels } }),
    `spec.selector: Invalid value: v1.LabelSelector{MatchLabels:${goOwnLabels}, MatchExpressions:[]v1.LabelSelectorRequirement(nil)}: field is immutable`,
  ],
  [
    'jobs',
    job({ podReplacementPolicy: 'Failed' }),
    failurePolicy(byCondition, byExitCode),
    'spec.podFailurePolicy: Invalid value: batch.PodFailurePolicy{Rules:[]batch.PodFailurePolicyRule{batch.PodFailurePolicyRule{Action:"Ignore", OnExitCodes:(*batch.PodFailurePolicyOnExitCodesRequirement)(nil), OnPodConditions:[]batch.PodFailurePolicyOnPodConditionsPattern{batch.PodFailurePolicyOnPodConditionsPattern{Type:"DisruptionTarget", Status:"True"}}}, batch.PodFailurePolicyRule{Action:"FailJob", OnExitCodes:(*batch.PodFailurePolicyOnExitCodesRequirement)(0x',
  ],
  [
    'jobs',
    failurePolicy(byCondition),
    job({ podReplacementPolicy: 'Failed' }),
    'spec.podFailurePolicy: Invalid value: "null": field is immutable',
  ],
  [
    'jobs',
    indexed({ completions: 1 }),
    indexed({ completions: 1, backoffLimitPerIndex: 1, backoffLimit: 6 }),
    'spec.backoffLimitPerIndex: Invalid value: 1: field is immutable',
  ],
  [
    'jobs',
    job(),
    job({ template: jobTemplate({ nodeSelector: { a: 'b' } }) }),
    'spec.template: Invalid value: core.PodTemplateSpec{',
  ],
  [
    'jobs',
    { ...job({ suspend: true }), status: { startTime: '2024-01-01T00:00:00Z' } },
    job({ template: jobTemplate({ nodeSelector: { a: 'b' } }) }),
    'spec.template: Invalid value: core.PodTemplateSpec{',
  ],
  [
    'jobs',
    job({ suspend: true }),
    job({
      template: jobTemplate(
        {
          nodeSelector: { a: 'b' },
          tolerations: [{ operator: 'Exists' }],
          schedulingGates: [{ name: 'a' }],
          affinity: { nodeAffinity: {} },
        },
        { labels: { ...ownLabels, a: 'b' }, annotations: { a: 'b' } },
      ),
    }),
    undefined,
  ],
  [
    'jobs',
    job({ suspend: true }),
    job({ template: jobTemplate({ affinity: { nodeAffinity: {}, podAffinity: {} } }) }),
    'spec.template: Invalid value: core.PodTemplateSpec{',
  ],
  [
    'jobs',
    job({ suspend: true }),
    job({ template: jobTemplate({ containers: [{ name: 'c', image: 'j' }] }) }),
    'spec.template: Invalid value: core.PodTemplateSpec{',
  ],
  // Where pods had no labels with Kubernetes' prefix, none are asked for.
  [
    'jobs',
    job({
      manualSelector: true,
      selector: { matchLabels: { a: 'b' } },
      template: jobTemplate({}, { labels: { a: 'b' } }),
    }),
    job({ selector: { matchLabels: { a: 'b' } }, template: jobTemplate({}, { labels: { a: 'b', 'job-name': 'a' } }) }),
    "spec.template.metadata.labels[controller-uid]: Required value: must be 'u'",
  ],
  [
    'jobs',
    job({
      manualSelector: true,
      selector: { matchLabels: { a: 'b' } },
      template: jobTemplate({}, { labels: { a: 'b' } }),
    }),
    job({
      selector: { matchLabels: { a: 'b' } },
      template: jobTemplate({}, { labels: { a: 'b', 'job-name': 'a', 'controller-uid': 'u' } }),
    }),
    'spec.selector: Invalid value: v1.LabelSelector{MatchLabels:map[string]string{"a":"b"}, MatchExpressions:[]v1.LabelSelectorRequirement(nil)}: `selector` not auto-generated',
  ],
  [
    'secrets',
    { immutable: true, data: { a: 'YQ==' } },
    { immutable: true, data: { a: 'Yg==' } },
    'data: Forbidden: field is immutable when `immutable` is set',
  ],
]

for (const [plural, old, next, cause] of changes)
  test(`${plural} from ${JSON.stringify(old).slice(0, 80)} to ${JSON.stringify(next).slice(0, 80)}: ${cause ?? 'good'}`, () => {
    const [found] = causes(plural, next, old)
    if (cause === undefined) assert.is(found, undefined)
    else assert.ok(found?.startsWith(cause), found)
  })

test('one cause is told without brackets, several with, equal ones once', () => {
  const message = (content: Part) => {
    try {
      validate(kindOf('horizontalpodautoscalers'), 'v2', object('horizontalpodautoscalers', content))
      return ''
    } catch (error) {
      return (error as Error).message
    }
  }
  const spec = { scaleTargetRef: { kind: 'Deployment', name: 'a' }, maxReplicas: 1 }
  const unsupported =
    'spec.metrics[0].type: Unsupported value: "Foo": supported values: "ContainerResource", "External", "Object", "Pods", "Resource"'
  assert.is(
    message({ spec: { ...spec, metrics: [{ type: 'Foo' }] } }),
    `HorizontalPodAutoscaler.autoscaling "a" is invalid: ${unsupported}`,
  )
  assert.is(
    message({ spec: { ...spec, scaleTargetRef: {} } }),
    'HorizontalPodAutoscaler.autoscaling "a" is invalid: [spec.scaleTargetRef.kind: Required value, spec.scaleTargetRef.name: Required value]',
  )
})

test.run()
