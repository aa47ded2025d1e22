/** Requests to a real server and to the sandbox: what is sent, by story; a story starts with nothing stored. */

export interface Request {
  method: 'POST' | 'PUT' | 'PATCH'
  /** The resource's plural, with the object's name unless it is created. */
  to: string
  body: unknown
  /** JSON where nothing else is said; for PATCH the short name of a kind of patch. */
  type?: 'json' | 'merge' | 'strategic' | 'apply' | 'application/yaml'
  query?: string
}

export type Story = readonly Request[]

export interface Answer {
  status: number
  /** As the headers have them. */
  warnings: string[]
  body: unknown
}

export const namespace = 'schema-test'

export const mediaTypes = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
  'application/yaml': 'application/yaml',
}

type Json = Record<string, unknown>

/** The API version of a plural where it is not v1beta1 of networking.istio.io. */
export const apiVersions: Readonly<Record<string, string>> = {
  configmaps: 'v1',
  secrets: 'v1',
  services: 'v1',
  pods: 'v1',
  serviceaccounts: 'v1',
  deployments: 'apps/v1',
  daemonsets: 'apps/v1',
  statefulsets: 'apps/v1',
  replicasets: 'apps/v1',
  jobs: 'batch/v1',
  cronjobs: 'batch/v1',
  ingresses: 'networking.k8s.io/v1',
  networkpolicies: 'networking.k8s.io/v1',
  horizontalpodautoscalers: 'autoscaling/v2',
  poddisruptionbudgets: 'policy/v1',
  roles: 'rbac.authorization.k8s.io/v1',
  rolebindings: 'rbac.authorization.k8s.io/v1',
  telemetries: 'telemetry.istio.io/v1alpha1',
  wasmplugins: 'extensions.istio.io/v1alpha1',
  workloadgroups: 'networking.istio.io/v1beta1',
}

const create = (to: string, body: unknown, query?: string): Request => ({
  method: 'POST',
  to,
  body,
  ...(query === undefined ? {} : { query }),
})
const patch = (type: NonNullable<Request['type']>, to: string, body: unknown, query?: string): Request => ({
  method: 'PATCH',
  to,
  type,
  body,
  ...(query === undefined ? {} : { query }),
})
const strict = (to: string, body: unknown): Story => [create(to, body, 'fieldValidation=Strict&dryRun=All')]

/** A copy with one field set (removed where the value is undefined), by a path such as `spec.containers.0.image`. */
function set<T>(object: T, path: string, value: unknown): T {
  const copy = structuredClone(object) as Json
  const names = path.split('.')
  const last = names.pop() as string
  let at = copy
  for (const name of names) {
    at[name] ??= {}
    at = at[name] as Json
  }
  if (value === undefined) delete at[last]
  else at[last] = value
  return copy as T
}

const container = { name: 'c', image: 'i' }
const podSpec = { containers: [container] }
const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'a' },
  spec: {
    replicas: 0,
    selector: { matchLabels: { a: 'b' } },
    template: { metadata: { labels: { a: 'b' } }, spec: podSpec },
  },
}
const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: podSpec }
const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' }, spec: { ports: [{ port: 80 }] } }
const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { a: '1' } }
const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' }, data: { a: 'YQ==' } }
const virtualService = {
  apiVersion: 'networking.istio.io/v1beta1',
  kind: 'VirtualService',
  metadata: { name: 'a' },
  spec: { hosts: ['a'], http: [{ route: [{ destination: { host: 'x' } }] }] },
}
const destinationRule = {
  apiVersion: 'networking.istio.io/v1beta1',
  kind: 'DestinationRule',
  metadata: { name: 'a' },
  spec: { host: 'a' },
}
const gateway = {
  apiVersion: 'networking.istio.io/v1beta1',
  kind: 'Gateway',
  metadata: { name: 'a' },
  spec: { selector: { a: 'b' }, servers: [{ port: { number: 80, name: 'a', protocol: 'HTTP' }, hosts: ['*'] }] },
}

type Change = readonly [path: string, value: unknown]

/** One story a change of a valid object. */
function changed(to: string, object: unknown, changes: readonly Change[]): Record<string, Story> {
  return Object.fromEntries(
    changes.map(([path, value]) => {
      const text = value === undefined ? 'absent' : JSON.stringify(value)
      return [`${to} with ${path} ${text}`, strict(to, set(object, path, value))]
    }),
  )
}

const template = 'spec.template.spec'
const first = `${template}.containers.0`
const many = 'x'.repeat(64)

const texts = [
  '',
  '[]',
  '{',
  '{"a":1}}',
  '{"a" 1}',
  '{a:1}',
  'null',
  '"x"',
  '{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"a"},"spec":{"replicas":01}}',
  '{"a":"\n"}',
  '{"a":tru}',
  '{"a":1,}',
  '[1,]',
  'abc',
  '{}',
  '5',
  '{"a":"\\x"}',
  '{"a":1.}',
  '{"a":-}',
  '{"a":"b',
]

