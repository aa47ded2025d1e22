/** Which webhooks an object meets, and whether the one who answers them is there: istiod alone can be. */
import { isDeepStrictEqual } from 'node:util'
import type { KubeObject, Labels } from '../objects.ts'
import { type LabelSelector, selects } from '../selectors.ts'
import { StatusError } from '../status.ts'
import type { Store } from '../store/store.ts'

export interface Webhook {
  name: string
  clientConfig: { url?: string; service?: WebhookService }
  failurePolicy?: 'Fail' | 'Ignore'
  namespaceSelector?: LabelSelector
  objectSelector?: LabelSelector
  rules?: Rule[]
  timeoutSeconds?: number
}

interface WebhookService {
  name: string
  namespace: string
  path?: string
  port?: number
}

interface Rule {
  apiGroups: string[]
  resources: string[]
  operations: string[]
  scope?: 'Cluster' | 'Namespaced' | '*'
}

export interface Admission {
  operation: 'CREATE' | 'UPDATE' | 'DELETE'
  group: string
  /** The plural: `pods`. */
  plural: string
  object: KubeObject
  /** As it was before an update. */
  old?: KubeObject | undefined
}

type Type = 'mutating' | 'validating'

/** Nobody is asked about these: a webhook that fails could not be taken away. */
const exemptGroup = 'admissionregistration.k8s.io'

/**
 * The webhooks that select the object and answer, in the order in which they are called.
 * @throws InternalError where one of them cannot be reached and says that this must fail
 */
export function answering(type: Type, admission: Admission, store: Store): Webhook[] {
  if (admission.group === exemptGroup) return []
  return store
    .list(`${type}webhookconfigurations.${exemptGroup}`)
    .flatMap(({ webhooks }) => (webhooks ?? []) as Webhook[])
    .filter((webhook) => isMeant(webhook, admission, store) && isAnswered(webhook, store))
}

/** Warnings of the sandbox's own: which webhooks of a configuration are never reached, and what comes of it. */
export function unreachableWarnings({ kind, webhooks }: KubeObject, old?: KubeObject): string[] {
  if (!/^(Mutating|Validating)WebhookConfiguration$/.test(kind) || isDeepStrictEqual(webhooks, old?.webhooks)) return []
  return ((webhooks ?? []) as Webhook[])
    .filter(({ clientConfig }) => !isIstiod(clientConfig.service))
    .map(({ name, failurePolicy }) => {
      const outcome = failurePolicy === 'Ignore' ? 'what it selects passes without it' : 'what it selects is refused'
      return `sandbox: the webhook "${name}" cannot be reached here, ${outcome} (failurePolicy ${failurePolicy})`
    })
}

function isMeant({ rules = [], namespaceSelector, objectSelector }: Webhook, admission: Admission, store: Store) {
  const { object, old } = admission
  return (
    rules.some((rule) => covers(rule, admission)) &&
    selectsNamespace(namespaceSelector, admission, store) &&
    [object, old].some((version) => version && selectsAll(objectSelector, version.metadata.labels))
  )
}

function covers({ operations, apiGroups, resources, scope = '*' }: Rule, admission: Admission): boolean {
  const { operation, group, plural, object } = admission
  return (
    holds(operations, operation) &&
    holds(apiGroups, group) &&
    resources.some((resource) => isResource(resource, plural)) &&
    ['*', object.metadata.namespace ? 'Namespaced' : 'Cluster'].includes(scope)
  )
}

/** `pods`, `pods/*` and `*` name pods themselves, `pods/log` does not. */
function isResource(named: string, plural: string): boolean {
  const [name = '', subresource = '*'] = named.split('/')
  return holds([name], plural) && subresource === '*'
}

/** A namespace is selected by its own labels; all else that is in none, always. */
function selectsNamespace(
  selector: LabelSelector | undefined,
  { group, plural, object }: Admission,
  store: Store,
): boolean {
  const { namespace, labels } = object.metadata
  if (namespace) return selectsAll(selector, store.get('namespaces', namespace)?.metadata.labels)
  return group === '' && plural === 'namespaces' ? selectsAll(selector, labels) : true
}

function isAnswered({ name, clientConfig, failurePolicy, timeoutSeconds = 10 }: Webhook, store: Store): boolean {
  const cause = obstacle(clientConfig, store)
  if (cause === undefined) return true
  if (failurePolicy === 'Ignore') return false
  const why = `failed calling webhook "${name}": failed to call webhook: Post "${urlOf(clientConfig)}?timeout=${timeoutSeconds}s": ${cause}`
  throw new StatusError(500, 'InternalError', `Internal error occurred: ${why}`, { causes: [{ message: why }] })
}

/** Why a webhook cannot be called; undefined where istiod answers it. */
function obstacle({ service }: Webhook['clientConfig'], store: Store): string | undefined {
  if (!service) return 'this is a sandbox: it calls nobody outside of it'
  const { name, namespace, port = 443 } = service
  const endpoints = store.get('endpoints', name, namespace)
  const isUp = (endpoints?.subsets ?? []).some(({ addresses = [] }: { addresses?: unknown[] }) => addresses.length > 0)
  if (isUp && isIstiod(service)) return undefined
  const found = store.get('services', name, namespace)
  if (!found) return `service "${name}" not found`
  // Images have no behaviour here: nothing listens in them.
  return isUp
    ? `dial tcp ${found.spec.clusterIP}:${port}: connect: connection refused`
    : `no endpoints available for service "${name}"`
}

/** Of any revision. */
function isIstiod(service: WebhookService | undefined): boolean {
  return service !== undefined && /^istiod(-|$)/.test(service.name)
}

function urlOf({ url, service }: Webhook['clientConfig']): string {
  if (!service) return new URL(url ?? '').href
  return `https://${service.name}.${service.namespace}.svc:${service.port ?? 443}${service.path ?? '/'}`
}

function holds(values: readonly string[], value: string): boolean {
  return values.includes('*') || values.includes(value)
}

/** Unlike in a Service, an absent selector selects everything. */
function selectsAll(selector: LabelSelector | undefined, labels: Labels | undefined): boolean {
  return selector === undefined || selects(selector, labels)
}
