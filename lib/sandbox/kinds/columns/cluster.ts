/** Columns of nodes, namespaces, storage, permissions and the API's own objects (pkg/printers/internalversion). */
import type { KubeObject } from '../../objects.ts'
import type { Column } from '../kind.ts'
import { age, column, flag, humanDuration, integer, joined, nameColumn, since, wide } from './common.ts'

// biome-ignore lint/suspicious/noExplicitAny: parts of these objects are known by the schema
type Part = any

const createdAt = column('Created At', ({ metadata }) => metadata.creationTimestamp, { type: 'date' })
const provisioner = column('Provisioner', ({ provisioner }) => provisioner)

export const clusterColumns: Readonly<Record<string, readonly Column[]>> = {
  nodes: [
    nameColumn,
    column('Status', nodeStatus),
    column('Roles', nodeRoles),
    age,
    column('Version', ({ status }) => status?.nodeInfo?.kubeletVersion ?? ''),
    wide('Internal-IP', (node) => nodeAddress(node, 'InternalIP')),
    wide('External-IP', (node) => nodeAddress(node, 'ExternalIP')),
    wide('OS-Image', ({ status }) => status?.nodeInfo?.osImage || '<unknown>'),
    wide('Kernel-Version', ({ status }) => status?.nodeInfo?.kernelVersion || '<unknown>'),
    wide('Container-Runtime', ({ status }) => status?.nodeInfo?.containerRuntimeVersion || '<unknown>'),
  ],
  namespaces: [nameColumn, column('Status', ({ status }) => status?.phase ?? ''), age],
  events: [
    column('Last Seen', (event, now) => lastSeen(event, now)),
    column('Type', ({ type }) => type ?? ''),
    column('Reason', ({ reason }) => reason ?? ''),
    column('Object', ({ involvedObject: { kind = '', name } = {} }) =>
      name ? `${kind.toLowerCase()}/${name}` : kind.toLowerCase(),
    ),
    wide('Subobject', ({ involvedObject }) => involvedObject?.fieldPath ?? ''),
    wide('Source', ({ source, reportingComponent, reportingInstance }) =>
      [source?.component || reportingComponent, source?.host || reportingInstance].filter(Boolean).join(', '),
    ),
    column('Message', ({ message = '' }) => message.trim()),
    wide('First Seen', ({ firstTimestamp, eventTime }, now) => since(firstTimestamp ?? eventTime, now)),
    wide('Count', ({ count, series }) => series?.count ?? (count || 1)),
    wide('Name', ({ metadata }) => metadata.name, { format: 'name' }),
  ],
  configmaps: [
    nameColumn,
    column('Data', ({ data = {}, binaryData = {} }) => Object.keys(data).length + Object.keys(binaryData).length),
    age,
  ],
  secrets: [
    nameColumn,
    column('Type', ({ type }) => type),
    column('Data', ({ data }) => Object.keys(data ?? {}).length),
    age,
  ],
  serviceaccounts: [nameColumn, column('Secrets', ({ secrets }) => secrets?.length ?? 0), age],
  persistentvolumes: [
    nameColumn,
    column('Capacity', ({ spec }) => spec.capacity?.storage ?? ''),
    column('Access Modes', ({ spec }) => accessModes(spec.accessModes)),
    column('Reclaim Policy', ({ spec }) => spec.persistentVolumeReclaimPolicy ?? ''),
    column('Status', (volume) => endingOr(volume)),
    column('Claim', ({ spec }) => (spec.claimRef ? `${spec.claimRef.namespace}/${spec.claimRef.name}` : '')),
    column('StorageClass', ({ spec }) => spec.storageClassName ?? ''),
    column('VolumeAttributesClass', ({ spec }) => spec.volumeAttributesClassName ?? '<unset>'),
    column('Reason', ({ status }) => status?.reason ?? ''),
    age,
    wide('VolumeMode', ({ spec }) => spec.volumeMode ?? '<unset>'),
  ],
  persistentvolumeclaims: [
    nameColumn,
    column('Status', (claim) => endingOr(claim)),
    column('Volume', ({ spec }) => spec.volumeName ?? ''),
    column('Capacity', ({ spec, status }) => (spec.volumeName ? (status?.capacity?.storage ?? '0') : '')),
    column('Access Modes', ({ spec, status }) => (spec.volumeName ? accessModes(status?.accessModes) : '')),
    column('StorageClass', ({ spec }) => spec.storageClassName ?? ''),
    column('VolumeAttributesClass', ({ spec }) => spec.volumeAttributesClassName ?? '<unset>'),
    age,
    wide('VolumeMode', ({ spec }) => spec.volumeMode ?? '<unset>'),
  ],
  resourcequotas: [
    nameColumn,
    age,
    column('Request', ({ status }) => usedShares(status, (name) => !name.startsWith('limits'))),
    column('Limit', ({ status }) => usedShares(status, (name) => name.startsWith('limits'))),
  ],
  limitranges: [nameColumn, createdAt],
  componentstatuses: [
    nameColumn,
    column('Status', ({ conditions }) => (conditions?.[0]?.status === 'True' ? 'Healthy' : 'Unhealthy')),
    column('Message', ({ conditions }) => conditions?.[0]?.message ?? ''),
    column('Error', ({ conditions }) => conditions?.[0]?.error ?? ''),
  ],
  'storageclasses.storage.k8s.io': [
    column(
      'Name',
      ({ metadata }) =>
        metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true'
          ? `${metadata.name} (default)`
          : metadata.name,
      { format: 'name' },
    ),
    provisioner,
    column('ReclaimPolicy', ({ reclaimPolicy = 'Delete' }) => reclaimPolicy),
    column('VolumeBindingMode', ({ volumeBindingMode = '<unset>' }) => volumeBindingMode),
    column('AllowVolumeExpansion', ({ allowVolumeExpansion = false }) => allowVolumeExpansion),
    age,
  ],
  'csinodes.storage.k8s.io': [nameColumn, integer('Drivers', ({ spec }) => spec.drivers?.length ?? 0), age],
  'csidrivers.storage.k8s.io': [
    nameColumn,
    flag('AttachRequired', ({ spec }) => spec.attachRequired ?? true),
    flag('PodInfoOnMount', ({ spec }) => spec.podInfoOnMount ?? false),
    flag('StorageCapacity', ({ spec }) => spec.storageCapacity ?? false),
    column(
      'TokenRequests',
      ({ spec }) => spec.tokenRequests?.map(({ audience }: Part) => audience).join(',') ?? '<unset>',
    ),
    flag('RequiresRepublish', ({ spec }) => spec.requiresRepublish ?? false),
    column('Modes', ({ spec }) => joined(spec.volumeLifecycleModes ?? [])),
    age,
  ],
  'csistoragecapacities.storage.k8s.io': [nameColumn, createdAt],
  'volumeattachments.storage.k8s.io': [
    nameColumn,
    column('Attacher', ({ spec }) => spec.attacher ?? '', { format: 'name' }),
    column('PV', ({ spec }) => spec.source?.persistentVolumeName ?? ''),
    column('Node', ({ spec }) => spec.nodeName ?? ''),
    flag('Attached', ({ status }) => status?.attached ?? false),
    age,
  ],
  'certificatesigningrequests.certificates.k8s.io': [
    nameColumn,
    age,
    column('SignerName', ({ spec }) => spec.signerName || '<none>'),
    column('Requestor', ({ spec }) => spec.username ?? ''),
    column('RequestedDuration', ({ spec }) =>
      spec.expirationSeconds === undefined ? '<none>' : humanDuration(spec.expirationSeconds),
    ),
    column('Condition', ({ status }) => verdictOnRequest(status ?? {})),
  ],
  'roles.rbac.authorization.k8s.io': [nameColumn, createdAt],
  'clusterroles.rbac.authorization.k8s.io': [nameColumn, createdAt],
  'rolebindings.rbac.authorization.k8s.io': bindingColumns(),
  'clusterrolebindings.rbac.authorization.k8s.io': bindingColumns(),
  'customresourcedefinitions.apiextensions.k8s.io': [nameColumn, createdAt],
  'apiservices.apiregistration.k8s.io': [
    nameColumn,
    column('Service', ({ spec }) => (spec.service ? `${spec.service.namespace}/${spec.service.name}` : 'Local')),
    column('Available', ({ status }) => {
      const available = (status?.conditions ?? []).find(({ type }: Part) => type === 'Available')
      return available?.status === 'True' ? 'True' : 'False'
    }),
    age,
  ],
  'mutatingwebhookconfigurations.admissionregistration.k8s.io': webhookColumns(),
  'validatingwebhookconfigurations.admissionregistration.k8s.io': webhookColumns(),
  'priorityclasses.scheduling.k8s.io': [
    nameColumn,
    integer('Value', ({ value }) => value),
    flag('Global-Default', ({ globalDefault = false }) => globalDefault),
    age,
  ],
  'leases.coordination.k8s.io': [nameColumn, column('Holder', ({ spec }) => spec?.holderIdentity ?? ''), age],
  'flowschemas.flowcontrol.apiserver.k8s.io': [
    nameColumn,
    column('PriorityLevel', ({ spec }) => spec.priorityLevelConfiguration?.name),
    column('MatchingPrecedence', ({ spec }) => spec.matchingPrecedence),
    column('DistinguisherMethod', ({ spec }) => spec.distinguisherMethod?.type ?? '<none>'),
    age,
    column('MissingPL', ({ status }) => {
      const dangling = (status?.conditions ?? []).find(({ type }: Part) => type === 'Dangling')
      return dangling?.status ?? '?'
    }),
  ],
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io': [
    nameColumn,
    column('Type', ({ spec }) => spec.type),
    column('NominalConcurrencyShares', ({ spec }) => spec.limited?.nominalConcurrencyShares ?? '<none>'),
    column('Queues', ({ spec }) => spec.limited?.limitResponse?.queuing?.queues ?? '<none>'),
    column('HandSize', ({ spec }) => spec.limited?.limitResponse?.queuing?.handSize ?? '<none>'),
    column('QueueLengthLimit', ({ spec }) => spec.limited?.limitResponse?.queuing?.queueLengthLimit ?? '<none>'),
    age,
  ],
  'runtimeclasses.node.k8s.io': [nameColumn, column('Handler', ({ handler }) => handler), age],
  'controllerrevisions.apps': [
    nameColumn,
    column('Controller', ({ metadata }) => {
      const owner = metadata.ownerReferences?.find(({ controller }) => controller)
      if (!owner) return '<none>'
      const [group = ''] = owner.apiVersion.includes('/') ? owner.apiVersion.split('/') : []
      return `${owner.kind.toLowerCase()}${group ? `.${group}` : ''}/${owner.name}`
    }),
    column('Revision', ({ revision }) => revision),
    age,
  ],
}

