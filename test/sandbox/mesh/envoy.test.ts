import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict'
import type { Application } from '../../../lib/sandbox/mesh/application.ts'
import { send } from '../../../lib/sandbox/mesh/envoy.ts'
import type { HttpRequest, HttpResponse } from '../../../lib/sandbox/mesh/http.ts'
import type { Listener } from '../../../lib/sandbox/mesh/listeners.ts'
import { Mesh } from '../../../lib/sandbox/mesh/mesh.ts'
import type { HTTPRoute } from '../../../lib/sandbox/mesh/types.ts'
import type { KubeObject } from '../../../lib/sandbox/objects.ts'
import type { Store } from '../../../lib/sandbox/store/store.ts'
import {
  apply,
  bookinfo,
  destinationRule,
  expose,
  istiod,
  peerAuthentication,
  pod,
  remove,
  request,
  virtualService,
} from '../../support/mesh.ts'
import { suite } from '../../support/suite.ts'

const test = suite('a request through proxies')

interface World {
  store: Store
  mesh: Mesh
  /** Requests as the application got them, with the pod's name. */
  got: { pod: string; request: HttpRequest }[]
  ask(change?: Partial<HttpRequest>): Promise<HttpResponse>
}

/** One Service `app` behind the gateway, whose pods answer as told; draws are all the same number. */
function world(
  rule: HTTPRoute,
  answer: Application['answer'] = (_request, { pod }) => text(200, pod.metadata.name),
  { pods = ['one'], sidecar = true, draw = 0 } = {},
): World {
  const store = bookinfo()
  const got: World['got'] = []
  expose(
    store,
    'app',
    pods.map((name) => pod({ name, image: 'app', labels: { app: 'app', name }, sidecar })),
  )
  apply(store, virtualService('bookinfo', { hosts: ['*'], gateways: ['bookinfo-gateway'], http: [rule] }))
  const application: Application = {
    port: 9080,
    greeting: () => '',
    answer: (request, workload) => {
      got.push({ pod: workload.pod.metadata.name, request })
      return answer(request, workload)
    },
  }
  const applications = (image: string) => (image === 'app' ? application : undefined)
  const mesh = new Mesh({ store, delayMs: 0, applications, random: () => draw })
  return {
    store,
    mesh,
    got,
    async ask(change = {}) {
      const listener = listenerOf(mesh)
      const host = mesh.virtualHosts.ofGateway(listener.proxy, listener.servers, 'books.example')
      return send(mesh, listener, host, request(change))
    },
  }
}

function listenerOf(mesh: Mesh): Listener {
  const entry = mesh.entry(8080)
  ok(entry && 'listener' in entry)
  return entry.listener
}

function text(status: number, body: string): HttpResponse {
  return { status, headers: {}, body }
}

const app = [{ destination: { host: 'app' } }]

test('the answer carries the time it took and who served it', async () => {
  const { headers, body } = await world({ route: app }).ask()
  equal(body, 'one')
  match(String(headers['x-envoy-upstream-service-time']), /^\d+$/)
  equal(headers.server, 'istio-envoy')
})

test('every request gets an id, or keeps its own', async () => {
  const { got, ask } = world({ route: app })
  await ask()
  await ask({ headers: { 'x-request-id': 'own' } })
  match(got[0]?.request.headers['x-request-id'] ?? '', /^[0-9a-f-]{36}$/)
  equal(got[1]?.request.headers['x-request-id'], 'own')
})

test('503 is tried twice more, elsewhere first', async () => {
  const { got, ask } = world({ route: app }, () => text(503, 'no'), { pods: ['one', 'two', 'three'] })
  equal((await ask()).status, 503)
  equal(got.length, 3)
  equal(new Set(got.map(({ pod }) => pod)).size, 3)
})

test('500 is not tried again by default', async () => {
  const { got, ask } = world({ route: app }, () => text(500, 'no'))
  equal((await ask()).status, 500)
  equal(got.length, 1)
})

test('a rule decides what is tried again, and how often', async () => {
  let tries = 0
  const { ask } = world({ route: app, retries: { attempts: 4, retryOn: '5xx' } }, () =>
    text(++tries < 4 ? 500 : 200, ''),
  )
  equal((await ask()).status, 200)
  equal(tries, 4)
})

