/** How the API server is: `/livez`, `/readyz`, `/healthz`, whole or check by check. All checks pass. */
import { type Answer, type Ask, text } from './exchange.ts'

const startHooks = [
  'start-kube-apiserver-admission-initializer',
  'generic-apiserver-start-informers',
  'priority-and-fairness-config-consumer',
  'priority-and-fairness-filter',
  'storage-object-count-tracker-hook',
  'start-apiextensions-informers',
  'start-apiextensions-controllers',
  'crd-informer-synced',
  'start-service-ip-repair-controllers',
  'rbac/bootstrap-roles',
  'scheduling/bootstrap-system-priority-classes',
  'priority-and-fairness-config-producer',
  'start-system-namespaces-controller',
  'bootstrap-controller',
  'start-cluster-authentication-info-controller',
  'start-kube-apiserver-identity-lease-controller',
  'start-kube-apiserver-identity-lease-garbage-collector',
  'start-legacy-token-tracking-controller',
  'aggregator-reload-proxy-client-cert',
  'start-kube-aggregator-informers',
  'apiservice-registration-controller',
  'apiservice-status-available-controller',
  'kube-apiserver-autoregistration',
].map((name) => `poststarthook/${name}`)

const lastHooks = ['openapi', 'openapiv3', 'discovery'].map((name) => `poststarthook/apiservice-${name}-controller`)

const afterEtcd = [...startHooks, 'autoregister-completion', ...lastHooks]

/** In the order in which the server of Kubernetes 1.29 names them. */
const checks: Readonly<Record<string, readonly string[]>> = {
  healthz: ['ping', 'log', 'etcd', ...afterEtcd],
  livez: ['ping', 'log', 'etcd', ...afterEtcd],
  readyz: ['ping', 'log', 'etcd', 'etcd-readiness', 'informer-sync', ...afterEtcd, 'shutdown'],
}

export const healthPaths: readonly string[] = Object.entries(checks).flatMap(([whole, parts]) => [
  `/${whole}`,
  ...parts.map((part) => `/${whole}/${part}`),
])

/** @returns undefined for any other path */
export function health({ path, query }: Ask): Answer | undefined {
  const [, whole = '', part] = /^\/([^/]+)(?:\/(.+))?$/.exec(path) ?? []
  const parts = Object.hasOwn(checks, whole) ? checks[whole] : undefined
  if (!parts || (part !== undefined && !parts.includes(part))) return undefined
  if (part !== undefined || !query.has('verbose')) return text('ok')
  const excluded = query.getAll('exclude')
  const lines = parts.map((name) => `[+]${name} ${excluded.includes(name) ? 'excluded: ok' : 'ok'}\n`)
  return text(`${lines.join('')}${whole} check passed\n`)
}