function verdictOnRequest({ conditions = [], certificate }: Part): string {
  const has = (wanted: string) => conditions.some(({ type }: Part) => type === wanted)
  const verdict = has('Denied') ? 'Denied' : has('Approved') ? 'Approved' : 'Pending'
  return [verdict, has('Failed') && 'Failed', certificate && 'Issued'].filter(Boolean).join(',')
}

function bindingColumns(): Column[] {
  const subjects = (kind: string) => (object: KubeObject) =>
    (object.subjects ?? [])
      .filter((subject: Part) => subject.kind === kind)
      .map(({ namespace = '', name }: Part) => (kind === 'ServiceAccount' ? `${namespace}/${name}` : name))
      .join(', ')
  return [
    nameColumn,
    column('Role', ({ roleRef: { kind = '', name = '' } = {} }) => `${kind}/${name}`),
    age,
    wide('Users', subjects('User')),
    wide('Groups', subjects('Group')),
    wide('ServiceAccounts', subjects('ServiceAccount')),
  ]
}

function webhookColumns(): Column[] {
  return [nameColumn, integer('Webhooks', ({ webhooks }) => webhooks?.length ?? 0), age]
}

function nodeStatus({ spec, status }: KubeObject): string {
  const ready = (status?.conditions ?? []).find(({ type }: Part) => type === 'Ready')
  const state = !ready ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady'
  return spec?.unschedulable ? `${state},SchedulingDisabled` : state
}

