/** What is said of paths where nothing is, of versions and of who writes. */
import * as assert from 'uvu/assert'
import { suite } from '../../support/suite.ts'
import { startTestApi } from './api.ts'

const test = suite('answers to odd requests')
const api = await startTestApi()
const { registry, ask } = api

registry.create('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', namespace: 'default' } })
const maps = '/api/v1/namespaces/default/configmaps'
const services = '/apis/networking.istio.io/v1beta1/namespaces/default/virtualservices'
const noResource = 'the server could not find the requested resource'
const version = (text: string) => `strconv.ParseUint: parsing "${text}": invalid syntax`

type Asked = readonly [method: string, path: string, body: object | undefined, status: number, message: string]

const asked: readonly Asked[] = [
  ['GET', '/api/v1/nothing', undefined, 404, noResource],
  ['GET', `${maps}/c/scale`, undefined, 404, noResource],
  ['GET', '/apis/apps/v1/namespaces/default/deployments/x/nothing', undefined, 404, noResource],
  ['GET', '/openapi/v3/nothing', undefined, 404, noResource],
  ...['/version', '/api', '/api/v1', '/apis/apps/v1'].map(
    (path): Asked => [
      'DELETE',
      path,
      undefined,
      405,
      'the server does not allow this method on the requested resource',
    ],
  ),
  [
    'GET',
    '/apis/apps/v1/namespaces/default/deployments/x/scale',
    undefined,
    404,
    'deployments/scale.apps "x" not found',
  ],
  ['GET', '/api/v1/nodes/x/proxy/stats', undefined, 404, 'nodes "x" not found'],
  ['GET', '/api/v1/namespaces/default/services/http:x:80/proxy/', undefined, 404, 'services "x" not found'],
  ['GET', '/metrics', undefined, 501, 'this is a sandbox: it has no metrics'],
  ['GET', `${services}/x/scale`, undefined, 404, 'virtualservices.networking.istio.io "x" not found'],
  ['GET', `${maps}?resourceVersion=x`, undefined, 500, `resourceVersion: Invalid value: "x": ${version('x')}`],
  ['GET', `${maps}/c?resourceVersion=x`, undefined, 500, `resourceVersion: Invalid value: "x": ${version('x')}`],
  [
    'GET',
    `${maps}?continue=abc`,
    undefined,
    400,
    "invalid continue token: continue key is not valid: invalid character 'i' looking for beginning of value",
  ],
  [
    'GET',
    `${maps}?continue=abc%20`,
    undefined,
    400,
    'invalid continue token: continue key is not valid: illegal base64 data at input byte 3',
  ],
  ['PUT', `${maps}/c`, { metadata: { name: 'c', resourceVersion: 'x' } }, 500, version('x')],
  [
    'PUT',
    `${maps}/c`,
    { metadata: {} },
    400,
    'the name of the object (c based on URL) was undeterminable: name must be provided',
  ],
  [
    'POST',
    `${maps}?fieldManager=${'m'.repeat(129)}`,
    { metadata: { name: 'd' } },
    422,
    'CreateOptions.meta.k8s.io "" is invalid: fieldManager: Too long: must have at most 128 bytes',
  ],
  [
    'POST',
    `${maps}?fieldManager=%01`,
    { metadata: { name: 'd' } },
    422,
    'CreateOptions.meta.k8s.io "" is invalid: fieldManager: Invalid value: "\\x01": invalid character U+0001 (at position 0)',
  ],
  ['GET', '/api/v1/namespaces/%2e%2e/pods', undefined, 500, 'invalid key: "/pods/.."'],
  ['GET', '/api/v1/namespaces/../pods/a', undefined, 500, 'invalid key: "/pods/../a"'],
  ['GET', services.replace('default', '.'), undefined, 500, 'invalid key: "/networking.istio.io/virtualservices/."'],
  ['GET', `${maps}/%2e%2e`, undefined, 400, 'Name parameter invalid: "..": may not be \'..\''],
  ['DELETE', `${maps}/..`, undefined, 400, 'Name parameter invalid: "..": may not be \'..\''],
  ['GET', `${maps}/a%25b`, undefined, 400, 'Name parameter invalid: "a%b": may not contain \'%\''],
  ['GET', `${maps}/a%2Fb`, undefined, 404, noResource],
  ['GET', '/api/v1/namespaces/default//configmaps', undefined, 404, noResource],
  [
    'POST',
    `${maps}?dryRun=Some&fieldValidation=Nope`,
    { metadata: { name: 'd' } },
    422,
    'CreateOptions.meta.k8s.io "" is invalid: [dryRun: Unsupported value: []string{"Some"}: supported values: "All", fieldValidation: Unsupported value: "Nope": supported values: "", "Ignore", "Strict", "Warn"]',
  ],
  [
    'DELETE',
    `${maps}/c?propagationPolicy=Wrong`,
    undefined,
    422,
    'DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: "Wrong": supported values: "Foreground", "Background", "Orphan", "nil"',
  ],
  [
    'DELETE',
    `${maps}/c?propagationPolicy=Orphan&orphanDependents=true`,
    undefined,
    422,
    'DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Invalid value: "Orphan": orphanDependents and deletionPropagation cannot be both set',
  ],
  ['DELETE', `${maps}/c?gracePeriodSeconds=x`, undefined, 400, 'strconv.ParseInt: parsing "x": invalid syntax'],
]