test('what an answer says of its request is what became of it on the way', async () => {
  const echo = (name: string) => `<%REQ(${name})%>`
  const set = { path: echo(':path'), before: echo('x-envoy-original-path'), to: echo(':authority'), a: echo('x-a') }
  let tries = 0
  const { ask } = world(
    {
      match: [{ uri: { prefix: '/shop' } }],
      route: app,
      rewrite: { uri: '/books', authority: 'inner' },
      headers: {
        request: { set: { 'x-a': 'route' } },
        response: { set: { ...set, tries: echo('x-envoy-attempt-count') } },
      },
    },
    () => text(++tries < 2 ? 503 : 200, ''),
  )
  const {
    path,
    before,
    to,
    a,
    tries: counted,
  } = (await ask({ path: '/shop/1?q', headers: { 'x-a': 'client' } })).headers
  deepEqual([path, before, to, a, counted], ['</books/1?q>', '</shop/1?q>', '<inner>', '<route>', '<2>'])
})

test('no retries where a rule says 0', async () => {
  const { got, ask } = world({ route: app, retries: { attempts: 0 } }, () => text(503, ''))
  await ask()
  equal(got.length, 1)
})

const never = () => new Promise<HttpResponse>(() => {})

test('a timeout ends the wait with 504', async () => {
  const { ask } = world({ route: app, timeout: '0.02s' }, never)
  const { status, body } = await ask()
  deepEqual([status, body], [504, 'upstream request timeout'])
})

test('a per-try timeout is tried again only where the rule retries resets', async () => {
  for (const [retryOn, tries] of [
    ['503', 1],
    ['reset', 3],
  ] as const) {
    const { got, ask } = world({ route: app, retries: { attempts: 2, perTryTimeout: '10ms', retryOn } }, never)
    equal((await ask()).status, 504)
    equal(got.length, tries)
  }
})

test('a port on which nothing listens is a connection failure, with and without a sidecar there', async () => {
  for (const [sidecar, words] of [
    [true, 'headers. reset reason: remote connection failure'],
    [false, 'headers. retried and the latest reset reason: remote connection failure'],
  ] as const) {
    const { store, ask } = world({ route: app }, undefined, { sidecar })
    apply(store, { ...pod({ name: 'one', image: 'docker.io/library/nginx:1.25', sidecar }), metadata: { name: 'one' } })
    const { status, body } = await ask()
    equal(status, 503)
    ok(String(body).includes(words), String(body))
  }
})

test('a container that does not run does not listen', async () => {
  const { store, ask } = world({ route: app })
  const one = pod({ name: 'one', image: 'app' })
  apply(store, { ...one, status: { ...one.status, containerStatuses: [] } })
  equal((await ask()).status, 503)
})

const two = (weights: [number, number]) =>
  weights.map((weight, index) => ({ destination: { host: 'app', subset: index === 0 ? 'a' : 'b' }, weight }))
const subsets = destinationRule('app', {
  host: 'app',
  subsets: [
    { name: 'a', labels: { name: 'one' } },
    { name: 'b', labels: { name: 'two' } },
  ],
})

const weights: readonly [[number, number], number, string][] = [
  [[90, 10], 0.899, 'one'],
  [[90, 10], 0.901, 'two'],
  [[0, 100], 0, 'two'],
  [[1, 3], 0.26, 'two'],
  [[1, 3], 0.24, 'one'],
]

for (const [given, draw, expected] of weights)
  test(`weights ${given}: a draw of ${draw} goes to ${expected}`, async () => {
    const { store, ask } = world({ route: two(given) }, undefined, { pods: ['one', 'two'], draw })
    apply(store, subsets)
    equal((await ask()).body, expected)
  })

const faults: readonly [HTTPRoute['fault'], draw: number, status: number, arrives: number][] = [
  [{ abort: { httpStatus: 418, percentage: { value: 50 } } }, 0.49, 418, 0],
  [{ abort: { httpStatus: 418, percentage: { value: 50 } } }, 0.5, 200, 1],
  [{ abort: { httpStatus: 418, percentage: { value: 0 } } }, 0, 200, 1],
  // As istiod translates it: without a percentage nothing is aborted.
  [{ abort: { httpStatus: 418 } }, 0, 200, 1],
  // To a request that is not gRPC's such an abort is a plain 200, which no service has seen.
  [{ abort: { grpcStatus: 'UNAVAILABLE', percentage: { value: 100 } } }, 0, 200, 0],
]

