/** Puts the rules of cases into both clusters, asks both pages, and says where they differ. */
import { spawn } from 'node:child_process'
import { connect } from 'node:net'
import { type Answer, ask as request } from '../../lib/http.ts'
import { type Ask, HOST, type TrafficCase } from './traffic/case.ts'

export interface Cluster {
  kubeconfig: string
  /** `http://localhost:8080` */
  page: string
}

/** A change has come to traffic after this; 0.16 s was measured, istiod may wait for ten. */
const ARRIVAL_MS = 3000
const REQUEST_LIMIT_MS = 20_000
/** Requests under way at once. */
const AT_ONCE = 4
/** Two shares of 300 differ by more than this once in a thousand comparisons. */
const MOST_DIFFERENCE = 0.14

/** What was there before, which a case may have replaced. */
const lesson = ['destination-rule-all', 'virtual-service-all-v1', 'virtual-service-reviews-test-v2']
const lessonNames = /"name":"(details|ratings|reviews|productpage)"/

/** Letters of a request that are shown. */
const MOST_SHOWN = 300

/** Told of each case: its difference, or undefined where the clusters agree. */
export type Report = (traffic: TrafficCase, difference: string | undefined) => void

/**
 * Cases whose rules are for their own host are tried side by side; those with other objects one after another, as they
 * would meet each other.
 */
export async function compareTraffic(
  clusters: readonly [Cluster, Cluster],
  cases: readonly TrafficCase[],
  report: Report,
): Promise<void> {
  const together = cases.filter(({ objects }) => !objects)
  const placed = together.map((traffic, index) => ({
    traffic,
    host: `conform-${index}.example`,
    name: `conform-${index}`,
  }))
  await withRules(clusters, placed.flatMap(rulesOf), async () => {
    const queue = placed.values()
    const worker = async () => {
      for (const one of queue) report(one.traffic, await differenceOf(clusters, one))
    }
    await Promise.all(Array.from({ length: AT_ONCE }, worker))
  })
  for (const traffic of cases.filter(({ objects }) => objects)) {
    const placedAlone = { traffic, host: HOST, name: 'conform' }
    await withRules(clusters, rulesOf(placedAlone), async () => {
      report(traffic, await differenceOf(clusters, placedAlone))
    }).catch((error: Error) => report(traffic, error.message))
  }
}

interface Placed {
  traffic: TrafficCase
  host: string
  name: string
}

function rulesOf({ traffic: { http, objects = [] }, host, name }: Placed): object[] {
  const own = {
    apiVersion: 'networking.istio.io/v1beta1',
    kind: 'VirtualService',
    metadata: { name },
    spec: { hosts: [host], gateways: ['bookinfo-gateway'], http },
  }
  return [...(http ? [own] : []), ...objects]
}

async function withRules(
  clusters: readonly Cluster[],
  rules: readonly object[],
  action: () => Promise<void>,
): Promise<void> {
  if (rules.length === 0) return
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: rules })
  await Promise.all(clusters.map((cluster) => kubectl(cluster, ['apply', '-f', '-'], list)))
  try {
    await new Promise((resolve) => setTimeout(resolve, ARRIVAL_MS))
    await action()
  } finally {
    await Promise.all(
      clusters.map(async (cluster) => {
        await kubectl(cluster, ['delete', '--ignore-not-found', '-f', '-'], list)
        if (lessonNames.test(list))
          await kubectl(cluster, ['apply', ...lesson.flatMap((file) => ['-f', `manifests/${file}.yaml`])])
      }),
    )
  }
}

function kubectl({ kubeconfig }: Cluster, args: readonly string[], input = ''): Promise<void> {
  const env = { ...process.env, KUBECONFIG: kubeconfig }
  const child = spawn('kubectl', args, { env, stdio: ['pipe', 'ignore', 'pipe'] })
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (data) => (errors += data))
  child.stdin.end(input)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`kubectl ${args.join(' ')}: ${errors}`))))
  })
}