const types: Record<string, Story> = {
  ...Object.fromEntries(texts.map((text) => [`deployments as ${JSON.stringify(text)}`, strict('deployments', text)])),
  ...Object.fromEntries(
    ['', '[]', 'null', '{}', '{"a":1}}'].map((text) => [
      `virtualservices as ${JSON.stringify(text)}`,
      strict('virtualservices', text),
    ]),
  ),
  ...changed('deployments', deployment, [
    ['spec.replicas', 'x'],
    ['spec.replicas', 1.5],
    ['spec.replicas', 99999999999],
    ['spec.paused', 'true'],
    [`${template}.containers`, {}],
    [`${template}.containers`, 'x'],
    [first, 'x'],
    [`${first}.image`, 5],
    [`${first}.imagePullPolicy`, 5],
    [`${first}.ports`, [{ containerPort: '80' }]],
    [`${first}.ports`, [{ containerPort: 80, protocol: 3 }]],
    [`${first}.env`, [{ name: 'A', value: 1 }]],
    [`${first}.env`, [{ name: 'A', value: true }]],
    ['metadata.labels', { a: 1 }],
    ['metadata.labels', ['a']],
    ['metadata.labels', 'a'],
    ['spec.template', 'a'],
    ['spec', 'a'],
    ['metadata', 'a'],
    ['metadata', [1]],
    [`${first}.resources`, { limits: { cpu: 'abc' } }],
    [`${first}.resources`, { limits: { cpu: true } }],
    ['spec.strategy', { rollingUpdate: { maxSurge: true } }],
    ['spec.strategy', { rollingUpdate: { maxSurge: 1.5 } }],
    ['spec.selector.matchLabels', { a: 1 }],
    ['metadata.creationTimestamp', 'x'],
    ['metadata.creationTimestamp', 5],
    ['metadata.name', 5],
    ['kind', 5],
    ['kind', 'Foo'],
    ['kind', 'ReplicaSet'],
    ['apiVersion', 'apps/v2'],
    ['apiVersion', 'a/b/c'],
    [`${template}.nodeSelector`, { a: true }],
    ['spec.foo', 1],
    ['__proto__x', {}],
  ]),
  ...changed('secrets', secret, [
    ['data', { a: '%' }],
    ['data', { a: 'YQ' }],
    ['data', { a: 5 }],
    ['stringData', { b: 'x' }],
    ['type', 5],
    ['immutable', 'x'],
  ]),
  ...changed('virtualservices', virtualService, [
    ['metadata', 'x'],
    ['metadata', [1]],
    ['metadata.labels', { a: 1 }],
    ['metadata.labels', [1]],
    ['metadata.name', 5],
    ['metadata.creationTimestamp', 'x'],
    ['metadata.finalizers', 'x'],
    ['metadata.nmae', 1],
    ['kind', 'Foo'],
    ['kind', 5],
    ['kind', ''],
    ['kind', 'DestinationRule'],
    ['apiVersion', 'networking.istio.io/v1alpha3'],
    ['apiVersion', 'v1'],
    ['apiVersion', ''],
    ['spec', 'x'],
    ['spec.hosts', 'x'],
    ['spec.hosts', [1, 2]],
    ['spec.http', [null]],
    ['spec.http', [{ route: [{ destination: null }] }]],
    ['spec.http', [{ route: [{ weight: 1.5, destination: { host: 'a' } }] }]],
    ['spec.http', [{ route: [{ weight: 1, destination: { subset: 'a' } }] }]],
    ['spec.http', [{ route: [{ weight: 'x', destination: { port: { number: '9' } } }] }]],
    ['spec.http', [{ route: 'x', timeout: 5, match: [{ uri: { exact: 'a', prefix: 'b' } }] }]],
    ['spec.http', [{ match: [{ port: -1 }], fault: { abort: { percentage: { value: 'x' } } } }]],
    ['spec.http', [{ redirect: { redirectCode: 'a', port: 99999999999, derivePort: 'X' } }]],
    ['spec.http', [{ retries: { attempts: '3' }, match: [{ headers: { a: { exact: 5 } } }] }]],
  ]),
  ...changed('gateways', gateway, [
    ['spec.servers', [{}]],
    ['spec.servers.0.tls', { mode: 'foo', minProtocolVersion: 5 }],
    ['spec.servers.0.tls', { mode: 'SIMPLE', cipherSuites: 'x' }],
    ['spec.selector', { a: 1 }],
  ]),
  ...changed('destinationrules', destinationRule, [
    ['spec.trafficPolicy', { loadBalancer: { simple: 'FOO' } }],
    ['spec.trafficPolicy', { loadBalancer: { simple: 'RANDOM', consistentHash: { httpHeaderName: 'x' } } }],
    ['spec.trafficPolicy', { loadBalancer: { consistentHash: { httpHeaderName: 'x', useSourceIp: true } } }],
    ['spec.trafficPolicy', { connectionPool: { tcp: { maxConnections: '5' } } }],
    ['spec.subsets', [{}, { name: 'a', labels: { a: 1 } }]],
    ['spec.host', undefined],
    ['spec', undefined],
  ]),
  ...Object.fromEntries(
    ['Strict', 'Warn', 'Ignore'].flatMap((mode) => [
      [
        `unknown fields of a deployment, ${mode}`,
        [
          create(
            'deployments',
            set(set(set(deployment, 'spec.foo', 1), `${first}.imagee`, 'x'), 'metadata.nmae', 1),
            `fieldValidation=${mode}&dryRun=All`,
          ),
        ],
      ],
      [
        `duplicate fields of a deployment, ${mode}`,
        [
          create(
            'deployments',
            JSON.stringify(deployment).replace('"name":"a"}', '"name":"b","name":"a"},"kind":"Deployment"'),
            `fieldValidation=${mode}&dryRun=All`,
          ),
        ],
      ],
      [
        `unknown and duplicate fields of a virtual service, ${mode}`,
        [
          create(
            'virtualservices',
            JSON.stringify(
              set(set(set(virtualService, 'spec.aa', 1), 'spec.http.0.route.0.destination.z', 1), 'metadata.nmae', 1),
            ).replace('"hosts":', '"hosts":["b"],"hosts":'),
            `fieldValidation=${mode}&dryRun=All`,
          ),
        ],
      ],
    ]),
  ),
  'a deployment in YAML': [
    {
      ...create(
        'deployments',
        'kind: Deployment\napiVersion: apps/v1\nmetadata: {name: a}\nspec:\n  replicas: 0\n  selector: {matchLabels: {a: b}}\n  template:\n    metadata: {labels: {a: b}}\n    spec: {containers: [{name: c, image: i, env: [{name: A, value: 2001-01-01}], stdin: yes}]}\n',
        'dryRun=All',
      ),
      type: 'application/yaml',
    },
  ],
}

