/** The proxies of the mesh: what `istioctl version` counts and `istioctl proxy-status` lists. */
import type { Client } from '../cli/client.ts'
import type { KubeObject } from '../objects.ts'
import { ISTIO_VERSION, SYSTEM_NAMESPACE } from './istio.ts'

interface Container {
  name: string
  image: string
}

interface Mesh {
  istiod: KubeObject[]
  /** The pods with a proxy that runs. */
  proxies: KubeObject[]
}

export async function meshOf(client: Client): Promise<Mesh> {
  const { items } = (await client.send({ path: '/api/v1/pods' })) as { items: KubeObject[] }
  const running = items.filter(({ status }) => status?.phase === 'Running')
  return {
    istiod: running.filter(
      ({ metadata }) => metadata.namespace === SYSTEM_NAMESPACE && metadata.labels?.istio === 'pilot',
    ),
    proxies: running.filter(({ spec }) => (spec.containers as Container[]).some(isProxy)),
  }
}

function isProxy({ name }: Container): boolean {
  return name === 'istio-proxy'
}

function versionOf({ spec }: KubeObject): string {
  return (spec.containers as Container[]).find(isProxy)?.image.split(':').at(-1) ?? ISTIO_VERSION
}

/** `control plane version: 1.21.2` and `data plane version: 1.21.2 (8 proxies)` */
export function versionLines({ istiod, proxies }: Mesh): string[] {
  const control = istiod.length > 0 ? [`control plane version: ${ISTIO_VERSION}`] : []
  const counts = new Map<string, number>()
  for (const pod of proxies) counts.set(versionOf(pod), (counts.get(versionOf(pod)) ?? 0) + 1)
  const data = [...counts].map(([version, count]) => `${version} (${count} ${count === 1 ? 'proxy' : 'proxies'})`)
  return [...control, `data plane version: ${data.join(', ') || 'none'}`]
}

/** All proxies of the sandbox have the newest rules at all times: there is nothing to send. */
export function proxyStatus({ istiod, proxies }: Mesh): string[] {
  const controller = istiod[0]?.metadata.name ?? ''
  const rows = proxies.map((pod) => {
    const isEgress = pod.metadata.labels?.istio === 'egressgateway'
    const routes = isEgress ? 'NOT SENT' : 'SYNCED'
    const { name, namespace } = pod.metadata
    return [
      `${name}.${namespace}`,
      'Kubernetes',
      'SYNCED',
      'SYNCED',
      'SYNCED',
      routes,
      'NOT SENT',
      controller,
      versionOf(pod),
    ]
  })
  return columns([['NAME', 'CLUSTER', 'CDS', 'LDS', 'EDS', 'RDS', 'ECDS', 'ISTIOD', 'VERSION'], ...rows.sort()])
}

/** Text in columns, five blanks apart, as istioctl prints it. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length))) ?? []
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd((widths[column] ?? 0) + 5))
      .join('')
      .trimEnd(),
  )
}
