/** What must not reach the objects, and must not end the server: strangers, giants, nonsense. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { connect as secureConnect } from 'node:tls'
import * as assert from 'uvu/assert'
import { seeded } from '../../support/random.ts'
import { suite } from '../../support/suite.ts'
import { startTestApi } from './api.ts'

const test = suite('the server')
const api = await startTestApi()
const maps = '/api/v1/namespaces/default/configmaps'
const json = { 'content-type': 'application/json' }

const post = (body: string, headers: Record<string, string> = json) => api.ask('POST', maps, { headers, body })
const isAlive = async () => assert.is((await api.ask('GET', '/healthz', { as: undefined })).text, 'ok')

const names: readonly [host: string, status: number][] = [
  ['127.0.0.1', 200],
  ['localhost:6443', 200],
  ['kubernetes.default.svc', 200],
  ['evil.example', 403],
  ['127.0.0.1.evil.example', 403],
]

for (const [host, status] of names)
  test(`answers ${status} under the name ${host}`, async () => {
    assert.is((await api.ask('GET', '/version', { headers: { host } })).status, status)
  })

const strangers: readonly [method: string, path: string, message: RegExp][] = [
  ['GET', maps, /cannot list resource "configmaps" in API group "" in the namespace "default"/],
  ['GET', `${maps}/a`, /configmaps "a" is forbidden: User "system:anonymous" cannot get resource/],
  ['DELETE', '/api/v1/nodes/a', /cannot delete resource "nodes" in API group "" at the cluster scope/],
  [
    'POST',
    '/apis/apps/v1/namespaces/default/deployments',
    /deployments.apps is forbidden.* cannot create resource "deployments"/,
  ],
  ['GET', '/openapi/v3', /forbidden: User "system:anonymous" cannot get path "\/openapi\/v3"/],
]

for (const [method, path, message] of strangers)
  test(`nobody may ${method} ${path}`, async () => {
    const { status, body } = await api.ask(method, path, { as: undefined })
    assert.is(status, 403)
    assert.match(body.message, message)
  })

const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`
const nonsense: readonly [title: string, body: string, status: number][] = [
  ['no JSON', '{"apiVersion":', 400],
  ['nothing', '', 400],
  ['a list', '[]', 400],
  ['a number', '1', 400],
  ['text after the end', '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"}} more', 400],
  [
    'too much',
    `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"},"data":{"a":"${'x'.repeat(4_000_000)}"}}`,
    413,
  ],
  ['too deep', `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"},"data":${deep}}`, 400],
  ['a huge name', `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"${'x'.repeat(100_000)}"}}`, 422],
  ['a name that leads elsewhere', '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"../../x"}}', 422],
]

for (const [title, body, status] of nonsense)
  test(`${title} is refused with a Status of ${status}`, async () => {
    const answer = await post(body)
    assert.is(answer.status, status, answer.text.slice(0, 300))
    assert.is(answer.body.kind, 'Status')
    await isAlive()
  })

test('an object cannot change what all objects have', async () => {
  await post(
    '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"proto"},"__proto__":{"polluted":"1"},"data":{"__proto__":"2"}}',
  )
  assert.is(({} as Record<string, unknown>).polluted, undefined)
  await isAlive()
})

test('connections that say nothing, or no TLS, keep nobody else out', async () => {
  const silent = Array.from({ length: 50 }, () => connect(api.port, '127.0.0.1'))
  await Promise.all(silent.map((socket) => once(socket, 'connect')))
  for (const socket of silent.slice(0, 25)) socket.on('error', () => undefined).write('GET / HTTP/1.1\r\n\r\n')
  await isAlive()
  for (const socket of silent) socket.destroy()
})

test('a request that breaks off in its body keeps nobody else out', async () => {
  const socket = secureConnect({ port: api.port, host: '127.0.0.1', rejectUnauthorized: false, ...api.administrator })
  await once(socket, 'secureConnect')
  const head = [`POST ${maps} HTTP/1.1`, 'Host: localhost', 'Content-Length: 1000', '', '{"a']
  socket.write(head.join('\r\n'))
  await isAlive()
  socket.destroy()
  await isAlive()
})

/** Always the same: what breaks the server once breaks it in every run. */
const SEED = 20261124
const MUTATIONS = 400

test(`${MUTATIONS} bodies, broken at random, are all answered with an object or a Status`, async () => {
  const random = seeded(SEED)
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T
  const whole = JSON.stringify({
    apiVersion: 'networking.istio.io/v1beta1',
    kind: 'VirtualService',
    metadata: { name: 'fuzz', labels: { a: 'b' } },
    spec: {
      hosts: ['a'],
      http: [{ match: [{ uri: { regex: 'a+' } }], route: [{ destination: { host: 'b' }, weight: 100 }] }],
    },
  })
  const inserts = [
    '{',
    '}',
    '[',
    ']',
    '"',
    ',',
    ':',
    'null',
    '-1',
    '1e999',
    '"__proto__":{}',
    '\\ud800',
    '\u0000',
    'ü',
    '\\',
    '.'.repeat(500),
  ]
  const media = [
    'application/json',
    'application/yaml',
    'application/merge-patch+json',
    'application/json-patch+json',
    'application/apply-patch+yaml',
    'text/plain',
  ]
  const path = '/apis/networking.istio.io/v1beta1/namespaces/default/virtualservices'
  for (let i = 0; i < MUTATIONS; i++) {
    const at = Math.floor(random() * whole.length)
    const body = whole.slice(0, at) + pick(inserts) + whole.slice(at + Math.floor(random() * 6))
    const [method, to] = pick([
      ['POST', path],
      ['PUT', `${path}/fuzz`],
      ['PATCH', `${path}/fuzz?fieldManager=f`],
      ['PATCH', `${path}/fuzz?fieldManager=f&force=true`],
    ] as const)
    const { status, text } = await api.ask(method, to, { headers: { 'content-type': pick(media) }, body })
    const answer = JSON.parse(text)
    // The real server, too, calls it its own fault when a configuration to apply does not fit the schema.
    assert.ok(status < 500 || /^failed to create typed patch/.test(answer.message), `${method} ${body}\n${text}`)
    assert.ok(['Status', 'VirtualService'].includes(answer.kind))
  }
  await isAlive()
})

const paths = [
  '/',
  '//',
  '/api/',
  '/apis/x',
  '/api/v1/namespaces/%00/pods',
  '/api/v1/namespaces/default/pods/%ff',
  '/api/v1/pods?limit=x&continue=%%',
  '/api/v1/pods?watch=1&resourceVersionMatch=-1',
  '/apis/apps/v1/namespaces/default/deployments/a/scale/b',
  '/openapi/v3/../../etc/passwd',
  '/healthz/../api/v1/secrets',
]

for (const path of paths)
  test(`${path} is answered`, async () => {
    const { status } = await api.ask('GET', path)
    assert.ok(status < 500, String(status))
    await isAlive()
  })

test.after(() => api.close())
test.run()
