/** Kubernetes objects as the sandbox keeps them: plain JSON, never changed in place. */

export type Labels = Readonly<Record<string, string>>

export interface OwnerReference {
  apiVersion: string
  kind: string
  name: string
  uid: string
  controller?: boolean
  blockOwnerDeletion?: boolean
}

/** One entry of metadata.managedFields: which manager owns which fields. */
export interface ManagedFields {
  manager: string
  operation: 'Apply' | 'Update'
  apiVersion: string
  time?: string
  fieldsType: 'FieldsV1'
  fieldsV1: FieldSet
  subresource?: string
}

/** A set of fields in the FieldsV1 form: `f:name`, `k:{...}`, `v:...`, and `.` for the field itself. */
export interface FieldSet {
  [path: string]: FieldSet
}

export interface Metadata {
  name: string
  namespace?: string
  generateName?: string
  uid?: string
  resourceVersion?: string
  generation?: number
  creationTimestamp?: string
  deletionTimestamp?: string
  deletionGracePeriodSeconds?: number
  labels?: Labels
  annotations?: Labels
  ownerReferences?: OwnerReference[]
  finalizers?: string[]
  managedFields?: ManagedFields[]
}

/** Any Kubernetes object. Kinds with a shape of their own extend it where they are used. */
export interface KubeObject {
  apiVersion: string
  kind: string
  metadata: Metadata
  // biome-ignore lint/suspicious/noExplicitAny: what a field holds is known by the object's schema, not by TypeScript
  [field: string]: any
}

/** `group` and `version` of an apiVersion: `apps/v1` is ['apps', 'v1'], `v1` is ['', 'v1']. */
export function groupVersion(apiVersion: string): [group: string, version: string] {
  const slash = apiVersion.indexOf('/')
  return slash < 0 ? ['', apiVersion] : [apiVersion.slice(0, slash), apiVersion.slice(slash + 1)]
}
