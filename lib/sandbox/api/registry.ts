/**
 * Writes objects as the API server does: defaults, admission, validation, field owners, generation. Used by the HTTP
 * API, and in the process by controllers that make objects as a client would.
 */

import { isDeepStrictEqual } from 'node:util'
import { admit, check, checkDeletion, complete } from '../admission/admission.ts'
import { setDefaults } from '../admission/defaults.ts'
import { numError } from '../go/strconv.ts'
import { asVersion, inStorageVersion } from '../kinds/conversions.ts'
import { definitions } from '../kinds/custom.ts'
import { type Kind, resourceName } from '../kinds/kind.ts'
import { Kinds } from '../kinds/kinds.ts'
import { randomSuffix } from '../names.ts'
import { groupVersion, type KubeObject } from '../objects.ts'
import { trackUpdate } from '../schema/managed-fields.ts'
import { validate } from '../schema/validate.ts'
import { asGo, invalid, invalidError } from '../schema/validation/problems.ts'
import { alreadyExists, conflict, modified, notFound, StatusError, unexpected } from '../status.ts'
import { type Store, timestamp } from '../store/store.ts'
import { type DeleteOptions, type Deletion, deleteFrom, endingDefinition } from './deletion.ts'

export interface Writing {
  /** Who owns the fields that are set. */
  manager?: string
  dryRun?: boolean
  subresource?: string
  warn?: (text: string) => void
  /** Set by server-side apply, which tracks the owners itself. */
  isTracked?: boolean
  /** A patch has no precondition: a uid in it is a field like others. */
  isPatch?: boolean
}

/** Kinds whose metadata.generation counts the changes of what was asked for. */
const counted = new Set([
  'deployments.apps',
  'replicasets.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'replicationcontrollers',
  'podtemplates',
  'jobs.batch',
  'cronjobs.batch',
  'ingresses.networking.k8s.io',
  'ingressclasses.networking.k8s.io',
  'networkpolicies.networking.k8s.io',
  'poddisruptionbudgets.policy',
  'priorityclasses.scheduling.k8s.io',
  'customresourcedefinitions.apiextensions.k8s.io',
  'mutatingwebhookconfigurations.admissionregistration.k8s.io',
  'validatingwebhookconfigurations.admissionregistration.k8s.io',
  'endpointslices.discovery.k8s.io',
  'flowschemas.flowcontrol.apiserver.k8s.io',
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io',
])

/** Admission plugin NamespaceLifecycle. */
const immortal = ['default', 'kube-system', 'kube-public']

export class Registry {
  readonly store: Store
  readonly kinds: Kinds
  readonly now: () => Date

  constructor(store: Store, now: () => Date = () => new Date()) {
    this.store = store
    this.kinds = new Kinds(store)
    this.now = now
  }

  /** @throws NotFound */
  get(resource: string, name: string, namespace?: string): KubeObject {
    const found = this.store.get(resource, name, namespace)
    if (!found) throw notFound(resource, name)
    return found
  }

  /** @throws AlreadyExists, Invalid, Forbidden, NotFound (of the namespace) */
  create(resource: string, object: KubeObject, writing: Writing = {}): KubeObject {
    const kind = this.#kind(resource)
    this.#checkNamespace(kind, object)
    const [, version] = groupVersion(object.apiVersion)
    const fresh = beforeCreate(kind, object, this.now())
    // What admission adds is nobody's.
    const tracked = this.#tracked(kind, version, undefined, setDefaults(kind, fresh), writing)
    const admitted = complete(kind, named(admit(kind, tracked, this.store)), this.store)
    validate(kind, version, admitted)
    for (const warning of check(kind, admitted, this.store)) writing.warn?.(warning)
    const there = this.store.get(resource, admitted.metadata.name, admitted.metadata.namespace)
    if (there) throw alreadyExists(resource, there)
    const stored = inStorageVersion(admitted, kind)
    return writing.dryRun ? preview(stored, this.now()) : this.store.create(resource, stored)
  }