for (const [fault, draw, status, arrives] of faults)
  test(`fault ${JSON.stringify(fault)}, draw ${draw}: ${status}, ${arrives ? 'from the service' : 'at once'}`, async () => {
    const { got, ask } = world({ route: app, fault: fault as NonNullable<typeof fault> }, undefined, { draw })
    equal((await ask()).status, status)
    equal(got.length, arrives)
  })

test("a rule that answers by itself leaves a fault's answer without its headers", async () => {
  const fault = { abort: { httpStatus: 418, percentage: { value: 100 } } }
  const headers = { response: { set: { 'x-by': 'rule' } } }
  const { ask } = world({ directResponse: { status: 200 }, headers, fault })
  const { status, headers: answered } = await ask()
  deepEqual([status, answered['x-by']], [418, undefined])
  const destined = await world({ route: app, headers, fault }).ask()
  deepEqual([destined.status, destined.headers['x-by']], [418, 'rule'])
})

test('an abort is not tried again, whatever its status', async () => {
  const fault = { abort: { httpStatus: 503, percentage: { value: 100 } } }
  const { got, mesh, ask } = world({ route: app, fault })
  deepEqual([(await ask()).body, got.length], ['fault filter abort', 0])
  match(gatewayLog(mesh), /" 503 FI fault_filter_abort - "-" 0 18 /)
})

test('an abort comes before what other sites may ask', async () => {
  const fault = { abort: { httpStatus: 418, percentage: { value: 100 } } }
  const { ask } = world({ route: app, fault, corsPolicy: { allowOrigins: [{ exact: 'http://a.example' }] } })
  const headers = { origin: 'http://a.example', 'access-control-request-method': 'PUT' }
  equal((await ask({ method: 'OPTIONS', headers })).status, 418)
})

test('what a route adds stands on an abort too', async () => {
  const fault = { abort: { httpStatus: 418, percentage: { value: 100 } } }
  const { headers } = await world({ route: app, fault, headers: { response: { set: { 'x-set': '1' } } } }).ask()
  equal(headers['x-set'], '1')
})

test('a rule that answers by itself has no policy for other sites, and may say where what it made is', async () => {
  const corsPolicy = { allowOrigins: [{ exact: 'http://a.example' }] }
  const headers = { response: { set: { location: '/made' } } }
  const { ask } = world({ directResponse: { status: 201 }, corsPolicy, headers })
  const answer = await ask({ headers: { origin: 'http://a.example' } })
  deepEqual([answer.headers.location, answer.headers['access-control-allow-origin']], ['/made', undefined])
})

test('what a route adds comes before the length and type of an answer of Envoy itself', async () => {
  const headers = { response: { set: { 'x-set': '1' }, remove: ['content-type'] } }
  const timedOut = await world({ route: app, timeout: '0.01s', headers }, never).ask()
  deepEqual(Object.keys(timedOut.headers), ['x-set', 'content-length', 'content-type'])
  const direct = await world({ directResponse: { status: 200, body: { string: 'x' } }, headers }).ask()
  deepEqual(Object.keys(direct.headers), ['x-set', 'content-length', 'content-type'])
})

test('a mirror gets a copy under a name of its own, and its answer is nobody’s', async () => {
  const rule = { route: [{ destination: { host: 'app', subset: 'a' } }], mirror: { host: 'app', subset: 'b' } }
  const { store, got, ask } = world(rule, (_request, { pod }) => text(pod.metadata.name === 'two' ? 500 : 200, ''), {
    pods: ['one', 'two'],
  })
  apply(store, subsets)
  equal((await ask({ authority: 'books.example:8080' })).status, 200)
  const seen = got.map(({ pod, request }) => `${pod} ${request.authority}`).sort()
  deepEqual(seen, ['one books.example:8080', 'two books.example-shadow:8080'])
})

test('a share of requests is mirrored', async () => {
  const mirrored = async (draw: number) => {
    const { got, ask } = world({ route: app, mirror: { host: 'app' }, mirrorPercentage: { value: 30 } }, undefined, {
      draw,
    })
    await ask()
    return got.length === 2
  }
  deepEqual([await mirrored(0.29), await mirrored(0.31)], [true, false])
})

test('access logs tell the flags, who answered, and by which rule', async () => {
  const { mesh, ask } = world({ name: 'books', match: [{ uri: { prefix: '/a' } }], route: app })
  await ask({ path: '/a?x=1', headers: { 'user-agent': 'curl/8', 'x-forwarded-for': '172.18.0.1' } })
  match(
    gatewayLog(mesh),
    /^\[\d{4}-\d\d-\d\dT[\d:.]+Z\] "GET \/a\?x=1 HTTP\/1\.1" 200 - via_upstream - "-" 0 \d+ \d+ \d+ "172\.18\.0\.1" "curl\/8" "[0-9a-f-]{36}" "books\.example:8080" "10\.244\.0\.\d+:9080" outbound\|9080\|\|app\.default\.svc\.cluster\.local 10\.244\.0\.\d+:\d+ 10\.244\.0\.\d+:8080 172\.18\.0\.1:\d+ - books$/,
  )
  await ask({ path: '/b' })
  match(gatewayLog(mesh), /"GET \/b HTTP\/1\.1" 404 NR route_not_found - "-" 0 0 \d+ - /)
})

test('the log of a sidecar tells to which Service its pod went', async () => {
  const { store, mesh } = world({ route: app })
  const caller = apply(store, pod({ name: 'caller', image: 'app' }))
  await mesh.application(caller, 9080)?.workload.call(request({ authority: 'app:9080' }), 1_000)
  const line = mesh.logs.read(caller.metadata.uid as string, 'istio-proxy').at(-1)?.text ?? ''
  const address = store.get('services', 'app', 'default')?.spec.clusterIP
  ok(line.includes(` ${address}:9080 `), line)
})

test('proxies log where the configuration of the mesh says so, and as soon as it does', async () => {
  const { store, mesh, ask } = world({ route: app })
  const lines = () => mesh.logs.read(store.get('pods', 'one', 'default')?.metadata.uid as string, 'istio-proxy').length
  const say = (config: string) => {
    const metadata = { name: 'istio', namespace: 'istio-system' }
    const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { mesh: config } }
    if (store.get('configmaps', 'istio', 'istio-system')) store.update('configmaps', map)
    else store.create('configmaps', map)
  }
  say('rootNamespace: istio-system')
  await ask()
  equal(lines(), 0)
  say('accessLogFile: /dev/stdout')
  await ask()
  equal(lines(), 1)
})

