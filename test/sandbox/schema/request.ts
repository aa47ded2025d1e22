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
  resourcequotas: 'v1',
  limitranges: 'v1',
  telemetries: 'telemetry.istio.io/v1alpha1',
  wasmplugins: 'extensions.istio.io/v1alpha1',
  workloadgroups: 'networking.istio.io/v1beta1',
}