  /**
   * Puts a new object in the place of the stored one; an object that is not marked as read at some resourceVersion
   * replaces any.
   * @throws NotFound, Conflict, Invalid
   */
  update(resource: string, object: KubeObject, writing: Writing = {}): KubeObject {
    const kind = this.#kind(resource)
    const { name, namespace } = object.metadata
    const resourceVersion = readVersion(object.metadata.resourceVersion)
    const [, version] = groupVersion(object.apiVersion)
    const stored = this.#current(resource, object)
    const current = asVersion(stored, kind, version)
    checkDeletionTime(kind, object, current)
    if (!writing.isPatch) checkIdentity(kind, object, current)
    else checkSameUid(kind, object, current)
    const fresh = beforeUpdate(kind, object, current, writing.subresource)
    const whole = writing.subresource ? fresh : setDefaults(kind, fresh)
    const tracked = this.#tracked(kind, version, current, whole, writing)
    const admitted = writing.subresource ? tracked : complete(kind, tracked, this.store, current)
    validate(kind, version, admitted, current, writing.subresource)
    if (!writing.subresource) for (const warning of check(kind, admitted, this.store, current)) writing.warn?.(warning)
    const next = inStorageVersion(withGeneration(kind, admitted, current), kind)
    const read = resourceVersion ?? (current.metadata.resourceVersion as string)
    const written = { ...next, metadata: { ...next.metadata, resourceVersion: read } }
    if (read !== current.metadata.resourceVersion) throw modified(resource, name)
    if (writing.dryRun) return written
    if (!this.#goesNow(resource, written)) return this.store.update(resource, written)
    this.store.remove(resource, name, namespace)
    return written
  }

  /** @throws NotFound, Conflict (of a precondition), Forbidden */
  delete(
    resource: string,
    name: string,
    namespace: string | undefined,
    options: DeleteOptions & { dryRun?: boolean },
  ): Deletion {
    const object = this.get(resource, name, namespace)
    checkPreconditions(this.#kind(resource), object, options)
    if (resource === 'namespaces' && immortal.includes(name))
      throw new StatusError(403, 'Forbidden', `namespaces "${name}" is forbidden: this namespace may not be deleted`, {
        name,
        kind: 'namespaces',
      })
    checkDeletion(this.#kind(resource), object, this.store)
    if (resource === definitions && !object.metadata.deletionTimestamp) {
      const ending = endingDefinition(object, this.now())
      return { object: options.dryRun ? ending : this.store.update(resource, ending), isWaiting: true }
    }
    if (options.dryRun) return { object, isWaiting: false }
    return deleteFrom(this.store, resource, object, options, this.now())
  }

  /** @throws NotFound, or Conflict where the object says which one it is to replace */
  #current(resource: string, { metadata }: KubeObject): KubeObject {
    const { name, namespace, uid } = metadata
    const found = this.store.get(resource, name, namespace)
    if (found) return found
    if (!uid) throw notFound(resource, name)
    throw anotherObject(this.#kind(resource), metadata, '')
  }

  #kind(resource: string): Kind {
    const kind = this.kinds.get(resource)
    if (!kind) throw notFound(definitions, resource)
    return kind
  }

  /** @throws NotFound, Forbidden */
  #checkNamespace(kind: Kind, { metadata }: KubeObject): void {
    if (!kind.namespaced) return
    const namespace = this.get('namespaces', metadata.namespace ?? '')
    if (!namespace.metadata.deletionTimestamp) return
    const [resource, name] = [resourceName(kind), metadata.name || (metadata.generateName ?? '')]
    const where = namespace.metadata.name
    throw new StatusError(
      403,
      'Forbidden',
      `${resource} "${name}" is forbidden: unable to create new content in namespace ${where} because it is being terminated`,
      {
        name,
        kind: kind.plural,
        ...(kind.group ? { group: kind.group } : {}),
        causes: [
          {
            reason: 'NamespaceTerminating',
            message: `namespace ${where} is being terminated`,
            field: 'metadata.namespace',
          },
        ],
      },
    )
  }

  #tracked(kind: Kind, version: string, old: KubeObject | undefined, next: KubeObject, writing: Writing): KubeObject {
    if (writing.isTracked) return next
    return trackUpdate(kind, version, old, next, writing.manager ?? 'unknown', this.now(), writing.subresource)
  }

