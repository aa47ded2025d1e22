/** What a sandbox costs as it grows: memory, reads, writes, watchers, visits, with so many deployments and routes. */
import { readFileSync } from 'node:fs'
import { Agent, get } from 'node:http'
import { join } from 'node:path'
import { retry } from '../lib/retry.ts'
import { type SandboxLab, sandboxLab } from '../test/support/sandbox-lab.ts'
import { connect } from './client.ts'
import { quantile, residentMegabytes, run, table, timed } from './measure.ts'

const sizes = [0, 10, 100, 1000]
const VISITS = 3000
const CONNECTIONS = 16
const WRITES = 100

/** A node takes 110 pods, and the requests of its two processors. */
const room = { cpu: '1000', memory: '1000Gi', pods: '5000' }
const roomy = JSON.stringify({ status: { capacity: room, allocatable: room } })

/** Milliseconds for a thousand deployments to be ready. */
const GROWTH_LIMIT_MS = 120_000

export async function benchGrowth(): Promise<void> {
  const lab = await sandboxLab()
  try {
    await lab.prepare('destination-rule-all.yaml', 'virtual-service-all-v1.yaml')
    const rows: (string | number)[][] = []
    await run(
      'kubectl',
      ['patch', 'node', `${lab.name}-control-plane`, '--subresource=status', '-p', roomy],
      envOf(lab),
    )
    // Not measured: the first visits are slower, as all that they run is compiled on their way.
    await visits(lab.page)
    let made = 0
    for (const size of sizes) {
      await grow(lab, made, size)
      made = size
      rows.push([size, ...(await measured(lab))])
    }
    console.log('\nThe sandbox as it grows: so many deployments, and VirtualServices of ten routes each\n')
    console.log(
      table(['objects', 'MB', 'visits/s', 'p99 ms', 'list pods ms', 'reads/s', 'writes/s', 'watchers told, ms'], rows),
    )
  } finally {
    await lab.close()
  }
}

function envOf({ env, home, name }: SandboxLab): NodeJS.ProcessEnv {
  return { ...env, KUBECONFIG: join(home, 'sandbox', name, 'kubeconfig') }
}

/** Applies what is missing, and waits until all pods are ready. */
async function grow(lab: SandboxLab, from: number, to: number): Promise<void> {
  if (to === from) return
  const numbers = Array.from({ length: to - from }, (_, i) => from + i)
  const items = numbers.flatMap((number) => [deployment(`load-${number}`), virtualService(`load-${number}`)])
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items })
  await run('kubectl', ['create', '--validate=false', '-f', '-'], envOf(lab), list)
  await available(lab)
}

/** kubectl would ask for one deployment after the other. */
async function available({ home, name }: SandboxLab): Promise<void> {
  const client = connect(join(home, 'sandbox', name, 'kubeconfig'))
  const look = async () => {
    const { items } = JSON.parse(await client.send('GET', '/apis/apps/v1/namespaces/default/deployments'))
    const lacking = items.filter(({ status }: { status: { availableReplicas?: number } }) => !status.availableReplicas)
    if (lacking.length > 0) throw new Error(`${lacking.length} deployments are not available`)
  }
  await retry(look, { limitMs: GROWTH_LIMIT_MS })
  client.close()
}

function deployment(name: string): object {
  const labels = { app: name }
  const container = { name: 'main', image: 'docker.io/istio/examples-bookinfo-details-v1:1.18.0' }
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [container] } } },
  }
}

function virtualService(name: string): object {
  const http = Array.from({ length: 10 }, (_, i) => ({
    match: [{ uri: { prefix: `/${i}` } }],
    route: [{ destination: { host: 'details' } }],
  }))
  return {
    apiVersion: 'networking.istio.io/v1beta1',
    kind: 'VirtualService',
    metadata: { name },
    spec: { hosts: [`${name}.example`], http },
  }
}

async function measured(lab: SandboxLab): Promise<string[]> {
  const { perSecond, p99 } = await visits(lab.page)
  const listing = await timed(() => run('kubectl', ['get', 'pods'], envOf(lab)))
  const { reads, writes, told } = await apiRates(lab)
  const pid = Number(readFileSync(join(lab.home, 'sandbox', lab.name, 'pid'), 'utf8'))
  return [residentMegabytes(pid), perSecond, p99, listing, reads, writes, told].map((value) => value.toFixed(0))
}

async function visits(page: string): Promise<{ perSecond: number; p99: number }> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  const latencies: number[] = []
  const queue = Array.from({ length: VISITS }).values()
  const worker = async () => {
    for (const _ of queue) latencies.push(await timed(() => visit(page, agent)))
  }
  const total = await timed(() => Promise.all(Array.from({ length: CONNECTIONS }, worker)))
  agent.destroy()
  return { perSecond: VISITS / (total / 1000), p99: quantile(latencies, 0.99) }
}

function visit(page: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    get(page, { agent }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`HTTP ${response.statusCode}`))
      response.on('end', resolve).resume()
    }).on('error', reject)
  })
}

const WATCHERS = 50

/** Reads and writes of one ConfigMap, one after the other; and how long 50 watchers take to hear of a write. */
async function apiRates(lab: SandboxLab): Promise<{ reads: number; writes: number; told: number }> {
  const client = connect(join(lab.home, 'sandbox', lab.name, 'kubeconfig'))
  const maps = '/api/v1/namespaces/default/configmaps'
  const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'load' }, data: {} }
  await client.send('POST', maps, body)
  const reading = await timed(async () => {
    for (let i = 0; i < WRITES; i++) await client.send('GET', `${maps}/load`)
  })
  const writing = await timed(async () => {
    for (let i = 0; i < WRITES; i++) await client.send('PUT', `${maps}/load`, { ...body, data: { i: String(i) } })
  })
  const watchers = await Promise.all(Array.from({ length: WATCHERS }, () => client.watch(maps)))
  const told = await timed(async () => {
    const heard = watchers.map((watcher) => watcher.next())
    await client.send('PUT', `${maps}/load`, { ...body, data: { last: 'one' } })
    await Promise.all(heard)
  })
  for (const watcher of watchers) watcher.close()
  await client.send('DELETE', `${maps}/load`)
  client.close()
  return { reads: WRITES / (reading / 1000), writes: WRITES / (writing / 1000), told }
}
