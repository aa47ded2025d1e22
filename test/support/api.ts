/**
 * A Kubernetes API over HTTP, as far as lib reads one: discovery, version, list and watch. A test changes its objects,
 * and breaks it as servers and networks break.
 */
import { writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { type Item, type Resource, resources } from '../../lib/kube.ts'
import { temporaryFolder } from './folder.ts'
import { listen } from './listen.ts'

/** How a request goes wrong: an HTTP status, a connection that is cut, or one that never says anything. */
type Fault = number | 'cut' | 'silence'

interface Event {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK'
  object: Item
}

interface Call {
  verb: 'list' | 'watch' | 'discover' | 'version'
  path: string
  resourceVersion: number
}

export interface Api {
  port: number
  /** A kubeconfig that leads here. */
  kubeconfig: string
  calls: Call[]
  count: (verb: Call['verb']) => number
  /** Adds or changes an object; watches hear of it. */
  put: (...items: Item[]) => void
  /** Changes an object without a word to the watches, as when their connection is dead. */
  putUnheard: (item: Item) => void
  remove: (item: Item) => void
  bookmark: (resource: Resource) => void
  /** Ends all watches as a server does that has had enough of them. */
  endWatches: () => void
  /** Cuts the connections of all watches. */
  cutWatches: () => void
  /** From now on, versions up to the current one are too old to watch from. */
  compact: () => void
  /** Asked about each request; undefined lets it pass. */
  fault: (call: Call) => Fault | undefined
  /** Resolves at the next watch, when it has been answered. */
  nextWatch: () => Promise<void>
  close: () => Promise<void>
}

const known: readonly Resource[] = Object.values(resources)

export async function startApi(...objects: Item[]): Promise<Api> {
  const items = new Map<string, Item>()
  const history: (Event & { version: number })[] = []
  const watches = new Map<ServerResponse, Resource & { namespace: string | undefined }>()
  let version = 100
  let oldest = 0
  let watching: (() => void)[] = []

  const keyOf = ({ kind, metadata }: Item) => `${kind}/${metadata?.namespace ?? ''}/${metadata?.name}`
  const stamped = (item: Item): Item => ({
    ...item,
    metadata: { ...item.metadata, resourceVersion: String(++version) },
  })
  const send = (response: ServerResponse, event: unknown) => response.write(`${JSON.stringify(event)}\n`)
  const tell = (event: Event) => {
    history.push({ ...event, version })
    for (const [response, watched] of watches) if (concerns(event.object, watched)) send(response, event)
  }

  const stopWatches = (stop: (response: ServerResponse) => void) => {
    for (const response of watches.keys()) stop(response)
    watches.clear()
  }

  const api: Api = {
    port: 0,
    kubeconfig: '',
    calls: [],
    count: (verb) => api.calls.filter((call) => call.verb === verb).length,
    put(...changed) {
      for (const item of changed) {
        const type = items.has(keyOf(item)) ? 'MODIFIED' : 'ADDED'
        const object = stamped(item)
        items.set(keyOf(item), object)
        tell({ type, object })
      }
    },
    putUnheard: (item) => void items.set(keyOf(item), stamped(item)),
    remove(item) {
      items.delete(keyOf(item))
      tell({ type: 'DELETED', object: stamped(item) })
    },
    bookmark({ apiVersion, kind }) {
      for (const [response, watched] of watches)
        if (watched.kind === kind) send(response, { type: 'BOOKMARK', object: stamped({ apiVersion, kind }) })
    },
    endWatches: () => stopWatches((response) => response.end()),
    cutWatches: () => stopWatches((response) => response.destroy()),
    compact: () => {
      oldest = ++version
    },
    fault: () => undefined,
    nextWatch: () => new Promise((resolve) => watching.push(resolve)),
    close: async () => undefined,
  }

  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
    const call: Call = {
      verb: verbOf(pathname, searchParams),
      path: pathname,
      resourceVersion: Number(searchParams.get('resourceVersion') ?? 0),
    }
    api.calls.push(call)
    const fault = api.fault(call)
    if (fault !== undefined) return broken(fault, request, response)
    answer[call.verb](call, response)
  })

  const answer: Record<Call['verb'], (call: Call, response: ServerResponse) => void> = {
    version: (_call, response) => json(response, 200, { major: '1', minor: '29', gitVersion: 'v1.29.2' }),
    discover({ path }, response) {
      const groupVersion = path.replace(/^\/apis?\//, '')
      const found = known.filter(({ apiVersion }) => apiVersion === groupVersion)
      json(response, found.length > 0 ? 200 : 404, {
        kind: 'APIResourceList',
        apiVersion: 'v1',
        groupVersion,
        resources: found.map(({ kind, plural, namespaced }) => ({
          name: plural,
          kind,
          namespaced,
          verbs: ['list', 'watch'],
        })),
      })
    },
    list({ path }, response) {
      const wanted = targetOf(path)
      if (!wanted) return json(response, 404, status(404))
      json(response, 200, {
        kind: `${wanted.kind}List`,
        apiVersion: wanted.apiVersion,
        metadata: { resourceVersion: String(version) },
        items: [...items.values()].filter((item) => concerns(item, wanted)),
      })
    },
    watch({ path, resourceVersion }, response) {
      const wanted = targetOf(path)
      if (!wanted) return json(response, 404, status(404))
      response.writeHead(200, { 'Content-Type': 'application/json' })
      response.flushHeaders()
      if (resourceVersion < oldest) {
        send(response, { type: 'ERROR', object: status(410) })
        response.end()
      } else {
        for (const event of history)
          if (event.version > resourceVersion && concerns(event.object, wanted))
            send(response, { type: event.type, object: event.object })
        watches.set(response, wanted)
        response.on('close', () => watches.delete(response))
      }
      const waiting = watching
      watching = []
      for (const resolve of waiting) resolve()
    },
  }

  api.put(...objects)
  const { port, close } = await listen(server)
  return Object.assign(api, { port, close, kubeconfig: kubeconfigFor(`http://127.0.0.1:${port}`) })
}