  /** The last finalizer of an object that is to go was taken away; a namespace has more of them in its spec. */
  #goesNow(resource: string, { metadata, spec }: KubeObject): boolean {
    const isHeld = metadata.finalizers?.length || (resource === 'namespaces' && spec?.finalizers?.length)
    return metadata.deletionTimestamp !== undefined && !isHeld && !metadata.deletionGracePeriodSeconds
  }
}

export function createRegistry({ store, now }: { store: Store; now?: () => Date }): Registry {
  return new Registry(store, now)
}

/** Nothing that the server sets itself. */
function beforeCreate(kind: Kind, object: KubeObject, now: Date): KubeObject {
  const {
    resourceVersion,
    uid: _uid,
    selfLink: _selfLink,
    ...metadata
  } = object.metadata as KubeObject['metadata'] & {
    selfLink?: string
  }
  if (resourceVersion)
    throw new StatusError(500, undefined, 'resourceVersion should not be set on objects to be created')
  const { deletionTimestamp: _d, deletionGracePeriodSeconds: _g, ...kept } = metadata
  const fresh = {
    ...object,
    metadata: {
      ...kept,
      name: metadata.name ?? '',
      creationTimestamp: timestamp(now),
      ...(kind.custom || counted.has(resourceName(kind)) ? { generation: 1 } : {}),
    },
  }
  if (kind.subresources.includes('status')) delete (fresh as { status?: unknown }).status
  return fresh
}

/** A name made up where only its beginning is given. */
function named(object: KubeObject): KubeObject {
  const { name, generateName } = object.metadata
  if (name || !generateName) return object
  return { ...object, metadata: { ...object.metadata, name: `${generateName}${randomSuffix()}` } }
}

/** What a client cannot change stays as it is: identity, times, and status or all but status. */
function beforeUpdate(
  kind: Kind,
  object: KubeObject,
  current: KubeObject,
  subresource: string | undefined,
): KubeObject {
  const { uid, creationTimestamp, generation, deletionTimestamp, deletionGracePeriodSeconds } = current.metadata
  const system = { uid, creationTimestamp, generation, deletionTimestamp, deletionGracePeriodSeconds }
  const { selfLink: _selfLink, ...metadata } = object.metadata as KubeObject['metadata'] & { selfLink?: string }
  for (const [field, value] of Object.entries(system))
    if (value === undefined) delete metadata[field as keyof typeof system]
    else Object.assign(metadata, { [field]: value })
  metadata.managedFields ??= current.metadata.managedFields ?? []
  if (metadata.managedFields.length === 0) delete metadata.managedFields
  if (subresource === 'status') {
    const kept = kind.custom ? current : { ...current, metadata }
    return 'status' in object ? { ...kept, status: object.status } : without(kept, 'status')
  }
  if (!kind.subresources.includes('status')) return { ...object, metadata }
  const next = { ...without(object, 'status'), metadata } as KubeObject
  return 'status' in current ? { ...next, status: current.status } : next
}

function without(object: KubeObject, field: string): KubeObject {
  const { [field]: _dropped, ...rest } = object
  return rest as KubeObject
}

