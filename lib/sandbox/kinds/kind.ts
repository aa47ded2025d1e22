/** What the API knows of a kind: its names, versions, scope, columns and schema. */
import type { KubeObject } from '../objects.ts'
import type { ScalePaths } from './scale.ts'

/** A column of the table that `kubectl get` prints. */
export interface Column {
  name: string
  type: 'string' | 'integer' | 'date' | 'boolean' | 'number'
  format?: string
  description?: string
  /** 0 is shown always, 1 only with `-o wide`. */
  priority: number
  value: (object: KubeObject, now: Date) => unknown
}

/** The part of an OpenAPI schema that the sandbox reads. */
export interface Schema {
  type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean'
  format?: string
  description?: string
  properties?: Readonly<Record<string, Schema>>
  additionalProperties?: Schema | boolean
  items?: Schema
  required?: readonly string[]
  enum?: readonly unknown[]
  oneOf?: readonly Schema[]
  anyOf?: readonly Schema[]
  allOf?: readonly Schema[]
  not?: Schema
  default?: unknown
  nullable?: boolean
  minimum?: number
  maximum?: number
  exclusiveMinimum?: boolean
  exclusiveMaximum?: boolean
  multipleOf?: number
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
  uniqueItems?: boolean
  minProperties?: number
  maxProperties?: number
  pattern?: string
  $ref?: string
  'x-kubernetes-preserve-unknown-fields'?: boolean
  'x-kubernetes-int-or-string'?: boolean
  'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map'
  'x-kubernetes-list-map-keys'?: readonly string[]
  'x-kubernetes-map-type'?: 'atomic' | 'granular'
  'x-kubernetes-validations'?: readonly Rule[]
  'x-kubernetes-patch-strategy'?: string
  'x-kubernetes-patch-merge-key'?: string
  /** Built-in kinds only: the Go type that errors name, where the schema does not tell it. */
  'x-go-type'?: string
  /** Built-in kinds only: a false, 0 or "" is kept. */
  'x-go-pointer'?: boolean
}

/** A rule of a definition, in CEL. */
export interface Rule {
  rule: string
  message?: string
  messageExpression?: string
  reason?: string
  fieldPath?: string
}

export interface Kind {
  /** '' for the core group. */
  group: string
  /** Served versions, the preferred one first. */
  versions: readonly string[]
  kind: string
  listKind: string
  plural: string
  singular: string
  shortNames: readonly string[]
  categories: readonly string[]
  namespaced: boolean
  /** The API version of another kind of this name in the core group, which holds the objects. */
  storedAs?: string
  /** Custom resources only: the one of their versions in which all are stored. */
  storageVersion?: string
  /** A custom resource: structural schema, no strategic merge patch. */
  custom: boolean
  subresources: readonly string[]
  verbs: readonly string[]
  columns: (version: string) => readonly Column[]
  /** Custom resources only: their definition is to go, and takes no new ones. */
  isEnding?: boolean
  /** Custom resources only: the warning of a version that is no longer to be used. */
  deprecated?: (version: string) => string | undefined
  /** Custom resources only: where their scale is; undefined where a version has none. */
  scale?: (version: string) => ScalePaths | undefined
  /** The schema of a version, served or not; undefined where any content is taken. */
  schema: (version: string) => Schema | undefined
}

/** The name a resource has in messages: `pods`, `deployments.apps`. */
export function resourceName(kind: Pick<Kind, 'plural' | 'group'>): string {
  return kind.group === '' ? kind.plural : `${kind.plural}.${kind.group}`
}

/** The name a resource has in the store: its own, unless another kind holds its objects. */
export function storeName(kind: Pick<Kind, 'plural' | 'group' | 'storedAs'>): string {
  return kind.storedAs ? kind.plural : resourceName(kind)
}
