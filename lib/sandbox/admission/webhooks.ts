/** Which webhooks an object meets, and whether the one who answers them is there. */
import { type LabelSelector, selects } from '../controllers/selectors.ts'
import type { KubeObject, Labels } from '../objects.ts'
import { StatusError } from '../status.ts'
import type { Store } from '../store/store.ts'

interface Webhook {
  name: string
  clientConfig: { service?: { name: string; namespace: string; path?: string; port?: number } }
  failurePolicy?: 'Fail' | 'Ignore'
  namespaceSelector?: LabelSelector
  objectSelector?: LabelSelector
  rules?: { apiGroups: string[]; resources: string[]; operations: string[] }[]
  timeoutSeconds?: number
}

export interface Admission {
  operation: 'CREATE' | 'UPDATE' | 'DELETE'
  group: string
  /** The plural: `pods`. */
  plural: string
  object: KubeObject
}

/** The first webhook of this kind that selects the object. */
export function webhookFor(
  kind: 'mutating' | 'validating',
  { operation, group, plural, object }: Admission,
  store: Store,
): Webhook | undefined {
  const configurations = store.list(`${kind}webhookconfigurations.admissionregistration.k8s.io`)
  const namespace = store.get('namespaces', object.metadata.namespace ?? '')?.metadata.labels
  return configurations
    .flatMap(({ webhooks }) => (webhooks ?? []) as Webhook[])
    .find(
      (webhook) =>
        (webhook.rules ?? []).some(
          (rule) => holds(rule.operations, operation) && holds(rule.apiGroups, group) && holds(rule.resources, plural),
        ) &&
        selectsAll(webhook.namespaceSelector, namespace) &&
        selectsAll(webhook.objectSelector, object.metadata.labels),
    )
}

/**
 * Whether a webhook's service has an endpoint to answer.
 * @throws InternalError where it has none and the webhook says that this must fail
 */
export function isAnswered({ name, clientConfig, failurePolicy, timeoutSeconds = 10 }: Webhook, store: Store): boolean {
  const { service } = clientConfig
  if (!service) return false
  const endpoints = store.get('endpoints', service.name, service.namespace)
  const isUp = (endpoints?.subsets ?? []).some(({ addresses = [] }: { addresses?: unknown[] }) => addresses.length > 0)
  if (isUp) return true
  if (failurePolicy === 'Ignore') return false
  const url = `https://${service.name}.${service.namespace}.svc:${service.port ?? 443}${service.path ?? ''}?timeout=${timeoutSeconds}s`
  const cause = store.get('services', service.name, service.namespace)
    ? `no endpoints available for service "${service.name}"`
    : `service "${service.name}" not found`
  throw new StatusError(
    500,
    'InternalError',
    `Internal error occurred: failed calling webhook "${name}": failed to call webhook: Post "${url}": ${cause}`,
    { causes: [{ message: `failed calling webhook "${name}": failed to call webhook: Post "${url}": ${cause}` }] },
  )
}

function holds(values: readonly string[], value: string): boolean {
  return values.includes('*') || values.includes(value)
}

/** Unlike in a Service, an absent selector selects everything. */
function selectsAll(selector: LabelSelector | undefined, labels: Labels | undefined): boolean {
  return selector === undefined || selects(selector, labels)
}