/** Of a Deployment annotations count too, as its ReplicaSets are given them. */
function withGeneration(kind: Kind, next: KubeObject, current: KubeObject): KubeObject {
  if (!kind.custom && !counted.has(resourceName(kind))) return next
  const hasStatus = kind.subresources.includes('status')
  const content = ({ metadata: { annotations = {} }, status, ...rest }: KubeObject) => ({
    ...rest,
    ...(hasStatus ? {} : { status }),
    ...(resourceName(kind) === 'deployments.apps' ? { annotations } : {}),
  })
  if (isDeepStrictEqual(content(next), content(current))) return next
  return { ...next, metadata: { ...next.metadata, generation: (current.metadata.generation ?? 0) + 1 } }
}

/** What would be stored, for a dry run. */
function preview(object: KubeObject, now: Date): KubeObject {
  return { ...object, metadata: { ...object.metadata, uid: crypto.randomUUID(), creationTimestamp: timestamp(now) } }
}

/** Where etcd has a kind's objects. */
function storagePath({ custom, group, plural }: Kind): string {
  return custom ? `${group}/${plural}` : plural
}

function checkSameUid({ kind, group }: Kind, { metadata }: KubeObject, current: KubeObject): void {
  if (!metadata.uid || metadata.uid === current.metadata.uid) return
  throw invalidError({ kind, group }, metadata.name, [invalid('metadata.uid', metadata.uid, 'field is immutable')])
}

/** Nobody says when something is to go but who deletes it. @throws Invalid */
function checkDeletionTime({ kind, group }: Kind, { metadata }: KubeObject, { metadata: current }: KubeObject): void {
  const { name, deletionTimestamp: asked } = metadata
  if (!asked || asked === current.deletionTimestamp) return
  const shown = asGo(new Date(asked).toISOString().replace('T', ' ').replace(/\..*/, ' +0000 UTC'))
  const problem = invalid('metadata.deletionTimestamp', shown, 'field is immutable')
  throw invalidError({ kind, group }, name, [problem])
}

/** @throws Conflict where the object is to replace one that has gone since */
export function checkIdentity(kind: Kind, { metadata }: KubeObject, { metadata: current }: KubeObject): void {
  if (metadata.uid && metadata.uid !== current.uid) throw anotherObject(kind, metadata, current.uid as string)
}

/** An object of that name is not the one that was meant: etcd's words for it. */
function anotherObject(kind: Kind, { name, namespace, uid }: KubeObject['metadata'], found: string): StatusError {
  const key = `/registry/${storagePath(kind)}/${namespace ? `${namespace}/` : ''}${name}`
  const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${found}`
  return conflict(
    resourceName(kind),
    name,
    `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ${why}`,
  )
}

/** The version that an object was read at; undefined where it replaces any. @throws 500 for what is no number */
export function readVersion(text: string | undefined): string | undefined {
  if (text === undefined || text === '' || text === '0') return undefined
  if (!/^\d+$/.test(text)) throw unexpected(numError('ParseUint', text))
  return text
}

function checkPreconditions(kind: Kind, { metadata }: KubeObject, { preconditions = {} }: DeleteOptions): void {
  const failed = (what: string, wanted: string, found: string | undefined, since: string) =>
    resourceName(kind) === definitions
      ? conflict(
          definitions,
          metadata.name,
          `Precondition failed: ${what} in precondition: ${wanted}, ${what} in object meta: ${found}`,
        )
      : conflict(
          qualifiedKind(kind),
          metadata.name,
          `the ${what} in the precondition (${wanted}) does not match the ${what} in record (${found}). The object might have been ${since}`,
        )
  const { uid, resourceVersion } = preconditions
  if (uid && uid !== metadata.uid) throw failed('UID', uid, metadata.uid, 'deleted and then recreated')
  if (resourceVersion && resourceVersion !== metadata.resourceVersion)
    throw failed('ResourceVersion', resourceVersion, metadata.resourceVersion, 'modified')
}

function qualifiedKind({ kind, group }: Kind): string {
  return group ? `${kind}.${group}` : kind
}
