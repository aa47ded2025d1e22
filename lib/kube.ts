/**
 * Reading a cluster: list and watch, through @kubernetes/client-node. The client is loaded when the first cluster is
 * read, so that `--help` does not wait for it.
 */
import { existsSync } from 'node:fs'
import type { KubernetesListObject, KubernetesObject, Watch } from '@kubernetes/client-node'
import { Failure } from './failure.ts'

export interface Resource {
  apiVersion: string
  kind: string
  plural: string
  namespaced: boolean
}

const core = { apiVersion: 'v1' }
const istio = { apiVersion: 'networking.istio.io/v1beta1', namespaced: true }

export const resources = {
  nodes: { ...core, kind: 'Node', plural: 'nodes', namespaced: false },
  namespaces: { ...core, kind: 'Namespace', plural: 'namespaces', namespaced: false },
  pods: { ...core, kind: 'Pod', plural: 'pods', namespaced: true },
  events: { ...core, kind: 'Event', plural: 'events', namespaced: true },
  services: { ...core, kind: 'Service', plural: 'services', namespaced: true },
  deployments: { apiVersion: 'apps/v1', kind: 'Deployment', plural: 'deployments', namespaced: true },
  virtualServices: { ...istio, kind: 'VirtualService', plural: 'virtualservices' },
  destinationRules: { ...istio, kind: 'DestinationRule', plural: 'destinationrules' },
  gateways: { ...istio, kind: 'Gateway', plural: 'gateways' },
} satisfies Record<string, Resource>

/** An object as the API gave it. */
export interface Item extends KubernetesObject {
  // biome-ignore lint/suspicious/noExplicitAny: each kind has fields of its own
  [field: string]: any
}

export function nameOf(item: Item): string {
  return item.metadata?.name ?? ''
}

/** Whether an object's condition of this type holds. */
export function isTrue({ status }: Item, type: string): boolean {
  const conditions: { type: string; status: string }[] = status?.conditions ?? []
  return conditions.some((condition) => condition.type === type && condition.status === 'True')
}

interface List {
  items: Item[]
  resourceVersion: string
}

export interface WatchEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK'
  object: Item
}

/** The API does not answer now, which may get better: a restart, a slow start, a line that was cut. */
export class ApiAway extends Error {
  constructor(cause: unknown) {
    super(messageOf(cause), { cause })
    this.name = 'ApiAway'
  }
}

/** The cluster does not let this user read what the lesson looks at. */
export class Refused extends Failure {
  constructor(cause: unknown) {
    super((words) => words.refused, {
      seen: messageOf(cause),
      mend: 'kubectl auth can-i --list',
      cause,
    })
    this.name = 'Refused'
  }
}

/** All methods throw ApiAway for what may get better by itself, and Refused for what this user may not read. */
export interface Kube {
  /** All objects of a resource; none where the cluster does not know the resource (Istio is not installed yet). */
  list(resource: Resource, namespace?: string): Promise<List>
  /**
   * Calls back with each change after `resourceVersion`. Ends when the server ends it, when `signal` is aborted, or
   * when nothing came for so long that the connection must be dead; `expired` when one must list anew.
   */
  watch(
    resource: Resource,
    namespace: string | undefined,
    resourceVersion: string,
    onEvent: (event: WatchEvent) => void,
    signal: AbortSignal,
  ): Promise<'ended' | 'expired'>
  /** The server's version, as `v1.29.2`. */
  version(): Promise<string>
}

/** The server ends a watch after this many seconds, so that a dead connection is told from a quiet one. */
const WATCH_SECONDS = 30

/** Loads the client: half a second that need not be waited for where something else is. */
export const loadClient = () => import('#kubernetes')

/** Milliseconds for one list: an engine or a node that is paused takes connections, and never answers. */
const ANSWER_LIMIT_MS = 15_000

interface Connection {
  /** Another context of the kubeconfig than its current one. */
  context?: string
  /** Ends what is being asked. */
  signal?: AbortSignal
}