test("the pod's own proxy logs what comes in", async () => {
  const { store, mesh, ask } = world({ route: app })
  await ask()
  const lines = mesh.logs.read(store.get('pods', 'one', 'default')?.metadata.uid as string, 'istio-proxy')
  match(
    lines[0]?.text ?? '',
    /" 200 - via_upstream .* inbound\|9080\|\| 127\.0\.0\.6:\d+ .* outbound_\.9080_\._\.app\.default\.svc\.cluster\.local default$/,
  )
})

test('a changed rule takes effect at once where there is no delay', async () => {
  const { store, ask } = world({ route: app })
  apply(
    store,
    virtualService('bookinfo', {
      hosts: ['*'],
      gateways: ['bookinfo-gateway'],
      http: [{ directResponse: { status: 418 } }],
    }),
  )
  equal((await ask()).status, 418)
})

/** What gets in only while istiod is away. */
const nonsense: readonly [string, object | undefined][] = [
  ['VirtualService', undefined],
  ['VirtualService', { hosts: null, http: null, gateways: null }],
  ['VirtualService', { hosts: ['*'], gateways: ['bookinfo-gateway'], http: [{ match: [{ uri: { exact: '/no' } }] }] }],
  ['DestinationRule', undefined],
  ['DestinationRule', { subsets: null }],
  ['Gateway', undefined],
  ['Gateway', { servers: [{}, { port: null, hosts: null }] }],
]

for (const [kind, spec] of nonsense)
  test(`a ${kind} of ${JSON.stringify(spec)} harms nobody else`, async () => {
    const { store, ask } = world({ route: app })
    const metadata = { name: 'nonsense', namespace: 'default' }
    apply(store, { apiVersion: 'networking.istio.io/v1beta1', kind, metadata, ...(spec ? { spec } : {}) })
    equal((await ask()).status, 200)
  })

