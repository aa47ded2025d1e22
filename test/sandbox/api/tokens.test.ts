/** Tokens of service accounts: asked for, shown, reviewed. */
import * as assert from 'uvu/assert'
import { suite } from '../../support/suite.ts'
import { startTestApi } from './api.ts'

const test = suite('tokens')
const api = await startTestApi()
const { registry, ask } = api
const account = (name: string) =>
  registry.create('serviceaccounts', {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name, namespace: 'default' },
  })
const bot = account('bot')
const accounts = '/api/v1/namespaces/default/serviceaccounts'

const requested = (spec: object, name = 'bot') =>
  ask('POST', `${accounts}/${name}/token`, { body: JSON.stringify({ spec }) })
const whoIs = (as: string, headers = {}) =>
  ask('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', { as, headers, body: '{}' })
const review = (spec: object) =>
  ask('POST', '/apis/authentication.k8s.io/v1/tokenreviews', { body: JSON.stringify({ spec }) })

test('who shows the token of an account is that account', async () => {
  const { status, body } = await requested({})
  assert.is(status, 201)
  assert.is(body.spec.expirationSeconds, 3600)
  const { userInfo } = (await whoIs(body.status.token)).body.status
  assert.equal(userInfo, {
    username: 'system:serviceaccount:default:bot',
    uid: bot.metadata.uid,
    groups: ['system:serviceaccounts', 'system:serviceaccounts:default', 'system:authenticated'],
  })
})

test('an account acts as somebody else only where a role lets it', async () => {
  const { token } = (await requested({})).body.status
  const { status, body } = await whoIs(token, { 'impersonate-user': 'anna' })
  assert.is(status, 403)
  assert.is(
    body.message,
    'users "anna" is forbidden: User "system:serviceaccount:default:bot" cannot impersonate resource "users" in API group "" at the cluster scope',
  )
})

test('a token that was changed, is for others, or whose account has gone is nobody’s', async () => {
  const { token } = (await requested({})).body.status
  assert.is((await whoIs(`${token.slice(0, -2)}AA`)).status, 401)
  assert.is((await whoIs((await requested({ audiences: ['others'] })).body.status.token)).status, 401)
  account('short')
  const { token: old } = (await requested({}, 'short')).body.status
  await ask('DELETE', `${accounts}/short`)
  assert.is((await whoIs(old)).status, 401)
})

const refused: readonly [spec: object, status: number, message: RegExp][] = [
  [{ expirationSeconds: 10 }, 422, /may not specify a duration less than 10 minutes/],
  [{ expirationSeconds: 2 ** 33 }, 422, /may not specify a duration larger than 2\^32 seconds/],
  [{ boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name: 'none' } }, 404, /^pods "none" not found$/],
  [{ boundObjectRef: { apiVersion: 'v1', kind: 'Node', name: 'n' } }, 400, /to object of type \/v1, Kind=Node$/],
]
for (const [spec, status, message] of refused)
  test(`a request for a token is refused: ${JSON.stringify(spec)}`, async () => {
    const answer = await requested(spec)
    assert.is(answer.status, status)
    assert.match(answer.body.message, message)
  })

test('a request for a token in a namespace that is not there says so', async () => {
  const path = '/api/v1/namespaces/nowhere/serviceaccounts/default/token'
  const { status, body } = await ask('POST', path, { body: '{"spec":{}}' })
  assert.equal([status, body.message], [404, 'namespaces "nowhere" not found'])
})

test('a review tells whose a token is, and for whom it is meant', async () => {
  const { token } = (await requested({ audiences: ['a', 'b'] })).body.status
  const { status } = (await review({ token, audiences: ['b'] })).body
  assert.is(status.user.username, 'system:serviceaccount:default:bot')
  assert.equal([status.authenticated, status.audiences], [true, ['b']])
  const { status: other } = (await review({ token, audiences: ['c'] })).body
  assert.is(other.authenticated, undefined)
  assert.match(other.error, /token audiences \["a" "b"\] is invalid for the target audiences \["c"\]/)
})

test('others find the keys by which tokens are told', async () => {
  const { body } = await ask('GET', '/openid/v1/jwks')
  assert.is(body.keys[0].kty, 'EC')
  assert.is((await ask('GET', '/.well-known/openid-configuration')).body.jwks_uri.split('/').at(-1), 'jwks')
})

test.after(() => api.close())

test.run()
