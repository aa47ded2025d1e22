import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict'
import { type RunningGateway, startGateway } from '../../../lib/sandbox/mesh/gateway.ts'
import type { KubeObject } from '../../../lib/sandbox/objects.ts'
import type { Store } from '../../../lib/sandbox/store/store.ts'
import { apply, bookinfo, exposed, ingressGateway, remove, virtualService } from '../../support/mesh.ts'
import { seeded } from '../../support/random.ts'
import { send } from '../../support/raw-http.ts'
import { suite } from '../../support/suite.ts'

const test = suite('the gateway on this machine')
const open: RunningGateway[] = []

test.after.each(async () => {
  for (const gateway of open.splice(0)) await gateway.close()
})

async function start(store: Store, delayMs = 0): Promise<number> {
  const gateway = await startGateway({ store, ports: [{ hostPort: 0, containerPort: 8080 }], delayMs, log: fail })
  open.push(gateway)
  return gateway.ports[0] as number
}

function fail(line: string): void {
  throw new Error(line)
}

const page = 'GET /productpage HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'

test('serves the page', async () => {
  const answer = await send(await start(bookinfo()), page)
  match(answer, /^HTTP\/1\.1 200 OK\r\n/)
  match(answer, /\r\ndate: \w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT\r\n/)
})

test('writes signs that do not belong into a path by their codes, before a rule looks at it', async () => {
  const store = bookinfo()
  const http = [{ match: [{ uri: { prefix: '/%3Ca%7C%5E' } }], redirect: { authority: 'there' } }]
  apply(store, virtualService('signs', { hosts: ['signs.example'], gateways: ['bookinfo-gateway'], http }))
  const answer = await send(
    await start(store),
    "GET /<a|^/'?b={} HTTP/1.1\r\nHost: signs.example\r\nConnection: close\r\n\r\n",
  )
  match(answer, /\r\nlocation: http:\/\/there\/%3Ca%7C%5E\/'\?b=\{\}\r\n/)
})

/** Without these nobody listens in the node: docker accepts, and hangs up. */
const closed: readonly [string, (store: Store) => void][] = [
  ['no Gateway asks for the port', (store) => remove(store, 'Gateway', 'bookinfo-gateway')],
  ["the gateway's pod is gone", (store) => remove(store, 'Pod', ingressGateway().metadata.name, 'istio-system')],
  ["the gateway's pod is not on the host's network", (store) => apply(store, ingressGateway({ hostNetwork: false }))],
  ["the gateway's pod is not ready", (store) => apply(store, ingressGateway({ ready: false }))],
  [
    "a Service without endpoints has the node's port",
    (store) => {
      const [service = { metadata: {} }] = exposed('app', [])
      apply(store, { ...service, spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 8080 }] } } as KubeObject)
    },
  ],
]

for (const [what, change] of closed)
  test(`hangs up where ${what}`, async () => {
    const store = bookinfo()
    const port = await start(store)
    ok(await send(port, page))
    change(store)
    equal(await send(port, page), '')
    await rejects(fetch(`http://127.0.0.1:${port}/productpage`))
  })

/** Gives the node's port 8080 to a Service of these pods. */
function onNodePort(store: Store, name: string, pods: readonly KubeObject[], port?: number): void {
  const [service, slice] = exposed(name, pods, port) as [KubeObject, KubeObject]
  const ports = [{ ...service.spec.ports[0], nodePort: 8080 }]
  for (const one of [slice, { ...service, spec: { ...service.spec, type: 'NodePort', ports } }]) apply(store, one)
}

test("a Service's node port leads to the gateway's pod wherever that runs", async () => {
  const store = bookinfo()
  const gateway = apply(store, ingressGateway({ hostNetwork: false }))
  onNodePort(store, 'gateway', [gateway], 8080)
  match(await send(await start(store), page), /^HTTP\/1\.1 200 OK\r\n/)
})