function nodeRoles({ metadata }: KubeObject): string {
  const prefix = 'node-role.kubernetes.io/'
  return joined(
    Object.entries(metadata.labels ?? {})
      .flatMap(([key, value]) => {
        if (key.startsWith(prefix)) return key.slice(prefix.length)
        return key === 'kubernetes.io/role' ? value : []
      })
      .sort(),
  )
}

function nodeAddress({ status }: KubeObject, wanted: string): string {
  return (status?.addresses ?? []).find(({ type }: Part) => type === wanted)?.address ?? '<none>'
}

function lastSeen({ firstTimestamp, lastTimestamp, eventTime, series }: KubeObject, now: Date): string {
  return since(series?.lastObservedTime ?? lastTimestamp ?? firstTimestamp ?? eventTime, now)
}

function endingOr({ metadata, status }: KubeObject): string {
  return metadata.deletionTimestamp ? 'Terminating' : (status?.phase ?? '')
}

const modes: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
}

function accessModes(given: readonly string[] = []): string {
  return given.map((mode) => modes[mode] ?? mode).join(',')
}

/** How much of each limit is used: `pods: 1/3`. */
function usedShares({ hard = {}, used = {} }: KubeObject['status'] = {}, isWanted: (name: string) => boolean): string {
  return Object.keys(hard)
    .filter(isWanted)
    .sort()
    .map((name) => `${name}: ${used[name] ?? 0}/${hard[name]}`)
    .join(', ')
}
