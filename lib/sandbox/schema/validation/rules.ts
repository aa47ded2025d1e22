/** Which rules hold for which built-in kind. */
import type { KubeObject } from '../../objects.ts'
import { checkAutoscaler } from './autoscalers.ts'
import { checkCertificateRequest } from './certificates.ts'
import { checkConfigMap, checkConfigMapChange, checkSecret, checkSecretChange } from './config.ts'
import { checkCronJob } from './cron-jobs.ts'
import { checkDaemonSet } from './daemon-sets.ts'
import { checkDefinition, checkDefinitionChange, checkDefinitionName, checkStoredVersions } from './definitions.ts'
import { checkDeployment } from './deployments.ts'
import { checkDisruptionBudget } from './disruption-budgets.ts'
import { checkEndpointSlice, checkEndpointSliceChange, checkEndpoints } from './endpoints.ts'
import { checkEvent } from './events.ts'
import { checkExtensionMetadata } from './extension-metadata.ts'
import { type Format, isDns1035Label, isDnsLabel, isPathSegment } from './formats.ts'
import { checkJob, checkJobChange } from './jobs.ts'
import { checkLease } from './leases.ts'
import { checkLimitRange } from './limit-ranges.ts'
import type { checkMetadata } from './metadata.ts'
import { checkIngress, checkIngressClass, checkIngressClassChange, checkNetworkPolicy } from './networking.ts'
import { checkNode, checkNodeChange, checkRuntimeClass, checkRuntimeClassChange } from './nodes.ts'
import { checkPodChange } from './pod-changes.ts'
import { checkNewPod, checkPod } from './pods.ts'
import { checkPriorityClass, checkPriorityClassChange } from './priority-classes.ts'
import type { Problem } from './problems.ts'
import { checkBindingChange, checkClusterRole, checkClusterRoleBinding, checkRole, checkRoleBinding } from './rbac.ts'
import { checkReplicaSet, checkReplicationController } from './replica-sets.ts'
import { checkQuota, checkQuotaChange } from './resource-quotas.ts'
import { checkAddresses } from './service-addresses.ts'
import { checkService, checkServiceChange } from './services.ts'
import { checkStatefulSet, checkStatefulSetChange } from './stateful-sets.ts'
import {
  checkStorageClass,
  checkStorageClassChange,
  checkVolume,
  checkVolumeChange,
  checkVolumeClaim,
  checkVolumeClaimChange,
} from './storage.ts'
import { checkWebhooks } from './webhooks.ts'
import { checkSelectorChange } from './workloads.ts'

interface Rules {
  /** Form of its names where it is not that of a DNS subdomain. */
  name?: Format
  /** How its metadata is looked at where that is not the usual way. */
  metadata?: typeof checkMetadata
  check?: (object: KubeObject) => Problem[]
  /** What is looked at when an object is new. */
  fresh?: (object: KubeObject) => Problem[]
  /** Where this finds something, nothing else is looked at. */
  first?: (object: KubeObject) => Problem[]
  /** Looked at before the object itself. */
  change?: (next: KubeObject, old: KubeObject) => Problem[]
  /** Looked at after it. */
  fixed?: (next: KubeObject, old: KubeObject) => Problem[]
  /** Looked at last, but not where only a subresource is written. */
  last?: (object: KubeObject) => Problem[]
}

/** By kind and group; kinds that are not here have names and labels only. */
export const rules: Readonly<Record<string, Rules>> = {
  Pod: { fresh: checkNewPod, check: checkPod, change: checkPodChange },
  Service: { first: checkAddresses, name: isDns1035Label, check: checkService, change: checkServiceChange },
  ConfigMap: { check: checkConfigMap, change: checkConfigMapChange },
  Secret: { check: checkSecret, change: checkSecretChange },
  Namespace: { name: isDnsLabel },
  Node: { check: checkNode, change: checkNodeChange },
  PersistentVolume: { check: checkVolume, fixed: checkVolumeChange },
  PersistentVolumeClaim: { check: checkVolumeClaim, fixed: checkVolumeClaimChange },
  Endpoints: { check: checkEndpoints },
  ResourceQuota: { check: checkQuota, fixed: checkQuotaChange },
  LimitRange: { check: checkLimitRange },
  Event: { name: isPathSegment, check: checkEvent },
  ReplicationController: { check: checkReplicationController },
  'Deployment.apps': { check: checkDeployment, fixed: checkSelectorChange },
  'ReplicaSet.apps': { check: checkReplicaSet, fixed: checkSelectorChange },
  'DaemonSet.apps': { check: checkDaemonSet, fixed: checkSelectorChange },
  'StatefulSet.apps': { name: isDnsLabel, check: checkStatefulSet, change: checkStatefulSetChange },
  'Job.batch': { fresh: checkJob, fixed: checkJobChange },
  'CronJob.batch': { check: checkCronJob },
  'EndpointSlice.discovery.k8s.io': { check: checkEndpointSlice, fixed: checkEndpointSliceChange },
  'Ingress.networking.k8s.io': { check: checkIngress },
  'IngressClass.networking.k8s.io': { check: checkIngressClass, change: checkIngressClassChange },
  'NetworkPolicy.networking.k8s.io': { check: checkNetworkPolicy },
  'HorizontalPodAutoscaler.autoscaling': { check: checkAutoscaler },
  'PodDisruptionBudget.policy': { name: isPathSegment, check: checkDisruptionBudget },
  'PriorityClass.scheduling.k8s.io': { check: checkPriorityClass, change: checkPriorityClassChange },
  'CertificateSigningRequest.certificates.k8s.io': { check: checkCertificateRequest },
  'CustomResourceDefinition.apiextensions.k8s.io': {
    metadata: checkExtensionMetadata,
    fresh: checkDefinitionName,
    check: checkDefinition,
    fixed: checkDefinitionChange,
    last: checkStoredVersions,
  },
  'MutatingWebhookConfiguration.admissionregistration.k8s.io': { check: checkWebhooks },
  'ValidatingWebhookConfiguration.admissionregistration.k8s.io': { check: checkWebhooks },
  'StorageClass.storage.k8s.io': { check: checkStorageClass, fixed: checkStorageClassChange },
  'RuntimeClass.node.k8s.io': { check: checkRuntimeClass, fixed: checkRuntimeClassChange },
  'Lease.coordination.k8s.io': { check: checkLease },
  'Role.rbac.authorization.k8s.io': { name: isPathSegment, check: checkRole },
  'ClusterRole.rbac.authorization.k8s.io': { name: isPathSegment, check: checkClusterRole },
  'RoleBinding.rbac.authorization.k8s.io': { name: isPathSegment, check: checkRoleBinding, change: checkBindingChange },
  'ClusterRoleBinding.rbac.authorization.k8s.io': {
    name: isPathSegment,
    check: checkClusterRoleBinding,
    change: checkBindingChange,
  },
}