const metadata: Record<string, Story> = {
  ...changed('configmaps', configMap, [
    ['metadata.name', undefined],
    ['metadata.name', 'A_b'],
    ['metadata.name', 'x'.repeat(254)],
    ['metadata.name', '..'],
    ['metadata.generateName', 'A_b'],
    ['metadata.labels', { 'a b': 'c' }],
    ['metadata.labels', { a: 'b c' }],
    ['metadata.labels', { a: many }],
    ['metadata.labels', { 'x/y/z': 'b', '/a': 'c', 'A_/b': 'd', '': 'e' }],
    ['metadata.annotations', { 'a b': 'c' }],
    ['metadata.annotations', { A: 'any text', 'Example.com/a': 'x' }],
    ['metadata.finalizers', ['x']],
    ['metadata.finalizers', ['example.com/x']],
    ['metadata.namespace', 'elsewhere'],
    ['metadata.ownerReferences', [{ apiVersion: 'v1', kind: 'Pod', name: 'x' }]],
    ['data', { 'a b': 'c', '..': 'd' }],
    ['data', { a: 5 }],
    ['binaryData', { a: 'YQ==' }],
  ]),
  ...changed('services', service, [
    ['metadata.name', '1a'],
    ['metadata.name', 'a.b'],
    ['metadata.name', many],
  ]),
  ...changed('virtualservices', virtualService, [
    ['metadata.name', 'Golden_2'],
    ['metadata.labels', { a: 'b c' }],
    ['metadata.annotations', { 'a b': 'c' }],
  ]),
}