/** A kubeconfig with one context, named like its cluster. */
function kubeconfigFor(server: string, context = 'kind-kind'): string {
  const file = join(temporaryFolder(), 'kubeconfig')
  writeFileSync(file, kubeconfigText(server, context), { mode: 0o600 })
  return file
}

export function kubeconfigText(server: string, context = 'kind-kind'): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': context,
    clusters: [{ name: context, cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: context, user: {} }],
    contexts: [{ name: context, context: { cluster: context, user: context } }],
  })
}

function verbOf(path: string, query: URLSearchParams): Call['verb'] {
  if (path === '/version' || path === '/version/') return 'version'
  if (/^\/(api\/v1|apis\/[^/]+\/[^/]+)\/?$/.test(path)) return 'discover'
  return query.get('watch') === 'true' ? 'watch' : 'list'
}

function targetOf(path: string): (Resource & { namespace: string | undefined }) | undefined {
  const [, core, group, namespace, plural] =
    /^\/(?:api\/(v1)|apis\/([^/]+\/[^/]+))\/(?:namespaces\/([^/]+)\/)?([^/]+)$/.exec(path) ?? []
  const resource = known.find((each) => each.apiVersion === (core ?? group) && each.plural === plural)
  return resource && { ...resource, namespace }
}

function concerns(item: Item, { kind, namespace }: { kind: string; namespace: string | undefined }): boolean {
  return item.kind === kind && (!namespace || item.metadata?.namespace === namespace)
}

function broken(fault: Fault, request: IncomingMessage, response: ServerResponse): void {
  if (fault === 'cut') request.socket.destroy()
  else if (fault !== 'silence') json(response, fault, status(fault))
}

function status(code: number): object {
  return { kind: 'Status', apiVersion: 'v1', status: 'Failure', message: `status ${code}`, code }
}

function json(response: ServerResponse, code: number, body: unknown): void {
  response.writeHead(code, { 'Content-Type': 'application/json' })
  response.end(JSON.stringify(body))
}