/** Pods that call `app` themselves, and what they get. */
const callers: readonly [string, { sidecar: boolean; namespace?: string; host?: string }, string | undefined][] = [
  ['with a sidecar follows the rules', { sidecar: true }, 'by rule'],
  ['without a sidecar knows of no rules', { sidecar: false }, 'one'],
  ['of another namespace needs the longer name', { sidecar: true, namespace: 'other' }, undefined],
  [
    'of another namespace reaches the longer name',
    { sidecar: true, namespace: 'other', host: 'app.default' },
    'by rule',
  ],
  ['follows the rules of the Service behind another name', { sidecar: true, host: 'alias' }, 'by rule'],
  ['cannot reach another name of nothing', { sidecar: true, host: 'lost' }, undefined],
  ['cannot reach a port the Service lacks', { sidecar: true, host: 'app:81' }, undefined],
]

for (const [what, { sidecar, namespace = 'default', host = 'app' }, expected] of callers)
  test(`a pod ${what}`, async () => {
    const { store, mesh } = world({ route: app })
    const rule = { directResponse: { status: 200, body: { string: 'by rule' } } }
    apply(store, virtualService('app', { hosts: ['app'], http: [rule] }))
    for (const [name, externalName] of Object.entries({ alias: 'app.default.svc.cluster.local', lost: 'nowhere' }))
      apply(store, {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name, namespace },
        spec: { type: 'ExternalName', externalName },
      })
    const caller = apply(store, pod({ name: 'caller', namespace, image: 'app', sidecar }))
    const workload = mesh.application(caller, 9080)?.workload
    ok(workload)
    const authority = host.includes(':') ? host : `${host}:9080`
    const answer = await workload.call(request({ authority }), 1_000).catch(() => undefined)
    equal(answer && String(answer.body), expected)
  })

/** What the client's rule and the pod's policy make of a connection, and how the gateway's log tells it. */
const handshakes: readonly [rule: string | undefined, policy: string | undefined, sidecar: boolean, log: string][] = [
  [undefined, 'STRICT', true, '200 - via_upstream'],
  [undefined, 'DISABLE', true, '200 - via_upstream'],
  ['DISABLE', undefined, true, '200 - via_upstream'],
  ['DISABLE', 'STRICT', true, '503 UC upstream_reset_before_response_started{connection_termination}'],
  ['DISABLE', 'STRICT', false, '200 - via_upstream'],
  ['ISTIO_MUTUAL', 'STRICT', true, '200 - via_upstream'],
  ['ISTIO_MUTUAL', 'DISABLE', true, '503 URX,UF upstream_reset_before_response_started{remote_connection_failure|'],
  ['ISTIO_MUTUAL', undefined, false, '503 URX,UF upstream_reset_before_response_started{remote_connection_failure|'],
  ['SIMPLE', undefined, true, '503 URX,UF upstream_reset_before_response_started{remote_connection_failure|'],
]

for (const [mode, policy, sidecar, log] of handshakes)
  test(`TLS ${mode ?? 'by itself'} to a pod ${sidecar ? `that takes ${policy ?? 'both'}` : 'without a sidecar'}: ${log}`, async () => {
    const { store, mesh, ask } = world({ route: app }, undefined, { sidecar })
    if (mode) apply(store, destinationRule('app', { host: 'app', trafficPolicy: { tls: { mode } } }))
    if (policy) apply(store, peerAuthentication({ mtls: { mode: policy } }))
    await ask()
    ok(gatewayLog(mesh).includes(log), gatewayLog(mesh))
  })

test('who has no sidecar is not let in where only TLS is taken', async () => {
  const { store, mesh } = world({ route: app })
  const caller = apply(store, pod({ name: 'caller', image: 'app', sidecar: false }))
  const call = () => mesh.application(caller, 9080)?.workload.call(request({ authority: 'app:9080' }), 1_000)
  equal((await call())?.status, 200)
  apply(store, peerAuthentication({ mtls: { mode: 'STRICT' } }))
  await rejects(async () => call())
})

test('while istiod is away proxies keep to the rules and endpoints that they know', async () => {
  const { store, ask } = world({ route: app }, undefined, { pods: ['one', 'two'], draw: 0.9 })
  equal((await ask()).body, 'two')
  apply(store, istiod({ ready: false }))
  remove(store, 'VirtualService', 'bookinfo')
  apply(store, pod({ name: 'three', image: 'app', labels: { app: 'app' } }))
  expose(store, 'app', [pod({ name: 'three', image: 'app' })])
  equal((await ask()).body, 'two')
  // Whoever is gone does not answer, known or not.
  remove(store, 'Pod', 'two')
  equal((await ask()).body, 'one')
  remove(store, 'Pod', 'one')
  equal((await ask()).status, 503)
  apply(store, istiod())
  equal((await ask()).status, 404)
})