const rules: Record<string, Story> = {
  ...changed('deployments', deployment, [
    ['spec', undefined],
    ['spec.selector', undefined],
    ['spec.selector', {}],
    ['spec.selector.matchLabels', { a: 'c' }],
    ['spec.selector', { matchExpressions: [{ key: 'a', operator: 'Foo', values: ['b'] }] }],
    ['spec.selector', { matchExpressions: [{ key: 'a', operator: 'In' }] }],
    ['spec.selector.matchLabels', { 'a b': 'c d' }],
    ['spec.template', undefined],
    ['spec.template.metadata', undefined],
    ['spec.template.metadata.labels', { a: 'x y' }],
    ['spec.replicas', -1],
    ['spec.minReadySeconds', -1],
    ['spec.revisionHistoryLimit', -1],
    ['spec.progressDeadlineSeconds', 0],
    ['spec.strategy', { type: 'Foo' }],
    ['spec.strategy', { type: 'Recreate', rollingUpdate: {} }],
    ['spec.strategy', { rollingUpdate: { maxSurge: 'x' } }],
    ['spec.strategy', { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } }],
    ['spec.strategy', { rollingUpdate: { maxUnavailable: '101%' } }],
    ['spec.strategy', { rollingUpdate: { maxSurge: -1 } }],
    [`${template}.restartPolicy`, 'Never'],
    [`${template}.restartPolicy`, 'Foo'],
    [`${template}.containers`, []],
    [`${template}.activeDeadlineSeconds`, 5],
    ['metadata.name', 'A.b'],
  ]),
  ...changed('pods', pod, [
    ['spec', undefined],
    ['spec.containers', []],
    ['spec.containers.0.name', undefined],
    ['spec.containers.0.name', 'A_b'],
    ['spec.containers.0.name', many],
    ['spec.containers.0.image', undefined],
    ['spec.containers.0.image', ' a'],
    ['spec.containers.0.imagePullPolicy', 'Foo'],
    ['spec.containers', [container, container]],
    ['spec.initContainers', [container]],
    ['spec.restartPolicy', 'Foo'],
    ['spec.dnsPolicy', 'Foo'],
    ['spec.serviceAccountName', 'A_b'],
    ['spec.nodeName', 'A_b'],
    ['spec.nodeSelector', { 'a b': 'c' }],
    ['spec.hostname', 'A_b'],
    ['spec.terminationGracePeriodSeconds', -1],
    ['spec.activeDeadlineSeconds', 0],
    ['spec.containers.0.ports', [{ containerPort: 0 }]],
    ['spec.containers.0.ports', [{ containerPort: 70000 }]],
    ['spec.containers.0.ports', [{ containerPort: 80, hostPort: 70000 }]],
    ['spec.containers.0.ports', [{ containerPort: 80, protocol: 'FOO' }]],
    ['spec.containers.0.ports', [{ containerPort: 80, name: 'A_b' }]],
    ['spec.containers.0.ports', [{ containerPort: 80, name: 'a-very-long-port-name' }]],
    [
      'spec.containers.0.ports',
      [
        { containerPort: 80, name: 'a' },
        { containerPort: 81, name: 'a' },
      ],
    ],
    ['spec.containers.0.env', [{ name: '' }]],
    ['spec.containers.0.env', [{ name: 'a b' }]],
    ['spec.containers.0.env', [{ name: 'A', value: 'x', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }]],
    ['spec.containers.0.env', [{ name: 'A', valueFrom: {} }]],
    ['spec.containers.0.env', [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.foo' } } }]],
    ['spec.containers.0.env', [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'x' } } }]],
    ['spec.containers.0.envFrom', [{}]],
    ['spec.containers.0.resources', { limits: { cpu: '100m' }, requests: { cpu: '200m' } }],
    ['spec.containers.0.resources', { limits: { cpu: '-1' } }],
    ['spec.containers.0.resources', { limits: { foo: '1' } }],
    ['spec.containers.0.resources', { limits: { cpu: 1, memory: '1024Mi' }, requests: { cpu: '0.5', memory: '1e3' } }],
    ['spec.containers.0.volumeMounts', [{ name: 'x', mountPath: '/x' }]],
    ['spec.containers.0.volumeMounts', [{ name: 'x' }]],
    ['spec.volumes', [{ name: 'v' }, { name: 'v', emptyDir: {} }]],
    ['spec.volumes', [{ name: 'A_b', emptyDir: {} }]],
    ['spec.volumes', [{ name: 'v', emptyDir: {}, hostPath: { path: '/x' } }]],
    ['spec.volumes', [{ name: 'v', configMap: {} }]],
    ['spec.volumes', [{ name: 'v', secret: {} }]],
    ['spec.volumes', [{ name: 'v', hostPath: { path: '' } }]],
    ['spec.containers.0.readinessProbe', {}],
    ['spec.containers.0.readinessProbe', { httpGet: { path: '/x' } }],
    ['spec.containers.0.readinessProbe', { httpGet: { path: '/x', port: 80 }, tcpSocket: { port: 80 } }],
    ['spec.containers.0.readinessProbe', { httpGet: { path: '/x', port: 80 }, periodSeconds: -1 }],
    ['spec.containers.0.livenessProbe', { httpGet: { path: '/x', port: 'A_b' }, successThreshold: 2 }],
    ['spec.containers.0.livenessProbe', { exec: { command: [] } }],
    ['spec.containers.0.livenessProbe', { httpGet: { port: 80, scheme: 'FOO' } }],
    ['spec.containers.0.lifecycle', { preStop: {} }],
    ['spec.containers.0.lifecycle', { preStop: { exec: { command: ['a'] } } }],
    ['spec.containers.0.terminationMessagePolicy', 'Foo'],
    ['spec.containers.0.securityContext', { runAsUser: -1 }],
    ['spec.tolerations', [{ key: 'a', operator: 'Foo' }]],
    ['spec.tolerations', [{ key: 'a', operator: 'Exists', value: 'x' }]],
    ['spec.hostNetwork', true],
    ['spec.hostAliases', [{ ip: 'x', hostnames: ['a'] }]],
    ['spec.imagePullSecrets', [{}]],
    ['spec.topologySpreadConstraints', [{ maxSkew: 0, topologyKey: '', whenUnsatisfiable: 'Foo' }]],
    ['spec.hostPID', true],
  ]),
  'a host port beside the host network': strict(
    'pods',
    set(set(pod, 'spec.hostNetwork', true), 'spec.containers.0.ports', [{ containerPort: 80, hostPort: 81 }]),
  ),
  ...changed('services', service, [
    ['spec', undefined],
    ['spec.ports', []],
    ['spec.ports', [{}]],
    ['spec.ports', [{ port: 0 }]],
    ['spec.ports', [{ port: 70000 }]],
    ['spec.ports', [{ port: 80, targetPort: 0 }]],
    ['spec.ports', [{ port: 80, targetPort: 'A_b' }]],
    ['spec.ports', [{ port: 80, targetPort: 'a-very-long-port-name' }]],
    ['spec.ports', [{ port: 80, protocol: 'FOO' }]],
    ['spec.ports', [{ port: 80 }, { port: 81 }]],
    [
      'spec.ports',
      [
        { port: 80, name: 'a' },
        { port: 80, name: 'b' },
      ],
    ],
    [
      'spec.ports',
      [
        { port: 80, name: 'a' },
        { port: 81, name: 'a' },
      ],
    ],
    ['spec.ports', [{ port: 80, name: 'A_b' }]],
    ['spec.ports', [{ port: 80, nodePort: 30000 }]],
    ['spec.type', 'Foo'],
    ['spec.type', 'ExternalName'],
    ['spec.clusterIP', 'x'],
    ['spec.clusterIP', 'None'],
    ['spec.selector', { 'a b': 'c' }],
    ['spec.selector', { a: 'b c' }],
    ['spec.sessionAffinity', 'Foo'],
    ['spec.sessionAffinity', 'ClientIP'],
    ['spec.externalTrafficPolicy', 'Local'],
    ['spec.internalTrafficPolicy', 'Foo'],
    ['spec.externalIPs', ['x']],
  ]),
  'an external name': strict('services', {
    ...service,
    spec: { type: 'ExternalName', externalName: 'a.example' },
  }),
  'a bad external name': strict('services', { ...service, spec: { type: 'ExternalName', externalName: 'A_b' } }),
  ...changed(
    'jobs',
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'a' },
      spec: { template: { spec: { ...podSpec, restartPolicy: 'Never' } } },
    },
    [
      ['spec.template.spec.restartPolicy', undefined],
      ['spec.template.spec.containers', []],
      ['spec.parallelism', -1],
      ['spec.backoffLimit', -1],
      ['spec.completionMode', 'Foo'],
    ],
  ),
  ...changed(
    'cronjobs',
    {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'a' },
      spec: {
        schedule: '* * * * *',
        jobTemplate: { spec: { template: { spec: { ...podSpec, restartPolicy: 'Never' } } } },
      },
    },
    [
      ['spec.schedule', undefined],
      ['spec.schedule', 'x'],
      ['spec.concurrencyPolicy', 'Foo'],
      ['spec.suspend', true],
    ],
  ),
  ...changed(
    'daemonsets',
    {
      ...deployment,
      kind: 'DaemonSet',
      spec: { selector: deployment.spec.selector, template: deployment.spec.template },
    },
    [
      ['spec.minReadySeconds', 5],
      ['spec.selector', undefined],
      ['spec.updateStrategy', { type: 'Foo' }],
    ],
  ),
  ...changed('replicasets', { ...deployment, kind: 'ReplicaSet' }, [
    ['spec.replicas', -1],
    ['spec.minReadySeconds', 5],
    ['spec.selector', undefined],
    ['spec.selector.matchLabels', { a: 'c' }],
  ]),
  ...changed('statefulsets', { ...deployment, kind: 'StatefulSet', spec: { ...deployment.spec, serviceName: 'a' } }, [
    ['spec.replicas', -1],
    ['spec.podManagementPolicy', 'Foo'],
    ['spec.selector.matchLabels', { a: 'c' }],
    ['spec.updateStrategy', { type: 'Foo' }],
  ]),
  ...changed(
    'ingresses',
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name: 'a' },
      spec: {
        rules: [
          {
            host: 'a.example',
            http: {
              paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'a', port: { number: 80 } } } }],
            },
          },
        ],
      },
    },
    [
      ['spec', undefined],
      ['spec.rules.0.host', 'A_b'],
      ['spec.rules.0.http.paths.0.pathType', undefined],
      ['spec.rules.0.http.paths.0.path', 'x'],
      ['spec.rules.0.http.paths.0.backend', {}],
      ['spec.rules.0.http.paths.0.backend.service.port', {}],
    ],
  ),
  ...changed(
    'networkpolicies',
    { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'a' }, spec: { podSelector: {} } },
    [
      ['spec.policyTypes', ['Foo']],
      ['spec.ingress', [{ from: [{}] }]],
      ['spec.egress', [{}]],
    ],
  ),
  ...changed(
    'horizontalpodautoscalers',
    {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'a' },
      spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'a' }, maxReplicas: 3 },
    },
    [
      ['spec.maxReplicas', 0],
      ['spec.minReplicas', 5],
      ['spec.scaleTargetRef', {}],
      ['spec.metrics', [{ type: 'Foo' }]],
    ],
  ),
  ...changed(
    'poddisruptionbudgets',
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'a' },
      spec: { minAvailable: 1, selector: {} },
    },
    [
      ['spec.maxUnavailable', 1],
      ['spec.minAvailable', 'x'],
      ['spec.minAvailable', -1],
    ],
  ),
  ...changed(
    'roles',
    { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name: 'a' }, rules: [] },
    [
      ['rules', [{}]],
      ['rules', [{ verbs: ['get'] }]],
      ['rules', [{ verbs: ['get'], apiGroups: [''], resources: ['pods'] }]],
    ],
  ),
  ...changed(
    'rolebindings',
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'a' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'a' },
      subjects: [{ kind: 'ServiceAccount', name: 'a', namespace: 'default' }],
    },
    [
      ['roleRef', undefined],
      ['roleRef.kind', 'Foo'],
      ['subjects', [{ kind: 'User', name: '' }]],
      ['subjects', [{ kind: 'ServiceAccount', name: 'a' }]],
      ['subjects', [{ kind: 'Foo', name: 'a' }]],
      ['subjects', [{ kind: 'User', name: 'a' }]],
    ],
  ),
  ...changed('secrets', secret, [
    ['data', { 'a b': 'YQ==' }],
    ['type', 'kubernetes.io/tls'],
    ['type', 'kubernetes.io/dockerconfigjson'],
  ]),
  ...changed('serviceaccounts', { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'a' } }, [
    ['metadata.name', 'A_b'],
    ['automountServiceAccountToken', false],
  ]),
}