for (const [method, path, body, status, message] of asked)
  test(`${method} ${path.slice(0, 80)}${body ? ` ${JSON.stringify(body).slice(0, 50)}` : ''}`, async () => {
    const object = { apiVersion: 'v1', kind: 'ConfigMap', ...body }
    const answer = await ask(method, path, body ? { body: JSON.stringify(object) } : {})
    assert.is(answer.status, status)
    assert.is(answer.body.message, message)
  })

test('a patch that is no apply has no force', async () => {
  const headers = { 'content-type': 'application/merge-patch+json' }
  const { status, body } = await ask('PATCH', `${maps}/c?force=true`, { body: '{}', headers })
  assert.is(status, 422)
  assert.match(body.message, 'force: Forbidden: may not be specified for non-apply patch')
})

for (const [method, path] of [
  ['POST', `${maps}/c`],
  ['GET', '/api/v1/namespaces/default/finalize'],
  ['GET', '/apis/authentication.k8s.io/v1/tokenreviews'],
] as const)
  test(`${method} ${path} is not allowed`, async () => {
    const { status, body } = await ask(method, path)
    assert.equal([status, body.reason, body.details], [405, 'MethodNotAllowed', {}])
  })

test('what is applied for the first time has a name', async () => {
  const headers = { 'content-type': 'application/apply-patch+yaml' }
  const body = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', data: {} })
  const applied = await ask('PATCH', `${maps}/fresh?fieldManager=me`, { body, headers })
  assert.is(
    applied.body.message,
    'the name of the object (fresh based on URL) was undeterminable: name must be provided',
  )
})

const lonely: readonly [headers: Record<string, string>, said: string][] = [
  [{ 'impersonate-group': 'x' }, '{Group  x    }'],
  [{ 'impersonate-uid': 'x' }, '{UID  x  authentication.k8s.io/v1  }'],
  [{ 'impersonate-extra-scopes': 'a' }, '{UserExtra  a  authentication.k8s.io/v1  scopes}'],
]
for (const [headers, said] of lonely)
  test(`nobody acts as ${said} without a name`, async () => {
    const answer = await ask('GET', maps, { headers })
    assert.is(answer.status, 500)
    assert.is(answer.text, `Internal Server Error: "${maps}": requested [${said}] without impersonating a user\n`)
  })

test('an object that is read at version 0 replaces any', async () => {
  const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', resourceVersion: '0' }, data: { a: 'b' } }
  assert.is((await ask('PUT', `${maps}/c`, { body: JSON.stringify(body) })).status, 200)
})

test('an object of another uid is neither replaced nor deleted', async () => {
  const uid = registry.get('configmaps', 'c', 'default').metadata.uid
  const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', uid: 'other' } }
  const replaced = await ask('PUT', `${maps}/c`, { body: JSON.stringify(body) })
  assert.match(replaced.body.message, `Precondition failed: UID in precondition: other, UID in object meta: ${uid}`)
  const options = JSON.stringify({ preconditions: { uid: 'other' } })
  // Node sends no body with DELETE unless told how long it is.
  const headers = { 'content-length': String(options.length) }
  const deleted = await ask('DELETE', `${maps}/c`, { body: options, headers })
  assert.is(
    deleted.body.message,
    `Operation cannot be fulfilled on ConfigMap "c": the UID in the precondition (other) does not match the UID in record (${uid}). The object might have been deleted and then recreated`,
  )
})

test('discovery tells by a hash in which version objects are stored', async () => {
  const { body } = await ask('GET', '/api/v1')
  const hash = (name: string) =>
    body.resources.find((resource: { name: string }) => resource.name === name).storageVersionHash
  assert.equal([hash('pods'), hash('events'), hash('bindings')], ['xPOwRZ+Yhw8=', 'r2yiGXH7wu8=', undefined])
})

test('groups of definitions come last, by their names', async () => {
  const accept = 'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList'
  const { body } = await ask('GET', '/apis', { headers: { accept } })
  assert.equal(
    body.items.slice(-5).map(({ metadata }: { metadata: { name: string } }) => metadata.name),
    [
      'flowcontrol.apiserver.k8s.io',
      'extensions.istio.io',
      'networking.istio.io',
      'security.istio.io',
      'telemetry.istio.io',
    ],
  )
})

test.after(() => api.close())
test.run()
