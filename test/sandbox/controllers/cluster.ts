/** A cluster's store with its controllers running, for tests: no process, no API, and nothing takes time. */
import { createRegistry, type Registry } from '../../../lib/sandbox/api/registry.ts'
import { clusterControllers } from '../../../lib/sandbox/controllers/all.ts'
import { contexts } from '../../../lib/sandbox/controllers/context.ts'
import { immediate } from '../../../lib/sandbox/controllers/pace.ts'
import { podAddresses } from '../../../lib/sandbox/controllers/pods/node.ts'
import { runControllers } from '../../../lib/sandbox/controllers/run.ts'
import type { KubeObject } from '../../../lib/sandbox/objects.ts'
import { Store } from '../../../lib/sandbox/store/store.ts'

/** A state that does not come fails the test, and says so before the test's own limit. */
const LIMIT_MS = 10_000

export interface TestCluster {
  store: Store
  registry: Registry
  /** What controllers threw. */
  errors: unknown[]
  /** Waits for a state of the store; looks at once and after each change. */
  until: <Value>(what: string, look: () => Value | undefined | false) => Promise<Value>
  /** Nothing is left to do: several turns without a change. */
  settled: () => Promise<void>
  namespace: (name: string, labels?: Record<string, string>) => Promise<void>
  events: (name: string) => string[]
  stop: () => void
}

const open = new Set<() => void>()

/** Stops the clusters of a test; for `after.each`. */
export function stopClusters(): void {
  for (const stop of open) stop()
  open.clear()
}

export async function startCluster({
  store = new Store(),
  nodeName = 'node',
  pace = immediate,
  manifests = [] as KubeObject[],
} = {}): Promise<TestCluster> {
  const registry = createRegistry({ store })
  if (!store.get('nodes', nodeName)) store.create('nodes', node(nodeName))
  const errors: unknown[] = []
  const running = runControllers(
    store,
    clusterControllers({
      node: { name: nodeName, ip: '172.18.0.2', nextPodIP: podAddresses() },
      manifests,
      issueToken: ({ metadata }, secret) => `${metadata.name} ${secret}`,
      clusterAuthority: 'cluster authority',
      meshAuthority: 'mesh authority',
    }),
    contexts(registry, pace),
    (error) => errors.push(error),
  )
  open.add(running.stop)

  const until: TestCluster['until'] = (what, look) =>
    new Promise((resolve, reject) => {
      const enough = () => {
        const value = look()
        if (value === undefined || value === false) return false
        clearTimeout(limit)
        unwatch()
        resolve(value)
        return true
      }
      const limit = setTimeout(() => {
        unwatch()
        reject(new Error(`never seen: ${what}`))
      }, LIMIT_MS)
      const unwatch = store.watch(() => void enough())
      enough()
    })

  const settled = async () => {
    for (let revision = -1, quiet = 0; quiet < 10; quiet = revision === store.revision ? quiet + 1 : 0) {
      revision = store.revision
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
  }

  const namespace = async (name: string, labels: Record<string, string> = {}) => {
    registry.create('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } })
    await until(`service account of ${name}`, () => store.get('serviceaccounts', 'default', name))
  }

  if (!store.get('namespaces', 'default')) await namespace('default')
  const events = (name: string) =>
    store
      .list('events')
      .filter(({ involvedObject }) => involvedObject.name === name)
      .sort((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion))
      .map(({ type, reason, message }) => `${type} ${reason}: ${message}`)
  return { store, registry, errors, until, settled, namespace, events, stop: running.stop }
}

export function node(name: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name } },
    spec: {},
    status: { conditions: [{ type: 'Ready', status: 'True' }] },
  }
}

// biome-ignore lint/suspicious/noExplicitAny: parts of objects are known by their schema
type Part = any

export function pod(name: string, spec: Part = {}, metadata: Part = {}): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', ...metadata },
    spec: { containers: [{ name: 'web', image: 'nginx:1.25' }], ...spec },
  }
}

export function deployment(name: string, spec: Part = {}, template: Part = {}): KubeObject {
  const labels = { app: name }
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'default', labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: 'web', image: 'nginx:1.25' }], ...template },
      },
      ...spec,
    },
  }
}

export function service(name: string, selector: Record<string, string>, spec: Part = {}): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'default' },
    spec: { selector, ports: [{ port: 80 }], ...spec },
  }
}