async function differenceOf(clusters: readonly Cluster[], { traffic, host }: Placed): Promise<string | undefined> {
  const differences: string[] = []
  for (const asked of traffic.asks) {
    const [expected, found] = await Promise.all(clusters.map((cluster) => answersOf(cluster, asked, host)))
    const why = compare(expected as Map<string, number>, found as Map<string, number>, asked.times ?? 1)
    if (why) differences.push(`${JSON.stringify(asked).slice(0, MOST_SHOWN)}\n${why}`)
  }
  return differences.length > 0 ? differences.join('\n') : undefined
}

/** What the answers have in common with those of another cluster, and how often each came. */
async function answersOf({ page }: Cluster, asked: Ask, host: string): Promise<Map<string, number>> {
  const { times = 1 } = asked
  const found = new Map<string, number>()
  const queue = Array.from({ length: times }).values()
  const worker = async () => {
    for (const _ of queue) {
      const text = await (asked.raw === undefined
        ? labelOf(page, asked, host)
        : rawAnswer(page, asked.raw, host)
      ).catch((error: NodeJS.ErrnoException) => error.code ?? error.message)
      const label = text.replaceAll(host, 'HOST')
      found.set(label, (found.get(label) ?? 0) + 1)
    }
  }
  await Promise.all(Array.from({ length: Math.min(times, AT_ONCE) }, worker))
  return found
}

/** Of Envoy's making, or of the rules': an application's own are its matter. */
const telling =
  /^(location|server|x-(?!envoy-upstream-service-time|request-id|powered|content)|access-control|vary|content-type|set-cookie)/

async function labelOf(
  page: string,
  { path = '/', method = 'GET', headers = {}, body }: Ask,
  host: string,
): Promise<string> {
  const {
    status,
    headers: answered,
    text,
  }: Answer = await request(new URL(path.startsWith('/') ? page + path : path), {
    method,
    headers: { host, ...headers },
    limitMs: REQUEST_LIMIT_MS,
    ...(body === undefined ? {} : { body }),
  })
  const shown = Object.entries(answered)
    .filter(([name]) => telling.test(name))
    .map(([name, value]) => `${name}: ${withoutChance(String(value))}`)
    .sort()
  return `${status} ${shown.join(', ')} ${bodyOf(text)}`
}

/** Ports of this run, addresses, and what is drawn by lot. */
function withoutChance(value: string): string {
  return value
    .replace(/:\d{5}/g, '')
    .replace(/\b(10|127|172|192)(\.\d+){3}\b/g, 'ADDRESS')
    .replace(/"[0-9a-f]{16}"/g, 'COOKIE')
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'UUID')
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

/** A connection on which nothing comes for so long has said all. */
const SILENCE_MS = 1500

/** All that comes back for bytes, without dates and times. */
function rawAnswer(page: string, raw: string, host: string): Promise<string> {
  const { hostname, port } = new URL(page)
  return new Promise((resolve, reject) => {
    let text = ''
    const socket = connect(Number(port), hostname, () => socket.write(raw.replaceAll('HOST', host), 'latin1'))
    const end = (how: string) => {
      socket.destroy()
      const lines = text
        .replace(/^(date|x-envoy-upstream-service-time): .*\r\n/gm, '')
        .replace(/^([\w-]+: .*\r\n)+/gm, (block) => `${block.split('\r\n').filter(Boolean).sort().join('\r\n')}\r\n`)
      resolve(withoutChance(`${lines} (${how})`))
    }
    socket.setTimeout(SILENCE_MS, () => end('open'))
    socket.setEncoding('latin1')
    socket.on('data', (data) => {
      text += data
    })
    socket.on('end', () => end('closed'))
    socket.on('error', (error: NodeJS.ErrnoException) => (text ? end('closed') : reject(error)))
  })
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
