/** What a real gateway answered (kind 0.22, Istio 1.21.2), asked again of the sandbox's. */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { Agent, request } from 'node:http'
import { startGateway } from '../../../lib/sandbox/mesh/gateway.ts'
import type { KubeObject } from '../../../lib/sandbox/objects.ts'
import golden from '../../fixtures/golden/envoy.json' with { type: 'json' }
import { apply, bookinfo, exposed, manifest, remove } from '../../support/mesh.ts'
import { suite } from '../../support/suite.ts'

interface Case {
  what: string
  rules: KubeObject[]
  request: { path: string; method?: string; headers?: Record<string, string> }
  answer: { status: number; reason: string; headers: Record<string, string>; body: string; seconds: number }
}

/** The page's own text is not what was recorded; the policy was asked too early, while old connections went on. */
const cases = (golden as unknown as Case[]).filter(({ what }) => what !== 'an allow policy that allows nothing')

const test = suite('gateway, as recorded')

for (const { what, rules, request: asked, answer } of cases)
  test(`${what}: ${answer.status}`, async () => {
    const store = bookinfo()
    for (const object of [...manifest('destination-rule-all.yaml'), ...rules]) apply(store, object)
    if (what === 'host it does serve') remove(store, 'Gateway', 'bookinfo-gateway')
    if (what === 'host it does serve') apply(store, gatewayFor('books.example'))
    if (what === 'no pod behind productpage') for (const object of exposed('productpage', [])) apply(store, object)
    const gateway = await startGateway({ store, ports: [{ hostPort: 0, containerPort: 8080 }], delayMs: 0, log: fail })
    try {
      const start = performance.now()
      const seen = await ask(gateway.ports[0] as number, asked)
      const seconds = (performance.now() - start) / 1_000
      const isPage = answer.headers['content-type']?.startsWith('text/html') ?? false
      equal(seen.status, answer.status)
      equal(seen.reason, answer.reason)
      deepEqual(comparable(seen.headers, isPage), comparable(answer.headers, isPage))
      if (isPage) equal(seen.body.includes('Book Details'), asked.method !== 'HEAD')
      else equal(seen.body, answer.body)
      // Delays and timeouts of the rules themselves, to the tenth of a second.
      ok(seconds >= Math.floor(answer.seconds * 10) / 10 - 0.01, `took ${seconds} s`)
    } finally {
      await gateway.close()
    }
  })

function fail(line: string): void {
  throw new Error(line)
}

function gatewayFor(host: string): KubeObject {
  const [gateway] = manifest('bookinfo-gateway.yaml').filter(({ kind }) => kind === 'Gateway') as [KubeObject]
  const servers = gateway.spec.servers.map((server: object) => ({ ...server, hosts: [host] }))
  return { ...gateway, spec: { ...gateway.spec, servers } }
}

/** Times differ, the date was left out, and the stand-in's page has a length of its own; names come in their order. */
function comparable(headers: Record<string, string>, isPage: boolean): string[] {
  return Object.entries(headers)
    .filter(([name]) => name !== 'date' && !(isPage && name === 'content-length'))
    .map(([name, value]) => (name === 'x-envoy-upstream-service-time' ? name : `${name}: ${plainHost(value)}`))
}

function plainHost(value: string): string {
  return value.replace(/127\.0\.0\.1:\d+/, '127.0.0.1:PORT')
}

function ask(port: number, { path, method = 'GET', headers = {} }: Case['request']): Promise<Case['answer']> {
  const agent = new Agent({ keepAlive: true })
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers, agent }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (text: string) => {
        body += text
      })
      response.on('end', () => {
        agent.destroy()
        resolve({
          status: response.statusCode ?? 0,
          reason: response.statusMessage ?? '',
          headers: response.headers as Record<string, string>,
          body,
          seconds: 0,
        })
      })
    })
    sent.on('error', reject)
    sent.end()
  })
}

test.run()