/** Updates of what is stored: a story creates, then changes. */
function updated(to: string, object: unknown, changes: readonly Change[]): Record<string, Story> {
  return Object.fromEntries(
    changes.map(([path, value]) => [
      `${to} changed in ${path} to ${JSON.stringify(value)}`,
      [create(to, object), { method: 'PUT', to: `${to}/a`, body: set(object, path, value) } as Request],
    ]),
  )
}

const updates: Record<string, Story> = {
  ...updated('deployments', deployment, [
    ['spec.selector.matchLabels', { a: 'b', c: 'd' }],
    ['spec.template.metadata.labels', { a: 'b', c: 'd' }],
    ['metadata.name', 'b'],
    ['metadata.namespace', 'elsewhere'],
    ['metadata.uid', 'x'],
    ['metadata.labels', { x: 'y' }],
    ['spec.replicas', -1],
  ]),
  'a deployment whose selector and labels change': [
    create('deployments', deployment),
    {
      method: 'PUT',
      to: 'deployments/a',
      body: set(set(deployment, 'spec.selector.matchLabels', { a: 'c' }), 'spec.template.metadata.labels', { a: 'c' }),
    },
  ],
  ...updated('configmaps', { ...configMap, immutable: true }, [
    ['data', { a: '2' }],
    ['immutable', false],
    ['metadata.labels', { a: 'b' }],
  ]),
  ...updated('secrets', secret, [
    ['type', 'kubernetes.io/tls'],
    ['stringData', { b: 'x' }],
  ]),
  ...updated('services', { ...service, spec: { ...service.spec, clusterIP: 'None' } }, [
    ['spec.clusterIP', '10.96.77.77'],
    ['spec.selector', { a: 'b' }],
  ]),
  ...updated('virtualservices', virtualService, [
    ['spec.hosts', ['b']],
    ['spec.foo', 1],
    ['metadata.annotations', { a: 'b' }],
  ]),
}