test("a Service's node port leads to its pods without any rule, through their sidecars where they have one", async () => {
  for (const sidecar of [true, false]) {
    const store = bookinfo({ sidecar })
    remove(store, 'VirtualService', 'bookinfo')
    onNodePort(store, 'productpage', [store.get('pods', 'productpage-v1-5b5d6494f4-x7k2p', 'default') as KubeObject])
    const answer = await send(await start(store), page)
    match(answer, /^HTTP\/1\.1 200 OK\r\n/)
    const signature =
      /\r\nserver: istio-envoy\r\nx-envoy-decorator-operation: productpage\.default\.svc\.cluster\.local:9080\/\*\r\n/
    equal(signature.test(answer), sidecar)
    equal(/istio|envoy/.test(answer.split('\r\n\r\n')[0] as string), sidecar)
    const early = 'GET /productpage HTTP/1.0\r\nHost: a\r\n\r\n'
    match(await send(open.at(-1)?.ports[0] as number, early), sidecar ? /^HTTP\/1\.1 426 / : /^HTTP\/1\.1 200 /)
  }
})

test('hangs up where the pod behind the port listens on another', async () => {
  const store = bookinfo({ sidecar: false })
  onNodePort(
    store,
    'productpage',
    [store.get('pods', 'productpage-v1-5b5d6494f4-x7k2p', 'default') as KubeObject],
    9081,
  )
  equal(await send(await start(store), page), '')
})

test('a change shows in the end, where it has a delay', async () => {
  const store = bookinfo()
  const port = await start(store, 20)
  const rule = { directResponse: { status: 418 } }
  apply(store, virtualService('bookinfo', { hosts: ['*'], gateways: ['bookinfo-gateway'], http: [rule] }))
  const seen = new Set<number>()
  while (!seen.has(418)) seen.add((await fetch(`http://127.0.0.1:${port}/productpage`)).status)
  seen.delete(200)
  deepEqual([...seen], [418])
})

/** Requests as bytes, and how the answer begins; after each the page is served as before. */
const requests: readonly [string, string | Buffer, RegExp][] = [
  ['no HTTP at all', 'hello\r\n\r\n', /^HTTP\/1\.1 400 Bad Request\r\n.*connection: close\r\n\r\nBad Request$/s],
  ['an empty line', '\r\n\r\n', /^$|^HTTP\/1\.1 400 /],
  ['HTTP/1.0, which Istio does not speak', 'GET / HTTP/1.0\r\nHost: a\r\n\r\n', /^HTTP\/1\.1 426 Upgrade Required\r\n/],
  ['a host of dots', `GET / HTTP/1.1\r\nHost: ${'a.'.repeat(25_000)}\r\nConnection: close\r\n\r\n`, /^HTTP\/1\.1 404 /],
  ['no host', 'GET /productpage HTTP/1.1\r\n\r\n', /^HTTP\/1\.1 400 Bad Request\r\n/],
  ['a wrong length', 'POST /login HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n', /^HTTP\/1\.1 400 /],
  [
    'two lengths',
    'POST /login HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    /^HTTP\/1\.1 400 /,
  ],
  ['headers without end', `GET / HTTP/1.1\r\nHost: a\r\nA: ${'a'.repeat(70_000)}`, /^HTTP\/1\.1 431 /],
  [
    'a body without end',
    `POST /login HTTP/1.1\r\nHost: a\r\nContent-Length: 20000000\r\n\r\n${'a'.repeat(20_000_000)}`,
    /^(HTTP\/1\.1 413 |$)/,
  ],
  ['a body cut off', 'POST /login HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc', /^(HTTP\/1\.1 400 |$)/],
  [
    'a path out of the root',
    'GET /static/../../productpage HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
    /^HTTP\/1\.1 200 /,
  ],
  ['too many headers', `GET / HTTP/1.1\r\nHost: a\r\n${'a: b\r\n'.repeat(120)}\r\n`, /^HTTP\/1\.1 431 /],
  ['a fragment', 'GET /productpage#a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', /^HTTP\/1\.1 200 /],
  ['a zero in the path', 'GET /a%00 HTTP/1.1\r\nHost: a\r\n\r\n', /^HTTP\/1\.1 400 .*\r\n\r\n$/s],
  ['a tunnel', 'CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n', /^HTTP\/1\.1 404 /],
  [
    'an upgrade to nothing known',
    'GET /productpage HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: b\r\n\r\n',
    /^HTTP\/1\.1 403 /,
  ],
  [
    'the end of a connection among other words',
    'GET /productpage HTTP/1.1\r\nHost: a\r\nConnection: close, b\r\n\r\n',
    /^HTTP\/1\.1 200 .*connection: close/s,
  ],
  ['a letter in disguise', 'GET /%70roductpage HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', /^HTTP\/1\.1 200 /],
  [
    'a file of the machine',
    'GET /static/%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
    /^HTTP\/1\.1 404 /,
  ],
  [
    'a host and path in one, as to a proxy',
    'GET http://localhost/productpage HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
    /^HTTP\/1\.1 200 /,
  ],
  [
    'a query right after the host',
    'GET http://localhost?a=b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
    /^HTTP\/1\.1 404 /,
  ],
  ['HTTP/0.9', 'GET / HTTP/0.9\r\nHost: a\r\n\r\n', /^HTTP\/1\.1 426 Upgrade Required\r\n/],
  ['a version that there is not', 'GET / HTTP/1.2\r\nHost: a\r\n\r\n', /^HTTP\/1\.1 426 Upgrade Required\r\n/],
  ['a host that cannot be one', 'GET / HTTP/1.1\r\nHost: a b\r\n\r\n', /^HTTP\/1\.1 400 .*\r\n\r\nBad Request$/s],
  ['a port that is none', 'GET /productpage HTTP/1.1\r\nHost: a:b\r\nConnection: close\r\n\r\n', /^HTTP\/1\.1 200 /],
  [
    'what else is expected',
    'GET /productpage HTTP/1.1\r\nHost: a\r\nExpect: b\r\nConnection: close\r\n\r\n',
    /^HTTP\/1\.1 200 /,
  ],
  ['a request for https on a port without', 'GET https://a/ HTTP/1.1\r\nHost: a\r\n\r\n', /^HTTP\/1\.1 403 Forbidden/],
  ['a request for another protocol', 'GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n', /^HTTP\/1\.1 400 .*Bad Request$/s],
  ['no path but for OPTIONS', 'GET * HTTP/1.1\r\nHost: a\r\n\r\n', /^HTTP\/1\.1 400 .*Bad Request$/s],
  ['an unknown method', 'BREW / HTTP/1.1\r\nHost: a\r\n\r\n', /^HTTP\/1\.1 400 /],
  [
    'headers named as parts of objects are',
    'GET /productpage HTTP/1.1\r\nHost: a\r\n__proto__: x\r\nconstructor: y\r\nConnection: close\r\n\r\n',
    /^HTTP\/1\.1 200 /,
  ],
]