test('a pod without a sidecar needs no istiod to reach a Service', async () => {
  const { store, mesh } = world({ route: app })
  remove(store, 'Pod', istiod().metadata.name, 'istio-system')
  const caller = apply(store, pod({ name: 'caller', image: 'app', sidecar: false }))
  expose(store, 'app', [pod({ name: 'two', image: 'app' })])
  const answer = await mesh.application(caller, 9080)?.workload.call(request({ authority: 'app:9080' }), 1_000)
  equal(answer?.body, 'two')
})

/** The port of Service `app` as something other than HTTP. */
function named(store: Store, name: string): void {
  const service = store.get('services', 'app', 'default') as KubeObject
  const ports = [{ ...service.spec.ports[0], name }]
  apply(store, { ...service, spec: { ...service.spec, ports } })
  const slice = store.get('endpointslices.discovery.k8s.io', 'app-x2x2x', 'default') as KubeObject
  apply(store, { ...slice, ports: [{ ...slice.ports[0], name }] })
}

test('a port that is named as TCP knows no rules, and proxies tell of bytes alone', async () => {
  const { store, mesh } = world({ route: app })
  named(store, 'tcp')
  const rule = { directResponse: { status: 200, body: { string: 'by rule' } } }
  apply(store, virtualService('app', { hosts: ['app'], http: [rule] }))
  const caller = apply(store, pod({ name: 'caller', image: 'app' }))
  const answer = await mesh.application(caller, 9080)?.workload.call(request({ authority: 'app:9080' }), 1_000)
  deepEqual(answer, text(200, 'one'))
  const line = (name: string) => {
    const uid = store.get('pods', name, 'default')?.metadata.uid as string
    return mesh.logs.read(uid, 'istio-proxy').at(-1)?.text ?? ''
  }
  const cluster = 'outbound\\|9080\\|\\|app\\.default\\.svc\\.cluster\\.local'
  match(line('caller'), new RegExp(`\\] "- - -" 0 - - - "-" 34 22 \\d+ - "-" "-" "-" "-" "[\\d.]+:9080" ${cluster} `))
  match(line('caller'), / 10\.96\.0\.1:9080 [\d.]+:\d+ - -$/)
  match(line('one'), /\] "- - -" 0 - - - "-" 34 22 \d+ .* outbound_\.9080_\._\.app\.default\.svc\.cluster\.local -$/)
})

test('a connection that nobody takes is told with its flag', async () => {
  const { store, mesh } = world({ route: app }, undefined, { pods: [] })
  named(store, 'tcp')
  const caller = apply(store, pod({ name: 'caller', image: 'app' }))
  await rejects(
    mesh.application(caller, 9080)?.workload.call(request({ authority: 'app:9080' }), 1_000) ?? Promise.resolve(),
  )
  match(mesh.logs.read(caller.metadata.uid as string, 'istio-proxy').at(-1)?.text ?? '', /\] "- - -" 0 UH - - "-" 0 0 /)
})

test("a gateway's rule holds for a port that is named as TCP", async () => {
  const { store, ask } = world({ route: [{ destination: { host: 'app', subset: 'b' } }] }, undefined, {
    pods: ['one', 'two'],
  })
  named(store, 'tcp')
  apply(store, subsets)
  deepEqual(await Promise.all([ask(), ask(), ask()].map(async (answer) => (await answer).body)), ['two', 'two', 'two'])
})

test('a call gives up when its time is over', async () => {
  const { store, mesh } = world({ route: app }, never)
  const workload = mesh.application(apply(store, pod({ name: 'caller', image: 'app' })), 9080)?.workload
  const reason = await workload?.call(request({ authority: 'app:9080' }), 10).catch((error: Error) => error.message)
  equal(reason, 'app:9080: no answer within 10 ms')
})

function gatewayLog(mesh: Mesh): string {
  const { metadata } = listenerOf(mesh).pod
  return mesh.logs.read(metadata.uid as string, 'istio-proxy').at(-1)?.text ?? ''
}

test.run()
