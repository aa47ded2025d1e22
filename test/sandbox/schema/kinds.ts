/** Kinds as the API hands them over, for tests: built-in ones, and Istio's from their recorded definitions. */
import { readFileSync } from 'node:fs'
import type { Kind, Schema } from '../../../lib/sandbox/kinds/kind.ts'
import { builtInSchema } from '../../../lib/sandbox/schema/built-in.ts'

interface CustomKind {
  group: string
  plural: string
  kind: string
  schemas: Record<string, Schema>
}

const customKinds = JSON.parse(
  readFileSync(new URL('../../fixtures/golden/istio-schemas.json', import.meta.url), 'utf8'),
) as CustomKind[]

const builtIn: Readonly<Record<string, string>> = {
  configmaps: 'v1 ConfigMap',
  secrets: 'v1 Secret',
  services: 'v1 Service',
  serviceaccounts: 'v1 ServiceAccount',
  pods: 'v1 Pod',
  namespaces: 'v1 Namespace',
  events: 'v1 Event',
  replicationcontrollers: 'v1 ReplicationController',
  endpoints: 'v1 Endpoints',
  resourcequotas: 'v1 ResourceQuota',
  limitranges: 'v1 LimitRange',
  persistentvolumeclaims: 'v1 PersistentVolumeClaim',
  deployments: 'apps/v1 Deployment',
  replicasets: 'apps/v1 ReplicaSet',
  daemonsets: 'apps/v1 DaemonSet',
  statefulsets: 'apps/v1 StatefulSet',
  jobs: 'batch/v1 Job',
  cronjobs: 'batch/v1 CronJob',
  horizontalpodautoscalers: 'autoscaling/v2 HorizontalPodAutoscaler',
  poddisruptionbudgets: 'policy/v1 PodDisruptionBudget',
  ingresses: 'networking.k8s.io/v1 Ingress',
  networkpolicies: 'networking.k8s.io/v1 NetworkPolicy',
  roles: 'rbac.authorization.k8s.io/v1 Role',
  rolebindings: 'rbac.authorization.k8s.io/v1 RoleBinding',
  customresourcedefinitions: 'apiextensions.k8s.io/v1 CustomResourceDefinition',
  persistentvolumes: 'v1 PersistentVolume',
  storageclasses: 'storage.k8s.io/v1 StorageClass',
  priorityclasses: 'scheduling.k8s.io/v1 PriorityClass',
  ingressclasses: 'networking.k8s.io/v1 IngressClass',
  runtimeclasses: 'node.k8s.io/v1 RuntimeClass',
  leases: 'coordination.k8s.io/v1 Lease',
}

/** @param plural such as `deployments` or `virtualservices` */
export function kindOf(plural: string): Kind {
  const of = builtIn[plural]
  if (of !== undefined) {
    const [apiVersion = '', kind = ''] = of.split(' ')
    const slash = apiVersion.indexOf('/')
    const group = slash < 0 ? '' : apiVersion.slice(0, slash)
    return makeKind(group, kind, plural, false, [apiVersion.slice(slash + 1)], (version) =>
      builtInSchema(group, version, kind),
    )
  }
  const custom = customKinds.find((one) => one.plural === plural)
  if (!custom) throw new Error(`no kind ${plural} among the tests' kinds`)
  const { group, kind, schemas } = custom
  return makeKind(group, kind, plural, true, Object.keys(schemas), (version) => schemas[version])
}

function makeKind(
  group: string,
  kind: string,
  plural: string,
  custom: boolean,
  versions: string[],
  schema: Kind['schema'],
): Kind {
  return {
    ...{ group, kind, plural, custom, versions, schema },
    listKind: `${kind}List`,
    singular: kind.toLowerCase(),
    shortNames: [],
    categories: [],
    namespaced: plural !== 'namespaces',
    subresources: [],
    verbs: [],
    columns: () => [],
  }
}
