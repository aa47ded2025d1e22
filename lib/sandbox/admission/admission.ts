/** What happens to an object between its decoding and its storing, kind by kind. */
import { type Kind, resourceName } from '../kinds/kind.ts'
import type { KubeObject } from '../objects.ts'
import { objectWarnings } from '../schema/warnings.ts'
import type { Store } from '../store/store.ts'
import { validateIstio } from './istio.ts'
import { selectOwnPods } from './jobs.ts'
import { completePod, initialStatus } from './pods.ts'
import { allocate } from './services.ts'
import { injectSidecar } from './sidecar.ts'
import { unplayedWarnings } from './unplayed.ts'
import { unsupportedWarnings } from './unsupported.ts'
import { completeClaim } from './volume-claims.ts'
import { isAnswered, webhookFor } from './webhooks.ts'

type Complete = (object: KubeObject, store: Store, old?: KubeObject) => KubeObject

/** What plugins and webhooks add to new objects. A pod without containers is refused right after. */
const admission: Readonly<Record<string, Complete>> = {
  pods: (pod, store) => (pod.spec.containers?.length ? injectSidecar(completePod(pod, store), store) : pod),
}

const onCreate: Readonly<Record<string, Complete>> = {
  pods: (pod) => (pod.spec.containers?.length ? initialStatus(pod) : pod),
  services: (service, store) => ({ ...allocate(service, store), status: { loadBalancer: {} } }),
  namespaces: (namespace) => ({ ...named(namespace), status: { phase: 'Active' } }),
  'deployments.apps': (deployment) => ({ ...deployment, status: {} }),
  'jobs.batch': selectOwnPods,
  persistentvolumeclaims: completeClaim,
}

const onUpdate: Readonly<Record<string, Complete>> = {
  services: allocate,
  namespaces: named,
}

/** A new object as admission lets it in, before its name is made up. @throws StatusError when it is refused */
export function admit(kind: Kind, object: KubeObject, store: Store): KubeObject {
  return admission[resourceName(kind)]?.(object, store) ?? object
}

/** Adds what the server itself adds to this kind. @throws StatusError when it refuses */
export function complete(kind: Kind, object: KubeObject, store: Store, old?: KubeObject): KubeObject {
  const step = (old ? onUpdate : onCreate)[resourceName(kind)]
  return step ? step(object, store, old) : object
}

/**
 * Asks those who validate: istiod, where it is installed. Returns their warnings, and those of the sandbox itself
 * about what it only stores.
 * @throws StatusError when they refuse, or cannot be asked
 */
export function check(kind: Kind, object: KubeObject, store: Store, old?: KubeObject): string[] {
  const admission = { operation: old ? 'UPDATE' : 'CREATE', group: kind.group, plural: kind.plural, object } as const
  const webhook = webhookFor('validating', admission, store)
  const isChecked = webhook?.clientConfig.service?.path === '/validate' && isAnswered(webhook, store)
  return [
    ...objectWarnings(kind, object, old),
    ...(isChecked ? validateIstio(object).warnings : []),
    ...unsupportedWarnings(kind, object, old),
    ...unplayedWarnings(kind, object, old),
  ]
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