const patches: Record<string, Story> = {
  'a JSON patch of every operation': [
    create('configmaps', { ...configMap, data: { a: '1', b: '2', c: '3' } }),
    patch('json', 'configmaps/a', [
      { op: 'test', path: '/data/a', value: '1' },
      { op: 'replace', path: '/data/a', value: '9' },
      { op: 'remove', path: '/data/b' },
      { op: 'move', from: '/data/c', path: '/data/d' },
      { op: 'copy', from: '/data/d', path: '/data/e' },
      { op: 'add', path: '/metadata/labels', value: { a: 'b' } },
    ]),
    patch('json', 'configmaps/a', [{ op: 'test', path: '/data/a', value: '1' }]),
    patch('json', 'configmaps/a', [{ op: 'remove', path: '/data/nope' }]),
    patch('json', 'configmaps/a', [{ op: 'replace', path: '/data/nope', value: 'x' }]),
    patch('json', 'configmaps/a', [{ op: 'add', path: '/nope/nope', value: 'x' }]),
    patch('json', 'configmaps/a', [{ op: 'foo', path: '/data/a' }]),
    patch('json', 'configmaps/a', { op: 'add' }),
    patch('json', 'configmaps/a', 'x'),
    patch('json', 'configmaps/a', ''),
    patch('json', 'configmaps/a', [{ op: 'add', path: '/data/n', value: 5 }]),
    patch('json', 'configmaps/a', [{ op: 'add', path: '/metadata/labels/a~1b', value: 'x' }]),
    patch('json', 'configmaps/a', [{ op: 'move', from: '/data/nope', path: '/data/x' }]),
    patch('json', 'configmaps/a', [{ op: 'copy', from: '/data/nope', path: '/data/x' }]),
    patch('json', 'configmaps/a', [{ op: 'replace', path: '/metadata/name', value: 'b' }]),
    patch('json', 'configmaps/a', []),
  ],
  'a JSON patch of lists': [
    create('virtualservices', virtualService),
    patch('json', 'virtualservices/a', [{ op: 'add', path: '/spec/hosts/-', value: 'b' }]),
    patch('json', 'virtualservices/a', [{ op: 'add', path: '/spec/hosts/0', value: 'c' }]),
    patch('json', 'virtualservices/a', [{ op: 'replace', path: '/spec/hosts/1', value: 'd' }]),
    patch('json', 'virtualservices/a', [{ op: 'remove', path: '/spec/hosts/0' }]),
    patch('json', 'virtualservices/a', [{ op: 'remove', path: '/spec/hosts/9' }]),
    patch('json', 'virtualservices/a', [{ op: 'replace', path: '/spec/hosts/9', value: 'x' }]),
    patch('json', 'virtualservices/a', [{ op: 'add', path: '/spec/hosts/9', value: 'x' }]),
    patch('json', 'virtualservices/a', [{ op: 'replace', path: '/spec/hosts/x', value: 'x' }]),
    patch('json', 'virtualservices/a', [{ op: 'replace', path: '/spec/hosts', value: 'x' }]),
    patch('json', 'virtualservices/a', [{ op: 'add', path: '/spec/foo', value: 'x' }]),
    patch('json', 'virtualservices/a', [{ op: 'add', path: '/spec/foo', value: 'x' }], 'fieldValidation=Strict'),
  ],
  'a merge patch': [
    create('virtualservices', virtualService),
    patch('merge', 'virtualservices/a', { metadata: { labels: { a: 'b' } } }),
    patch('merge', 'virtualservices/a', { metadata: { labels: { a: null, c: 'd' } }, spec: { gateways: ['mesh'] } }),
    patch('merge', 'virtualservices/a', { spec: { foo: 1 } }),
    patch('merge', 'virtualservices/a', { spec: { foo: 1 } }, 'fieldValidation=Strict'),
    patch('merge', 'virtualservices/a', { spec: { foo: 1 } }, 'fieldValidation=Warn'),
    patch('merge', 'virtualservices/a', { spec: { hosts: 'x' } }),
    patch('merge', 'virtualservices/a', { metadata: { name: 'b' } }),
    patch('merge', 'virtualservices/a', { metadata: { resourceVersion: '1' } }),
    patch('merge', 'virtualservices/a', { kind: 'Foo' }),
    patch('merge', 'virtualservices/a', '{"spec":{"gateways":["a"],"gateways":["b"]}}', 'fieldValidation=Strict'),
    patch('merge', 'virtualservices/a', '{"spec":'),
    patch('merge', 'virtualservices/a', '[]'),
    patch('merge', 'virtualservices/a', '"x"'),
    patch('merge', 'virtualservices/a', 'x'),
    patch('merge', 'virtualservices/a', {}),
    patch('strategic', 'virtualservices/a', {}),
  ],
  'a strategic merge patch of containers': [
    create('deployments', set(deployment, `${first}.env`, [{ name: 'A', value: '1' }])),
    patch('strategic', 'deployments/a', {
      spec: { template: { spec: { containers: [{ name: 'c', env: [{ name: 'B', value: '2' }] }] } } },
    }),
    patch('strategic', 'deployments/a', {
      spec: { template: { spec: { containers: [{ name: 'd', image: 'j' }] } } },
    }),
    patch('strategic', 'deployments/a', {
      spec: { template: { spec: { containers: [{ name: 'd', $patch: 'delete' }] } } },
    }),
    patch('strategic', 'deployments/a', {
      spec: { template: { spec: { containers: [{ name: 'c', env: [{ name: 'A', $patch: 'delete' }] }] } } },
    }),
    patch('strategic', 'deployments/a', {
      spec: { template: { spec: { containers: [{ $patch: 'replace' }, { name: 'e', image: 'k' }] } } },
    }),
    patch('strategic', 'deployments/a', {
      spec: {
        template: {
          spec: {
            $setElementOrder: 1,
            '$setElementOrder/containers': [{ name: 'f' }, { name: 'e' }],
            containers: [{ name: 'f', image: 'l' }],
          },
        },
      },
    }),
    patch('strategic', 'deployments/a', {
      spec: {
        template: {
          spec: {
            '$setElementOrder/containers': [{ name: 'f' }, { name: 'e' }],
            containers: [{ name: 'f', image: 'l' }],
          },
        },
      },
    }),
    patch('strategic', 'deployments/a', {
      spec: {
        template: { spec: { containers: [{ name: 'e', ports: [{ containerPort: 80 }, { containerPort: 81 }] }] } },
      },
    }),
    patch('strategic', 'deployments/a', {
      spec: { template: { spec: { containers: [{ name: 'e', ports: [{ containerPort: 80, name: 'http' }] }] } } },
    }),
    patch('strategic', 'deployments/a', { spec: { template: { spec: { containers: [{ image: 'x' }] } } } }),
    patch('strategic', 'deployments/a', { spec: { template: { spec: { containers: null } } } }),
    patch('strategic', 'deployments/a', { spec: { template: { spec: { containers: 'x' } } } }),
    patch('strategic', 'deployments/a', { spec: { replicas: 'x' } }),
    patch('strategic', 'deployments/a', { spec: { foo: 1 } }),
    patch('strategic', 'deployments/a', { spec: { foo: 1 } }, 'fieldValidation=Strict'),
    patch('strategic', 'deployments/a', { spec: { foo: 1 } }, 'fieldValidation=Warn'),
    patch('strategic', 'deployments/a', { spec: { selector: { matchLabels: { c: 'd' } } } }),
    patch('strategic', 'deployments/a', '{"spec":'),
    patch('strategic', 'deployments/a', 'x'),
    patch('strategic', 'deployments/a', '[]'),
    patch('strategic', 'deployments/a', { metadata: { labels: { $patch: 'replace', x: 'y' } } }),
    patch('strategic', 'deployments/a', { metadata: { labels: { $patch: 'foo', x: 'y' } } }),
    patch('strategic', 'deployments/a', {
      spec: { template: { spec: { hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet' } } },
    }),
    patch('strategic', 'deployments/a', {
      spec: { template: { metadata: { annotations: { 'a.example/at': 'now' } } } },
    }),
  ],
  'a strategy is replaced, its old keys are not retained': [
    create('deployments', deployment),
    patch('strategic', 'deployments/a', { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } }),
    patch('strategic', 'deployments/a', { spec: { strategy: { type: 'RollingUpdate' } } }),
    patch('strategic', 'deployments/a', { spec: { strategy: { type: 'Recreate' } } }),
    patch('strategic', 'deployments/a', { spec: { template: { spec: { volumes: [{ name: 'v', emptyDir: {} }] } } } }),
    patch('strategic', 'deployments/a', {
      spec: {
        template: { spec: { volumes: [{ name: 'v', $retainKeys: ['name', 'configMap'], configMap: { name: 'x' } }] } },
      },
    }),
  ],
  'primitive lists merge': [
    create('configmaps', { ...configMap, metadata: { name: 'a', finalizers: ['example.com/a'] } }),
    patch('strategic', 'configmaps/a', { metadata: { finalizers: ['example.com/b'] } }),
    patch('strategic', 'configmaps/a', { metadata: { '$deleteFromPrimitiveList/finalizers': ['example.com/a'] } }),
    patch('strategic', 'configmaps/a', { metadata: { '$deleteFromPrimitiveList/finalizers': ['example.com/b'] } }),
  ],
  'the ports of a service merge by port': [
    create('services', { ...service, spec: { clusterIP: 'None', ports: [{ port: 80, name: 'a' }] } }),
    patch('strategic', 'services/a', { spec: { ports: [{ port: 81, name: 'b' }] } }),
    patch('strategic', 'services/a', { spec: { ports: [{ port: 81, $patch: 'delete' }] } }),
    patch('strategic', 'services/a', { spec: { selector: { a: 'b' } } }),
    patch('strategic', 'services/a', { spec: { selector: null } }),
    patch('merge', 'services/a', { spec: { ports: [{ port: 90 }] } }),
    patch('merge', 'services/a', { spec: { ports: [] } }),
  ],
}

const apply = (to: string, body: unknown, manager: string, force = false): Request =>
  patch('apply', to, body, `fieldManager=${manager}${force ? '&force=true' : ''}`)

const applies: Record<string, Story> = {
  'an apply that creates, changes, removes': [
    apply('configmaps/a', { ...configMap, data: { a: '1', b: '2' } }, 'one'),
    apply('configmaps/a', { ...configMap, data: { a: '3' } }, 'one'),
    apply('configmaps/a', { ...configMap, data: { a: '4', c: '5' } }, 'two'),
    apply('configmaps/a', { ...configMap, data: { a: '3', c: '5' } }, 'two'),
    apply('configmaps/a', { ...configMap, data: { c: '5' } }, 'one'),
    apply('configmaps/a', { ...configMap, data: { a: '6' } }, 'one', true),
    apply('configmaps/a', { ...configMap, data: undefined }, 'two'),
    apply('configmaps/a', { ...configMap, data: undefined }, 'one'),
  ],
  'an apply after updates': [
    create('configmaps', { ...configMap, data: { a: '1', b: '2' } }, 'fieldManager=creator'),
    patch('merge', 'configmaps/a', { data: { b: '3' } }, 'fieldManager=patcher'),
    apply('configmaps/a', { ...configMap, data: { a: '1', b: '4' } }, 'one'),
    apply('configmaps/a', { ...configMap, data: { a: '5', b: '4' } }, 'one'),
    apply('configmaps/a', { ...configMap, data: { a: '5', b: '4' } }, 'one', true),
    patch('merge', 'configmaps/a', { data: { a: '6' } }, 'fieldManager=patcher'),
    patch('merge', 'configmaps/a', { data: { a: null } }, 'fieldManager=patcher'),
    apply('configmaps/a', { ...configMap, data: { b: '4' } }, 'one'),
  ],
  'containers are applied by name': [
    apply('deployments/a', deployment, 'one'),
    apply('deployments/a', set(deployment, `${template}.containers`, [container, { name: 'd', image: 'j' }]), 'one'),
    apply(
      'deployments/a',
      {
        ...deployment,
        spec: { template: { spec: { containers: [{ name: 'c', env: [{ name: 'A', value: '1' }] }] } } },
      },
      'two',
    ),
    apply('deployments/a', set(deployment, `${first}.image`, 'k'), 'two'),
    apply('deployments/a', deployment, 'one'),
    apply('deployments/a', set(deployment, `${template}.containers`, [container, container]), 'one'),
    apply('deployments/a', set(deployment, `${template}.containers`, [{ image: 'x' }]), 'one'),
    apply('deployments/a', set(deployment, 'spec.replicas', 'x'), 'one'),
    apply('deployments/a', set(deployment, 'spec.foo', 'x'), 'one'),
    apply('deployments/a', set(deployment, 'spec.replicas', undefined), 'one'),
    patch('merge', 'deployments/a', { spec: { replicas: 0, paused: true } }, 'fieldManager=scaler'),
    apply('deployments/a', set(deployment, 'spec.paused', false), 'one'),
  ],
  'ports of a service are applied by port and protocol': [
    apply('services/a', { ...service, spec: { clusterIP: 'None', ports: [{ port: 80 }] } }, 'one'),
    apply('services/a', { ...service, spec: { ports: [{ port: 81, name: 'b' }] } }, 'two'),
    apply('services/a', { ...service, spec: { clusterIP: 'None', ports: [{ port: 80, name: 'a' }] } }, 'one'),
    apply('services/a', { ...service, spec: { ports: [{ port: 81, name: 'b' }] } }, 'two'),
    apply('services/a', { ...service, spec: { selector: { a: 'b' } } }, 'three'),
    apply('services/a', { ...service, spec: { selector: { c: 'd' } } }, 'two'),
    apply('services/a', { ...service, spec: { selector: { c: 'd' } } }, 'two', true),
  ],
  'a virtual service is applied': [
    apply('virtualservices/a', virtualService, 'one'),
    apply('virtualservices/a', { ...virtualService, spec: { hosts: ['a'] } }, 'two'),
    apply('virtualservices/a', { ...virtualService, spec: { hosts: ['b'], http: [] } }, 'two'),
    apply('virtualservices/a', set(virtualService, 'spec.foo', 1), 'one'),
    apply('virtualservices/a', set(virtualService, 'spec.hosts', 5), 'one'),
    apply('virtualservices/a', set(virtualService, 'metadata.labels', { x: 'y' }), 'one'),
    apply('virtualservices/a', set(virtualService, 'metadata.labels', { x: 'z' }), 'two'),
    apply('virtualservices/a', virtualService, 'one'),
    patch('merge', 'virtualservices/a', { spec: { gateways: ['mesh'] } }, 'fieldManager=kubectl-patch'),
    apply('virtualservices/a', set(virtualService, 'spec.gateways', ['x']), 'one'),
    apply('virtualservices/a', set(virtualService, 'spec.gateways', ['mesh']), 'one'),
    apply('virtualservices/a', set(virtualService, 'metadata.name', 'b'), 'one'),
    apply('virtualservices/a', set(virtualService, 'metadata.managedFields', [{}]), 'one'),
    apply('virtualservices/a', set(virtualService, 'metadata.resourceVersion', '1'), 'one'),
    apply('virtualservices/a', set(virtualService, 'kind', undefined), 'one'),
    apply('virtualservices/a', set(virtualService, 'apiVersion', undefined), 'one'),
    apply('virtualservices/a', set(virtualService, 'apiVersion', 'networking.istio.io/v1alpha3'), 'one'),
    apply('virtualservices/a', '{', 'one'),
    apply('virtualservices/a', '', 'one'),
    apply('virtualservices/a', '[]', 'one'),
    apply('virtualservices/a', 'a: b: c', 'one'),
    apply('virtualservices/a', 'kind: VirtualService\nkind: VirtualService\n', 'one'),
    patch('apply', 'virtualservices/a', virtualService),
  ],
  'sets and finalizers are applied': [
    apply('configmaps/a', set(configMap, 'metadata.finalizers', ['example.com/a']), 'one'),
    apply('configmaps/a', set(configMap, 'metadata.finalizers', ['example.com/b']), 'two'),
    apply('configmaps/a', configMap, 'one'),
    apply('configmaps/a', configMap, 'two'),
  ],
  'kubectl goes from client-side to server-side apply': [
    create(
      'configmaps',
      set(configMap, 'metadata.annotations', { 'kubectl.kubernetes.io/last-applied-configuration': '{}' }),
      'fieldManager=kubectl-client-side-apply',
    ),
    apply('configmaps/a', set(configMap, 'data', { b: '2' }), 'kubectl'),
    apply('configmaps/a', configMap, 'other'),
  ],
}

const managers: Record<string, Story> = {
  'updates by two managers': [
    create('virtualservices', virtualService, 'fieldManager=one'),
    patch('merge', 'virtualservices/a', { spec: { hosts: ['b'] } }, 'fieldManager=two'),
    patch('merge', 'virtualservices/a', { metadata: { labels: { a: 'b' } } }, 'fieldManager=two'),
    patch(
      'merge',
      'virtualservices/a',
      { spec: { http: null, tcp: [{ route: [{ destination: { host: 'x' } }] }] } },
      'fieldManager=three',
    ),
    patch('merge', 'virtualservices/a', { metadata: { labels: null } }, 'fieldManager=one'),
    { method: 'PUT', to: 'virtualservices/a', body: virtualService, query: 'fieldManager=four' },
    { method: 'PUT', to: 'virtualservices/a', body: virtualService, query: 'fieldManager=five' },
  ],
  'an env and a label are changed': [
    create('deployments', deployment, 'fieldManager=one'),
    patch(
      'strategic',
      'deployments/a',
      { spec: { template: { spec: { containers: [{ name: 'c', image: 'j' }] } } } },
      'fieldManager=two',
    ),
    patch(
      'strategic',
      'deployments/a',
      { spec: { template: { spec: { containers: [{ name: 'c', env: [{ name: 'A', value: 'x' }] }] } } } },
      'fieldManager=two',
    ),
    patch(
      'strategic',
      'deployments/a',
      { metadata: { labels: { a: 'b' }, annotations: { c: 'd' } } },
      'fieldManager=three',
    ),
    patch(
      'strategic',
      'deployments/a',
      {
        spec: {
          template: {
            spec: {
              containers: [
                {
                  name: 'd',
                  image: 'z',
                  args: ['a'],
                  ports: [{ containerPort: 5 }],
                  volumeMounts: [{ name: 't', mountPath: '/t' }],
                },
              ],
              volumes: [{ name: 't', emptyDir: {} }],
            },
          },
        },
      },
      'fieldManager=three',
    ),
    patch(
      'merge',
      'deployments/a',
      { metadata: { ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'x', uid: 'y' }] } },
      'fieldManager=four',
    ),
    patch('merge', 'deployments/a', { metadata: { managedFields: [{}] } }, 'fieldManager=four'),
  ],
  'a service and its ports': [
    create('services', { ...service, spec: { ...service.spec, selector: { a: 'b' } } }, 'fieldManager=one'),
    patch('strategic', 'services/a', { spec: { selector: { c: 'd' } } }, 'fieldManager=two'),
    patch(
      'strategic',
      'services/a',
      {
        spec: {
          ports: [
            { port: 80, name: 'x' },
            { port: 81, name: 'y' },
          ],
        },
      },
      'fieldManager=two',
    ),
  ],
}

export const stories: Record<string, Story> = {
  ...types,
  ...metadata,
  ...rules,
  ...updates,
  ...patches,
  ...applies,
  ...managers,
}