for (const [what, bytes, expected] of requests)
  test(`answers ${what}`, async () => {
    const port = await start(bookinfo())
    match(await send(port, bytes), expected)
    match(await send(port, page), /^HTTP\/1\.1 200 /)
  })

test('outlives whatever is sent', async () => {
  const [port, random] = [await start(bookinfo()), seeded(20261124)]
  const letters = [...'GET POST /productpage HTTP/1.1\r\n: hostcontent-length%?\0\u00ff{}"']
  const noise = () => {
    const length = Math.floor(random() * 400)
    const text = Array.from({ length }, () => letters[Math.floor(random() * letters.length)]).join('')
    return Buffer.from(random() < 0.5 ? `GET /${text}` : text, 'latin1')
  }
  for (let i = 0; i < 150; i++) await send(port, noise())
  match(await send(port, page), /^HTTP\/1\.1 200 /)
})

test('a taken port is an error with its code, and leaves nothing open', async () => {
  const taken = await start(bookinfo())
  const ports = [
    { hostPort: 0, containerPort: 8080 },
    { hostPort: taken, containerPort: 8443 },
  ]
  await rejects(startGateway({ store: bookinfo(), ports, log: fail }), { code: 'EADDRINUSE' })
})

test('the pods keep logs of the visit', async () => {
  const store = bookinfo()
  const port = await start(store)
  await send(port, page)
  const uid = store.get('pods', 'productpage-v1-5b5d6494f4-x7k2p', 'default')?.metadata.uid as string
  const [gateway] = open
  match(gateway?.logsOf(uid, 'main').at(-1)?.text ?? '', /"GET \/productpage HTTP\/1\.1" 200 -$/)
  equal(gateway?.logsOf(uid, 'istio-proxy').length, 3)
})

test.run()
