/** What roles and bindings let somebody do, asked as the administrator may ask for others. */
import * as assert from 'uvu/assert'
import { suite } from '../../support/suite.ts'
import { startTestApi } from './api.ts'

const test = suite('access')
const api = await startTestApi()
const { registry } = api
const rbac = 'rbac.authorization.k8s.io'
const maps = '/api/v1/namespaces/default/configmaps'

registry.create(`roles.${rbac}`, {
  apiVersion: `${rbac}/v1`,
  kind: 'Role',
  metadata: { name: 'reader', namespace: 'default' },
  rules: [
    { verbs: ['get', 'list'], apiGroups: [''], resources: ['configmaps'] },
    { verbs: ['update'], apiGroups: ['apps'], resources: ['deployments/scale'] },
    { verbs: ['*'], apiGroups: [''], resources: ['secrets'], resourceNames: ['own'] },
  ],
})
const bind = (name: string, role: string, subject: object) =>
  registry.create(`rolebindings.${rbac}`, {
    apiVersion: `${rbac}/v1`,
    kind: 'RoleBinding',
    metadata: { name, namespace: 'default' },
    roleRef: { apiGroup: rbac, kind: 'Role', name: role },
    subjects: [subject],
  })
bind('anna-reads', 'reader', { kind: 'User', apiGroup: rbac, name: 'anna' })
bind('bot-reads', 'reader', { kind: 'ServiceAccount', name: 'bot', namespace: 'default' })
bind('ben-nothing', 'missing', { kind: 'User', apiGroup: rbac, name: 'ben' })

const scale = '/apis/apps/v1/namespaces/default/deployments/x/scale'
const rows: readonly [user: string, groups: string, method: string, path: string, status: number][] = [
  ['anna', '', 'GET', maps, 200],
  ['anna', '', 'GET', `${maps}/nothing`, 404],
  ['anna', '', 'GET', `${maps}?watch=1`, 403],
  ['anna', '', 'POST', maps, 403],
  ['anna', '', 'DELETE', maps, 403],
  ['anna', '', 'GET', '/api/v1/configmaps', 403],
  ['anna', '', 'GET', '/api/v1/namespaces/istio-system/configmaps', 403],
  ['anna', '', 'GET', '/api/v1/namespaces/default/secrets/own', 404],
  ['anna', '', 'GET', '/api/v1/namespaces/default/secrets/other', 403],
  ['anna', '', 'GET', '/api/v1/namespaces/default/secrets', 403],
  ['anna', '', 'GET', '/api/v1/namespaces/default/secrets?fieldSelector=metadata.name=own', 200],
  ['anna', '', 'GET', scale, 403],
  ['anna', '', 'PUT', scale, 404],
  ['anna', '', 'GET', '/healthz', 200],
  ['anna', '', 'GET', '/metrics', 403],
  ['system:serviceaccount:default:bot', '', 'GET', maps, 200],
  ['system:serviceaccount:default:other', '', 'GET', maps, 403],
  ['carl', 'system:masters', 'GET', '/api/v1/nodes', 200],
  ['carl', '', 'GET', '/api/v1/nodes', 403],
]

for (const [user, groups, method, path, status] of rows)
  test(`${user}${groups ? ` of ${groups}` : ''} is answered ${status} to ${method} ${path}`, async () => {
    const headers = { 'impersonate-user': user, ...(groups ? { 'impersonate-group': groups } : {}) }
    const isPut = method === 'PUT' ? { body: '{"spec":{"replicas":1}}' } : {}
    const answer = await api.ask(method, path, { headers, ...isPut })
    assert.is(answer.status, status, answer.text)
  })

const reviews = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'
const reviewed = async (user: string, resourceAttributes: object) => {
  const body = JSON.stringify({ spec: { resourceAttributes } })
  return (await api.ask('POST', reviews, { headers: { 'impersonate-user': user }, body })).body.status
}

test('who is allowed something hears by which binding', async () => {
  const status = await reviewed('anna', { verb: 'get', resource: 'configmaps', namespace: 'default' })
  assert.equal(status, {
    allowed: true,
    reason: 'RBAC: allowed by RoleBinding "anna-reads/default" of Role "reader" to User "anna"',
  })
})

test('who is bound to a role that is missing hears which', async () => {
  const status = await reviewed('ben', { verb: 'get', resource: 'configmaps', namespace: 'default' })
  assert.equal(status, { allowed: false, reason: 'RBAC: role.rbac.authorization.k8s.io "missing" not found' })
})

test('a review that asks for nothing is refused', async () => {
  const { status, body } = await api.ask('POST', reviews, { body: '{"spec":{}}' })
  assert.is(status, 422)
  assert.match(body.message, 'exactly one of nonResourceAttributes or resourceAttributes must be specified')
})

test('the administrator is known by name and groups', async () => {
  const { body } = await api.ask('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', { body: '{}' })
  assert.is(body.status.userInfo.username, 'kubernetes-admin')
})

test.after(() => api.close())
test.run()
