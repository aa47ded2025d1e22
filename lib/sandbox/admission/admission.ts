/** What happens to an object between its decoding and its storing, kind by kind. */
import { isDeepStrictEqual } from 'node:util'
import { type Kind, resourceName } from '../kinds/kind.ts'
import { groupVersion, type KubeObject } from '../objects.ts'
import { objectWarnings } from '../schema/warnings.ts'
import { zeroObject } from '../schema/zero.ts'
import type { Store } from '../store/store.ts'
import { templateGeneration } from './computed-defaults.ts'
import { setDefaults } from './defaults.ts'
import { validateIstio } from './istio.ts'
import { configurationWarnings } from './istio-configuration.ts'
import { selectOwnPods } from './jobs.ts'
import { checkLimits, withLimits } from './limit-ranges.ts'
import { podSecurity } from './pod-security.ts'
import { completePod, initialStatus, withTolerations } from './pods.ts'
import { checkQuotas } from './quotas.ts'
import { allocate } from './services.ts'
import { injectSidecar } from './sidecar.ts'
import { completeClaim, completeVolume } from './storage.ts'
import { unplayedWarnings } from './unplayed.ts'
import { unsupportedWarnings } from './unsupported.ts'
import { type Admission, answering, unreachableWarnings } from './webhooks.ts'

type Complete = (object: KubeObject, store: Store, old?: KubeObject) => KubeObject

/** What plugins add to new objects before webhooks see them. A pod without containers is refused right after. */
const plugins: Readonly<Record<string, Complete>> = {
  pods: (pod, store) => (pod.spec.containers?.length ? completePod(withLimits(pod, store), store) : pod),
}

const onCreate: Readonly<Record<string, Complete>> = {
  pods: (pod) => (pod.spec.containers?.length ? initialStatus(pod) : pod),
  services: (service, store) => ({ ...allocate(service, store), status: { loadBalancer: {} } }),
  namespaces: (namespace) => ({ ...named(namespace), status: { phase: 'Active' } }),
  'deployments.apps': (deployment) => ({ ...deployment, status: {} }),
  'jobs.batch': selectOwnPods,
  'customresourcedefinitions.apiextensions.k8s.io': unestablished,
  persistentvolumeclaims: completeClaim,
  persistentvolumes: completeVolume,
}

const onUpdate: Readonly<Record<string, Complete>> = {
  'customresourcedefinitions.apiextensions.k8s.io': withStoredVersion,
  'daemonsets.apps': countTemplates,
  pods: withTolerations,
  services: allocate,
  namespaces: named,
}

/**
 * A new object as plugins and webhooks let it in, before its name is made up.
 * @throws StatusError when one of them refuses, or a webhook that must be asked cannot be
 */
export function admit(kind: Kind, object: KubeObject, store: Store): KubeObject {
  const resource = resourceName(kind)
  const completed = plugins[resource]?.(object, store) ?? object
  const webhooks = answering('mutating', admission(kind, completed), store)
  if (resource !== 'pods') return completed
  const injected = injectSidecar(completed, webhooks, store)
  // What a webhook brings is filled in as what a client brings.
  return injected === completed ? injected : setDefaults(kind, injected)
}

/** Adds what the server itself adds to this kind. @throws StatusError when it refuses, or a webhook does */
export function complete(kind: Kind, object: KubeObject, store: Store, old?: KubeObject): KubeObject {
  if (old) answering('mutating', admission(kind, object, old), store)
  const step = (old ? onUpdate : onCreate)[resourceName(kind)]
  const completed = step ? step(object, store, old) : object
  return old ? completed : withStatus(kind, completed)
}

/** Nothing is known yet of a new object, and Go writes that with zeros. */
function withStatus(kind: Kind, object: KubeObject): KubeObject {
  if (kind.custom || object.status !== undefined || !kind.subresources.includes('status')) return object
  const [, version] = groupVersion(object.apiVersion)
  const { status } = zeroObject(kind, version)
  return status === undefined ? object : { ...object, status }
}

/**
 * Asks those who validate: the server's plugins, and istiod where it is installed. Returns their warnings, and those of
 * the sandbox itself about what it only stores.
 * @throws StatusError when they refuse, or cannot be asked
 */
export function check(kind: Kind, object: KubeObject, store: Store, old?: KubeObject): string[] {
  if (!old) checkLimits(resourceName(kind), object, store)
  const webhooks = answering('validating', admission(kind, object, old), store)
  const isChecked = webhooks.some(({ clientConfig }) => clientConfig.service?.path === '/validate')
  const warnings = [
    ...objectWarnings(kind, object, old),
    ...podSecurity(kind, object, store, old),
    ...(isChecked ? validateIstio(object).warnings : []),
    ...unsupportedWarnings(kind, object, old),
    ...unreachableWarnings(object, old),
    ...unplayedWarnings(kind, object, old),
    ...configurationWarnings(object, old),
  ]
  checkQuotas(kind, object, store, old)
  return warnings
}

/** Asks those who have a say in whether an object may go. @throws StatusError when one of them cannot be asked */
export function checkDeletion({ group, plural }: Kind, object: KubeObject, store: Store): void {
  for (const type of ['mutating', 'validating'] as const)
    answering(type, { operation: 'DELETE', group, plural, object }, store)
}

function admission({ group, plural }: Kind, object: KubeObject, old?: KubeObject): Admission {
  return { operation: old ? 'UPDATE' : 'CREATE', group, plural, object, old }
}

/** The annotation that counts how often a DaemonSet's template has changed. */
function countTemplates(set: KubeObject, _store: Store, old?: KubeObject): KubeObject {
  const before = Number(old?.metadata.annotations?.[templateGeneration] ?? 1)
  const isSame = isDeepStrictEqual(set.spec.template, old?.spec.template)
  const annotations = { ...set.metadata.annotations, [templateGeneration]: String(isSame ? before : before + 1) }
  return { ...set, metadata: { ...set.metadata, annotations } }
}

/** Before its controller has looked at it. */
function unestablished(definition: KubeObject): KubeObject {
  const status = { conditions: null, acceptedNames: { plural: '', kind: '' }, storedVersions: [] }
  return withStoredVersion({ ...definition, status })
}

/** From now on there may be objects in the version in which they are to be stored. */
function withStoredVersion(definition: KubeObject): KubeObject {
  const { spec, status } = definition
  const version = spec?.versions?.find(({ storage }: { storage?: boolean }) => storage)
  const before: string[] = status?.storedVersions ?? []
  if (!version || before.includes(version.name)) return definition
  return { ...definition, status: { ...status, storedVersions: [...before, version.name] } }
}

/** Every namespace can be selected by its name, and waits for its controller before it goes. */
function named(namespace: KubeObject, _store?: Store, old?: KubeObject): KubeObject {
  const { metadata } = namespace
  const labels = { ...metadata.labels, 'kubernetes.io/metadata.name': metadata.name }
  return {
    ...namespace,
    metadata: { ...metadata, labels },
    spec: { ...namespace.spec, finalizers: old?.spec?.finalizers ?? ['kubernetes'] },
  }
}
