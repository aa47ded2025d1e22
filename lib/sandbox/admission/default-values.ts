/**
 * The values that Kubernetes 1.29 fills in, by the definition they belong to: the rows stand for the SetDefaults
 * functions of pkg/apis and, where it says so, for what the kind's conversion or strategy does besides.
 */

// biome-ignore lint/suspicious/noExplicitAny: parts of objects are known by their schema
type Part = any

/** Fixed values for fields that are absent, or what is computed from the part itself. */
type Fill = Readonly<Record<string, unknown>> | ((part: Part) => Part)

const rbacGroup = 'rbac.authorization.k8s.io'
/** The permissions of files that a volume brings: 0644. */
const mode = { defaultMode: 0o644 }
const webhook = {
  failurePolicy: 'Fail',
  matchPolicy: 'Equivalent',
  namespaceSelector: {},
  objectSelector: {},
  timeoutSeconds: 10,
}
const rbd = { pool: 'rbd', user: 'admin', keyring: '/etc/ceph/keyring' }

/** Later rows of a definition see what earlier ones filled in; a definition's parts are filled in after it. */
export const fills: Readonly<Record<string, readonly Fill[]>> = {
  'core.v1.Pod': [withDefaultRequests, withGracePeriod, withHostPorts, spec({ enableServiceLinks: true })],
  'core.v1.PodSpec': [
    {
      dnsPolicy: 'ClusterFirst',
      restartPolicy: 'Always',
      securityContext: {},
      terminationGracePeriodSeconds: 30,
      schedulerName: 'default-scheduler',
    },
    withBothAccountNames,
  ],
  'core.v1.Container': [
    withPullPolicy,
    { resources: {}, terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File' },
  ],
  'core.v1.EphemeralContainer': [
    withPullPolicy,
    { resources: {}, terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File' },
  ],
  'core.v1.Probe': [{ timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 }],
  'core.v1.HTTPGetAction': [{ path: '/', scheme: 'HTTP' }],
  'core.v1.GRPCAction': [{ service: '' }],
  'core.v1.ObjectFieldSelector': [{ apiVersion: 'v1' }],
  'core.v1.ResourceFieldSelector': [{ divisor: '0' }],
  'core.v1.Volume': [
    (volume) => (Object.keys(volume).every((key) => key === 'name') ? { ...volume, emptyDir: {} } : volume),
  ],
  'core.v1.SecretVolumeSource': [mode],
  'core.v1.ConfigMapVolumeSource': [mode],
  'core.v1.DownwardAPIVolumeSource': [mode],
  'core.v1.ProjectedVolumeSource': [mode],
  'core.v1.HostPathVolumeSource': [{ type: '' }],
  'core.v1.ServiceAccountTokenProjection': [{ expirationSeconds: 3600 }],
  'core.v1.ISCSIVolumeSource': [{ iscsiInterface: 'default' }],
  'core.v1.ISCSIPersistentVolumeSource': [{ iscsiInterface: 'default' }],
  'core.v1.RBDVolumeSource': [rbd],
  'core.v1.RBDPersistentVolumeSource': [rbd],
  'core.v1.ScaleIOVolumeSource': [{ storageMode: 'ThinProvisioned', fsType: 'xfs' }],
  'core.v1.ScaleIOPersistentVolumeSource': [{ storageMode: 'ThinProvisioned', fsType: 'xfs' }],
  'core.v1.AzureDiskVolumeSource': [{ cachingMode: 'ReadWrite', kind: 'Shared', fsType: 'ext4', readOnly: false }],
  'core.v1.ServiceSpec': [
    { sessionAffinity: 'None', type: 'ClusterIP' },
    withSessionTimeout,
    withTargetPorts,
    withTrafficPolicies,
  ],
  'core.v1.EndpointPort': [{ protocol: 'TCP' }],
  'core.v1.Secret': [{ type: 'Opaque' }, withEncodedData],
  // The namespace's name as a label; finalizers come from its strategy.
  'core.v1.Namespace': [withNameLabel, spec({ finalizers: ['kubernetes'] })],
  'core.v1.NamespaceStatus': [{ phase: 'Active' }],
  'core.v1.NodeStatus': [(status) => (status.capacity ? absent({ allocatable: status.capacity })(status) : status)],
  'core.v1.ReplicationController': [withTemplateLabels, spec({ replicas: 1 })],
  'core.v1.PersistentVolumeSpec': [{ persistentVolumeReclaimPolicy: 'Retain', volumeMode: 'Filesystem' }],
  'core.v1.PersistentVolumeStatus': [{ phase: 'Pending' }],
  'core.v1.PersistentVolumeClaim': [status({ phase: 'Pending' })],
  'core.v1.PersistentVolumeClaimSpec': [{ volumeMode: 'Filesystem' }],
  'core.v1.LimitRangeItem': [withDefaultLimits],
  'apps.v1.DeploymentSpec': [{ replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600, strategy: {} }],
  'apps.v1.DeploymentStrategy': [{ type: 'RollingUpdate' }, rollingUpdate({ maxUnavailable: '25%', maxSurge: '25%' })],
  'apps.v1.ReplicaSetSpec': [{ replicas: 1 }],
  // An annotation that conversion makes of a field which this version has no more.
  'apps.v1.DaemonSet': [withTemplateGeneration],
  'apps.v1.DaemonSetSpec': [{ revisionHistoryLimit: 10, updateStrategy: {} }],
  'apps.v1.DaemonSetUpdateStrategy': [{ type: 'RollingUpdate' }, rollingUpdate({ maxUnavailable: 1, maxSurge: 0 })],
  'apps.v1.StatefulSetSpec': [
    {
      podManagementPolicy: 'OrderedReady',
      replicas: 1,
      revisionHistoryLimit: 10,
      updateStrategy: {},
      persistentVolumeClaimRetentionPolicy: {},
    },
  ],
  'apps.v1.StatefulSetUpdateStrategy': [
    (strategy) =>
      strategy.type ? strategy : { ...strategy, type: 'RollingUpdate', rollingUpdate: strategy.rollingUpdate ?? {} },
    (strategy) => (strategy.rollingUpdate ? rollingUpdate({ partition: 0 })(strategy) : strategy),
  ],
  'apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy': [{ whenDeleted: 'Retain', whenScaled: 'Retain' }],
  // Not yet of the jobs that a cron job makes.
  'batch.v1.Job': [
    withTemplateLabels,
    withCompletions,
    spec({ parallelism: 1, completionMode: 'NonIndexed', suspend: false, manualSelector: false }),
  ],
  'batch.v1.PodFailurePolicyOnPodConditionsPattern': [{ status: 'True' }],
  'batch.v1.CronJobSpec': [
    { concurrencyPolicy: 'Allow', suspend: false, successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1 },
  ],
  'autoscaling.v2.HorizontalPodAutoscalerSpec': [
    {
      minReplicas: 1,
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
      ],
    },
  ],
  'autoscaling.v2.HorizontalPodAutoscalerBehavior': [withScalingRules],
  'networking.v1.NetworkPolicyPort': [{ protocol: 'TCP' }],
  'networking.v1.NetworkPolicySpec': [
    (policy) => absent({ policyTypes: policy.egress?.length ? ['Ingress', 'Egress'] : ['Ingress'] })(policy),
  ],
  'networking.v1.IngressClassParametersReference': [{ scope: 'Cluster' }],
  'rbac.v1.RoleRef': [{ apiGroup: rbacGroup }],
  'rbac.v1.Subject': [
    (subject) => (subject.kind === 'ServiceAccount' ? subject : absent({ apiGroup: rbacGroup })(subject)),
  ],
  'storage.v1.StorageClass': [{ reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' }],
  'storage.v1.CSIDriverSpec': [
    {
      attachRequired: true,
      podInfoOnMount: false,
      storageCapacity: false,
      fsGroupPolicy: 'ReadWriteOnceWithFSType',
      volumeLifecycleModes: ['Persistent'],
      requiresRepublish: false,
    },
  ],
  'scheduling.v1.PriorityClass': [{ preemptionPolicy: 'PreemptLowerPriority' }],
  'discovery.v1.EndpointPort': [{ name: '', protocol: 'TCP' }],
  'admissionregistration.v1.ValidatingWebhook': [webhook],
  'admissionregistration.v1.MutatingWebhook': [webhook, { reinvocationPolicy: 'Never' }],
  'admissionregistration.v1.RuleWithOperations': [{ scope: '*' }],
  'admissionregistration.v1.ServiceReference': [{ port: 443 }],
  'apiextensions.v1.CustomResourceDefinitionSpec': [{ conversion: { strategy: 'None' } }],
  'apiextensions.v1.CustomResourceDefinitionNames': [
    ({ kind = '', ...names }) => ({
      kind,
      ...absent({ singular: kind.toLowerCase(), listKind: `${kind}List` })(names),
    }),
  ],
  'apiextensions.v1.ServiceReference': [{ port: 443 }],
  'apiregistration.v1.ServiceReference': [{ port: 443 }],
}

/** Fills in what is absent. */
export function absent(values: Readonly<Record<string, unknown>>): (part: Part) => Part {
  return (part) => {
    const missing = Object.entries(values).filter(([name]) => part[name] === undefined)
    return missing.length === 0 ? part : { ...part, ...Object.fromEntries(missing) }
  }
}

/** Fills in what is absent in one field. */
function within(name: string, values: Readonly<Record<string, unknown>>): (part: Part) => Part {
  return (part) => ({ ...part, [name]: absent(values)(part[name] ?? {}) })
}

function spec(values: Readonly<Record<string, unknown>>): (part: Part) => Part {
  return within('spec', values)
}

function status(values: Readonly<Record<string, unknown>>): (part: Part) => Part {
  return within('status', values)
}

function rollingUpdate(values: Readonly<Record<string, unknown>>): (strategy: Part) => Part {
  const fill = within('rollingUpdate', values)
  return (strategy) => (strategy.type === 'RollingUpdate' ? fill(strategy) : strategy)
}

function eachContainer(pod: Part, change: (container: Part) => Part): Part {
  const { containers, initContainers, ...rest } = pod.spec ?? {}
  return {
    ...pod,
    spec: {
      ...rest,
      ...(containers ? { containers: containers.map(change) } : {}),
      ...(initContainers ? { initContainers: initContainers.map(change) } : {}),
    },
  }
}

/** Where a limit is set and no request, the limit is requested; not yet in a template. */
function withDefaultRequests(pod: Part): Part {
  return eachContainer(pod, (container) => {
    const { limits, requests } = container.resources ?? {}
    if (!limits) return container
    return { ...container, resources: { ...container.resources, requests: { ...limits, ...requests } } }
  })
}

/** A pod is not killed sooner than after a second, though it asks for less than none. */
function withGracePeriod(pod: Part): Part {
  return pod.spec?.terminationGracePeriodSeconds < 0
    ? { ...pod, spec: { ...pod.spec, terminationGracePeriodSeconds: 1 } }
    : pod
}

/** On the host's network a container's port is the host's; not yet in a template. */
function withHostPorts(pod: Part): Part {
  if (!pod.spec?.hostNetwork) return pod
  return eachContainer(pod, (container) => {
    if (!container.ports) return container
    return {
      ...container,
      ports: container.ports.map((port: Part) => ({ ...port, hostPort: port.hostPort || port.containerPort })),
    }
  })
}

/** `serviceAccount` is the older name of `serviceAccountName`: each is kept equal to the other by conversion. */
function withBothAccountNames(pod: Part): Part {
  const name = pod.serviceAccountName || pod.serviceAccount
  return name ? { ...pod, serviceAccountName: name, serviceAccount: name } : pod
}

function withPullPolicy(container: Part): Part {
  return absent({ imagePullPolicy: isLatest(container.image ?? '') ? 'Always' : 'IfNotPresent' })(container)
}

/** No tag is the tag latest, unless a digest says which image it is. */
function isLatest(image: string): boolean {
  const [name = ''] = image.split('@')
  const tag = /:([^:/]+)$/.exec(name)?.[1]
  if (tag === undefined) return image !== '' && !image.includes('@')
  return tag === 'latest'
}

function withSessionTimeout(service: Part): Part {
  if (service.sessionAffinity === 'None') {
    const { sessionAffinityConfig, ...rest } = service
    return rest
  }
  if (service.sessionAffinity !== 'ClientIP' || service.sessionAffinityConfig?.clientIP?.timeoutSeconds !== undefined)
    return service
  // Three hours.
  return { ...service, sessionAffinityConfig: { clientIP: { timeoutSeconds: 10800 } } }
}

function withTargetPorts(service: Part): Part {
  if (!service.ports) return service
  const ports = service.ports.map((port: Part) => ({
    ...port,
    protocol: port.protocol || 'TCP',
    targetPort: port.targetPort || port.port,
  }))
  return { ...service, ports }
}

function withTrafficPolicies(service: Part): Part {
  const isOutside = service.type === 'NodePort' || service.type === 'LoadBalancer'
  const isExternal = isOutside || (service.type === 'ClusterIP' && service.externalIPs?.length > 0)
  return absent({
    ...(isExternal ? { externalTrafficPolicy: 'Cluster' } : {}),
    ...(isOutside || service.type === 'ClusterIP' ? { internalTrafficPolicy: 'Cluster' } : {}),
    ...(service.type === 'LoadBalancer' ? { allocateLoadBalancerNodePorts: true } : {}),
  })(service)
}

/** `stringData` is only written, by conversion: what is read is `data`. */
function withEncodedData(secret: Part): Part {
  const { stringData, ...rest } = secret
  if (!stringData) return secret
  const encoded = Object.entries(stringData as Record<string, string>).map(([key, text]) => [
    key,
    Buffer.from(text).toString('base64'),
  ])
  return { ...rest, data: { ...rest.data, ...Object.fromEntries(encoded) } }
}

function withNameLabel(namespace: Part): Part {
  const { name, labels } = namespace.metadata ?? {}
  if (!name) return namespace
  return {
    ...namespace,
    metadata: { ...namespace.metadata, labels: { ...labels, 'kubernetes.io/metadata.name': name } },
  }
}

/** Who has no labels is given those of its template's pods. */
function withTemplateLabels(object: Part): Part {
  const labels = object.spec?.template?.metadata?.labels
  return labels ? { ...object, metadata: absent({ labels })(object.metadata) } : object
}

function withTemplateGeneration(set: Part): Part {
  const annotations = absent({ 'deprecated.daemonset.template.generation': '1' })(set.metadata.annotations ?? {})
  return { ...set, metadata: { ...set.metadata, annotations } }
}

function withCompletions(job: Part): Part {
  const { parallelism, backoffLimitPerIndex, podFailurePolicy } = job.spec
  return spec({
    ...(parallelism === undefined ? { completions: 1 } : {}),
    backoffLimit: backoffLimitPerIndex === undefined ? 6 : 2 ** 31 - 1,
    podReplacementPolicy: podFailurePolicy ? 'Failed' : 'TerminatingOrFailed',
  })(job)
}

function withDefaultLimits(item: Part): Part {
  if (item.type !== 'Container') return item
  const limits = { ...item.max, ...item.default }
  const requests = { ...item.min, ...limits, ...item.defaultRequest }
  return {
    ...item,
    ...(Object.keys(limits).length > 0 ? { default: limits } : {}),
    ...(Object.keys(requests).length > 0 ? { defaultRequest: requests } : {}),
  }
}

function withScalingRules(behavior: Part): Part {
  const policy = (type: string, value: number) => ({ type, value, periodSeconds: 15 })
  return {
    scaleUp: absent({
      stabilizationWindowSeconds: 0,
      selectPolicy: 'Max',
      policies: [policy('Pods', 4), policy('Percent', 100)],
    })(behavior.scaleUp ?? {}),
    scaleDown: absent({ selectPolicy: 'Max', policies: [policy('Percent', 100)] })(behavior.scaleDown ?? {}),
  }
}
