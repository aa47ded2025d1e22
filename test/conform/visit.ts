/** Puts a case's rules into both clusters, asks both pages, and says where they differ. */
import { spawnSync } from 'node:child_process'
import { type Answer, ask as request } from '../../lib/http.ts'
import { type Ask, HOST, type TrafficCase } from './traffic.ts'

export interface Cluster {
  kubeconfig: string
  /** `http://localhost:8080` */
  page: string
}

/** A change has come to traffic after this; 0.16 s was measured, istiod may wait for ten. */
const ARRIVAL_MS = 1500
const REQUEST_LIMIT_MS = 20_000
/** Requests under way at once. */
const AT_ONCE = 4
/** Two shares of 300 differ by more than this once in a thousand comparisons. */
const MOST_DIFFERENCE = 0.14

function kubectl({ kubeconfig }: Cluster, args: readonly string[], input = ''): void {
  const { status, stderr } = spawnSync('kubectl', args, { input, env: { ...process.env, KUBECONFIG: kubeconfig } })
  if (status !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}`)
}

function rulesOf({ http, objects = [] }: TrafficCase): string {
  const own = {
    apiVersion: 'networking.istio.io/v1beta1',
    kind: 'VirtualService',
    metadata: { name: 'conform' },
    spec: { hosts: [HOST], gateways: ['bookinfo-gateway'], http },
  }
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [...(http ? [own] : []), ...objects] })
}

/** What the answers have in common with those of another cluster, and how often each came. */
async function answersOf(
  { page }: Cluster,
  { path = '/', method = 'GET', headers = {}, times = 1 }: Ask,
): Promise<Map<string, number>> {
  const found = new Map<string, number>()
  const queue = Array.from({ length: times }).values()
  const worker = async () => {
    for (const _ of queue) {
      const answer = await request(new URL(path, page), {
        method,
        headers: { host: HOST, ...headers },
        limitMs: REQUEST_LIMIT_MS,
      }).catch((error: NodeJS.ErrnoException) => error)
      const label = answer instanceof Error ? (answer.code ?? answer.message) : labelOf(answer)
      found.set(label, (found.get(label) ?? 0) + 1)
    }
  }
  await Promise.all(Array.from({ length: Math.min(times, AT_ONCE) }, worker))
  return found
}

/** Of Envoy's making, or of the rules': an application's own are its matter. */
const telling =
  /^(location|server|x-(?!envoy-upstream-service-time|envoy-decorator|request-id|powered|content)|access-control|vary|content-type)/

function labelOf({ status, headers, text }: Answer): string {
  const shown = Object.entries(headers)
    .filter(([name]) => telling.test(name))
    .map(([name, value]) => `${name}: ${String(value).replace(/:\d{5}/, '')}`)
    .sort()
  return `${status} ${shown.join(', ')} ${bodyOf(text)}`
}

/** Which version answered is what counts of a page or of reviews. */
function bodyOf(text: string): string {
  const version = /reviews-(v[123])-/.exec(text)?.[1]
  if (version) return version
  return text.startsWith('{') ? sortedJson(text) : text.length > 300 ? 'a long text' : text
}

/** The real application and a stand-in may write the same object in another order. */
function sortedJson(text: string): string {
  return JSON.stringify(Object.entries(JSON.parse(text) as object).sort(([a], [b]) => (a < b ? -1 : 1)))
}

export async function difference(real: Cluster, sandbox: Cluster, traffic: TrafficCase): Promise<string | undefined> {
  const both = [real, sandbox]
  for (const cluster of both) kubectl(cluster, ['apply', '-f', '-'], rulesOf(traffic))
  try {
    await new Promise((resolve) => setTimeout(resolve, ARRIVAL_MS))
    for (const asked of traffic.asks) {
      const [expected, found] = await Promise.all(both.map((cluster) => answersOf(cluster, asked)))
      const why = compare(expected as Map<string, number>, found as Map<string, number>, asked.times ?? 1)
      if (why) return `${asked.method ?? 'GET'} ${asked.path ?? '/'} ${JSON.stringify(asked.headers ?? {})}\n${why}`
    }
    return undefined
  } finally {
    for (const cluster of both) {
      kubectl(cluster, ['delete', 'vs,dr', 'conform', '--ignore-not-found'])
      kubectl(cluster, ['apply', '-f', 'manifests/virtual-service-reviews-test-v2.yaml'])
    }
  }
}

function compare(expected: Map<string, number>, found: Map<string, number>, times: number): string | undefined {
  const labels = new Set([...expected.keys(), ...found.keys()])
  const differing = [...labels].filter(
    (label) =>
      Math.abs((expected.get(label) ?? 0) - (found.get(label) ?? 0)) / times > (times > 1 ? MOST_DIFFERENCE : 0),
  )
  if (differing.length === 0) return undefined
  return differing
    .map((label) => `  real x${expected.get(label) ?? 0}, sandbox x${found.get(label) ?? 0}: ${label}`)
    .join('\n')
}
