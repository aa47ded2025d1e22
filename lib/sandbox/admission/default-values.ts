/**
 * The values that Kubernetes 1.29 fills in, by the definition they belong to: the rows stand for the SetDefaults
 * functions of pkg/apis and, where it says so, for what the kind's conversion or strategy does besides.
 */
import {
  absent,
  type Part,
  rollingUpdate,
  spec,
  status,
  withBothAccountNames,
  withClaimKinds,
  withCompletions,
  withDefaultLimits,
  withDefaultRequests,
  withEncodedData,
  withGracePeriod,
  withHostPorts,
  withNameLabel,
  withPullPolicy,
  withScalingRules,
  withSessionTimeout,
  withTargetPorts,
  withTemplateGeneration,
  withTemplateLabels,
  withTemplateSelector,
  withTrafficPolicies,
} from './computed-defaults.ts'

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
  // Go writes them whatever they hold.
  'core.v1.Event': [{ reportingComponent: '', reportingInstance: '' }],
  'core.v1.Namespace': [withNameLabel],
  'core.v1.NamespaceStatus': [{ phase: 'Active' }],
  'core.v1.NodeStatus': [(status) => (status.capacity ? absent({ allocatable: status.capacity })(status) : status)],
  'core.v1.ReplicationController': [withTemplateLabels, withTemplateSelector, spec({ replicas: 1 })],
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
    withClaimKinds,
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
  'batch.v1.PodFailurePolicyRule': [{ onExitCodes: null, onPodConditions: null }],
  'batch.v1.PodFailurePolicyOnExitCodesRequirement': [{ containerName: null }],
  'batch.v1.PodFailurePolicyOnPodConditionsPattern': [(pattern) => ({ ...pattern, status: pattern.status || 'True' })],
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
  'rbac.v1.RoleRef': [(role) => ({ ...role, apiGroup: role.apiGroup || rbacGroup })],
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
      seLinuxMount: false,
    },
  ],
  'flowcontrol.v1.FlowSchemaSpec': [{ matchingPrecedence: 1000 }],
  'flowcontrol.v1.ExemptPriorityLevelConfiguration': [{ nominalConcurrencyShares: 0, lendablePercent: 0 }],
  'flowcontrol.v1.LimitedPriorityLevelConfiguration': [{ nominalConcurrencyShares: 30, lendablePercent: 0 }],
  'flowcontrol.v1.QueuingConfiguration': [{ handSize: 8, queues: 64, queueLengthLimit: 50 }],
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
      ...absent({ singular: kind.toLowerCase(), listKind: kind && `${kind}List` })(names),
    }),
  ],
  'apiextensions.v1.ServiceReference': [{ port: 443 }],
  'apiregistration.v1.ServiceReference': [{ port: 443 }],
}
