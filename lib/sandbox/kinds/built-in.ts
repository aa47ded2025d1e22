/** The kinds of Kubernetes 1.29 itself, as `kubectl api-resources` lists them. */
import { builtInSchema } from '../schema/built-in.ts'
import { columnsOf } from './columns/columns.ts'
import { type Kind, storeName } from './kind.ts'

const standardVerbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']

interface Row {
  short?: readonly string[]
  categories?: readonly string[]
  subresources?: readonly string[]
  /** Where it is not in a namespace. */
  cluster?: true
  verbs?: readonly string[]
  /** Older versions that are served too. */
  versions?: readonly string[]
  storedAs?: string
  /** Where adding an s to the lower-case kind gives another word. */
  plural?: string
}

const all = ['all']
const extensions = ['api-extensions']
const only = { create: { verbs: ['create'] }, clusterCreate: { verbs: ['create'], cluster: true } } as const

/** By API version, in the order in which discovery names the groups. */
const table: Readonly<Record<string, Readonly<Record<string, Row>>>> = {
  v1: {
    Binding: only.create,
    ComponentStatus: { short: ['cs'], cluster: true, verbs: ['get', 'list'], plural: 'componentstatuses' },
    ConfigMap: { short: ['cm'] },
    Endpoints: { short: ['ep'], plural: 'endpoints' },
    Event: { short: ['ev'] },
    LimitRange: { short: ['limits'] },
    Namespace: {
      short: ['ns'],
      cluster: true,
      subresources: ['finalize', 'status'],
      verbs: standardVerbs.filter((verb) => verb !== 'deletecollection'),
    },
    Node: { short: ['no'], cluster: true, subresources: ['proxy', 'status'] },
    PersistentVolumeClaim: { short: ['pvc'], subresources: ['status'] },
    PersistentVolume: { short: ['pv'], cluster: true, subresources: ['status'] },
    Pod: {
      short: ['po'],
      categories: all,
      subresources: [
        'attach',
        'binding',
        'ephemeralcontainers',
        'eviction',
        'exec',
        'log',
        'portforward',
        'proxy',
        'status',
      ],
    },
    PodTemplate: {},
    ReplicationController: { short: ['rc'], categories: all, subresources: ['scale', 'status'] },
    ResourceQuota: { short: ['quota'], subresources: ['status'] },
    Secret: {},
    ServiceAccount: { short: ['sa'], subresources: ['token'] },
    Service: { short: ['svc'], categories: all, subresources: ['proxy', 'status'] },
  },
  'apiregistration.k8s.io/v1': { APIService: { categories: extensions, cluster: true, subresources: ['status'] } },
  'apps/v1': {
    ControllerRevision: {},
    DaemonSet: { short: ['ds'], categories: all, subresources: ['status'] },
    Deployment: { short: ['deploy'], categories: all, subresources: ['scale', 'status'] },
    ReplicaSet: { short: ['rs'], categories: all, subresources: ['scale', 'status'] },
    StatefulSet: { short: ['sts'], categories: all, subresources: ['scale', 'status'] },
  },
  'events.k8s.io/v1': { Event: { short: ['ev'], storedAs: 'v1' } },
  'authentication.k8s.io/v1': { SelfSubjectReview: only.clusterCreate, TokenReview: only.clusterCreate },
  'authorization.k8s.io/v1': {
    LocalSubjectAccessReview: only.create,
    SelfSubjectAccessReview: only.clusterCreate,
    SelfSubjectRulesReview: only.clusterCreate,
    SubjectAccessReview: only.clusterCreate,
  },
  'autoscaling/v2': {
    HorizontalPodAutoscaler: { short: ['hpa'], categories: all, subresources: ['status'], versions: ['v1'] },
  },
  'batch/v1': {
    CronJob: { short: ['cj'], categories: all, subresources: ['status'] },
    Job: { categories: all, subresources: ['status'] },
  },
  'certificates.k8s.io/v1': {
    CertificateSigningRequest: { short: ['csr'], cluster: true, subresources: ['approval', 'status'] },
  },
  'networking.k8s.io/v1': {
    IngressClass: { cluster: true, plural: 'ingressclasses' },
    Ingress: { short: ['ing'], subresources: ['status'], plural: 'ingresses' },
    NetworkPolicy: { short: ['netpol'], plural: 'networkpolicies' },
  },
  'policy/v1': { PodDisruptionBudget: { short: ['pdb'], subresources: ['status'] } },
  'rbac.authorization.k8s.io/v1': {
    ClusterRoleBinding: { cluster: true },
    ClusterRole: { cluster: true },
    RoleBinding: {},
    Role: {},
  },
  'storage.k8s.io/v1': {
    CSIDriver: { cluster: true },
    CSINode: { cluster: true },
    CSIStorageCapacity: { plural: 'csistoragecapacities' },
    StorageClass: { short: ['sc'], cluster: true, plural: 'storageclasses' },
    VolumeAttachment: { cluster: true, subresources: ['status'] },
  },
  'admissionregistration.k8s.io/v1': {
    MutatingWebhookConfiguration: { categories: extensions, cluster: true },
    ValidatingWebhookConfiguration: { categories: extensions, cluster: true },
  },
  'apiextensions.k8s.io/v1': {
    CustomResourceDefinition: {
      short: ['crd', 'crds'],
      categories: extensions,
      cluster: true,
      subresources: ['status'],
    },
  },
  'scheduling.k8s.io/v1': { PriorityClass: { short: ['pc'], cluster: true, plural: 'priorityclasses' } },
  'coordination.k8s.io/v1': { Lease: {} },
  'node.k8s.io/v1': { RuntimeClass: { cluster: true, plural: 'runtimeclasses' } },
  'discovery.k8s.io/v1': { EndpointSlice: {} },
  'flowcontrol.apiserver.k8s.io/v1': {
    FlowSchema: { cluster: true, subresources: ['status'], versions: ['v1beta3'] },
    PriorityLevelConfiguration: { cluster: true, subresources: ['status'], versions: ['v1beta3'] },
  },
}

export const builtInKinds: readonly Kind[] = Object.entries(table).flatMap(([apiVersion, rows]) =>
  Object.entries(rows).map(([kind, row]) => builtIn(apiVersion, kind, row)),
)

function builtIn(apiVersion: string, kind: string, row: Row): Kind {
  const [version = '', group = ''] = apiVersion.split('/').reverse()
  const plural = row.plural ?? `${kind.toLowerCase()}s`
  return {
    group,
    versions: [version, ...(row.versions ?? [])],
    ...(row.storedAs ? { storedAs: row.storedAs } : {}),
    kind,
    listKind: `${kind}List`,
    plural,
    singular: kind.toLowerCase(),
    shortNames: row.short ?? [],
    categories: row.categories ?? [],
    namespaced: !row.cluster,
    custom: false,
    subresources: row.subresources ?? [],
    verbs: row.verbs ?? standardVerbs,
    columns: () => columnsOf(storeName({ group, plural, ...row })),
    schema: (asked) => builtInSchema(group, asked, kind),
  }
}