/** Reads the cluster of a kubeconfig's current context, or of the context named. */
export async function connect(kubeconfig: string, { context, signal }: Connection = {}): Promise<Kube> {
  if (!existsSync(kubeconfig)) throw new Failure((words) => words.unreadableKubeconfig(kubeconfig), { seen: 'ENOENT' })
  const { ApiException, KubeConfig, KubernetesObjectApi, VersionApi, Watch } = await loadClient()
  const config = new KubeConfig()
  try {
    config.loadFromFile(kubeconfig)
  } catch (cause) {
    throw new Failure((words) => words.unreadableKubeconfig(kubeconfig), { seen: String(cause), cause })
  }
  if (context) config.setCurrentContext(context)
  const fault = faults()
  // The client has no time limit; this is where each of its requests comes by.
  const authenticate = config.applySecurityAuthentication.bind(config)
  config.applySecurityAuthentication = async (request) => {
    await authenticate(request)
    const limit = AbortSignal.timeout(ANSWER_LIMIT_MS)
    request.setSignal(signal ? AbortSignal.any([signal, limit]) : limit)
  }
  const objects = KubernetesObjectApi.makeApiClient(config)

  return {
    async list({ apiVersion, kind }, namespace) {
      try {
        const list = (await objects.list(apiVersion, kind, namespace)) as KubernetesListObject<Item>
        return { items: list.items, resourceVersion: list.metadata?.resourceVersion ?? '0' }
      } catch (error) {
        const unknownResource =
          (error instanceof ApiException && error.code === 404) ||
          /Unrecognized API version and kind/.test(String(error))
        if (unknownResource) return { items: [], resourceVersion: '0' }
        throw fault(error)
      }
    },
    watch: (resource, namespace, resourceVersion, onEvent, signal) =>
      watchOnce(new Watch(config), pathOf(resource, namespace), resourceVersion, onEvent, signal).catch((error) => {
        throw fault(error)
      }),
    async version() {
      try {
        return (await config.makeApiClient(VersionApi).getCode()).gitVersion
      } catch (error) {
        throw fault(error)
      }
    },
  }
}

function pathOf({ apiVersion, plural, namespaced }: Resource, namespace?: string): string {
  const group = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`
  return namespaced && namespace ? `${group}/namespaces/${namespace}/${plural}` : `${group}/${plural}`
}

async function watchOnce(
  watch: Watch,
  path: string,
  resourceVersion: string,
  onEvent: (event: WatchEvent) => void,
  signal: AbortSignal,
): Promise<'ended' | 'expired'> {
  if (signal.aborted) return 'ended'
  return new Promise((resolve, reject) => {
    let request: AbortController | undefined
    let expired = false
    const end = (error?: unknown) => {
      clearTimeout(dead)
      signal.removeEventListener('abort', stop)
      expired ||= LIST_ANEW.has(statusOf(error))
      if (expired || signal.aborted || !error || isCut(error)) resolve(expired ? 'expired' : 'ended')
      else reject(error)
    }
    const stop = () => {
      request?.abort()
      end()
    }
    // The client has no time limit of its own: a connection that died without a word would hang for ever.
    const dead = setTimeout(stop, (WATCH_SECONDS + 5) * 1000)
    signal.addEventListener('abort', stop, { once: true })
    const onLine = (type: string, object: Item) => {
      // The one error that comes as an event: the version is too old to go on from.
      if (type === 'ERROR') expired = true
      else onEvent({ type: type as WatchEvent['type'], object })
    }
    watch
      .watch(path, { resourceVersion, allowWatchBookmarks: true, timeoutSeconds: WATCH_SECONDS }, onLine, end)
      .then((controller) => {
        request = controller
        if (signal.aborted) stop()
      }, end)
  })
}

/** Gone: the version is too old to go on from. Not found: the resource is not known yet, as before Istio's are. */
const LIST_ANEW: ReadonlySet<number | undefined> = new Set([410, 404])

/** How a running watch ends that nobody refused: by the server, or by the network. */
function isCut(error: unknown): boolean {
  const { name, code } = error as { name?: string; code?: unknown }
  return name === 'AbortError' || code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE'
}

/** The HTTP status of an error of the client: an ApiException has a code, a refused watch a statusCode. */
function statusOf(error: unknown): number | undefined {
  const { code, statusCode } = (error ?? {}) as { code?: unknown; statusCode?: unknown }
  return [code, statusCode].find((status) => typeof status === 'number')
}

/** Milliseconds in which an API server that has just started knows nobody's rights; some three were seen. */
const REFUSALS_MEND_MS = 10_000

/** What to throw for an error of the client: for the network's, for a server that says to come again, for a refusal. */
function faults(): (error: unknown) => unknown {
  // A refusal long after the one before is the first of another start.
  let [first, last] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]
  return (error) => {
    const status = statusOf(error)
    if (status === 401 || status === 403) {
      const now = performance.now()
      if (now - last > REFUSALS_MEND_MS) first = now
      last = now
      return now - first < REFUSALS_MEND_MS ? new ApiAway(error) : new Refused(error)
    }
    const { code, name } = error as { code?: unknown; name?: string }
    const network = typeof code === 'string' || name === 'FetchError' || name === 'AbortError'
    return network || status === 429 || (status !== undefined && status >= 500) ? new ApiAway(error) : error
  }
}

/** What the API server says in its Status; else the error's own words, which of the client hold every header. */
function messageOf(error: unknown): string {
  const { body, message } = error as { body?: unknown; message?: unknown }
  try {
    const status = (typeof body === 'string' ? JSON.parse(body) : body) as { message?: unknown } | undefined
    if (typeof status?.message === 'string') return status.message
  } catch {
    // Not from an API server: a proxy's page.
  }
  return typeof message === 'string' ? message : String(error)
}
