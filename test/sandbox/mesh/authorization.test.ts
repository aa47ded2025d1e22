import { equal } from 'node:assert/strict'
import { Authorization, type AuthorizationPolicy } from '../../../lib/sandbox/mesh/authorization.ts'
import { pod, request } from '../../support/mesh.ts'
import { suite } from '../../support/suite.ts'

const test = suite('authorization policies')

const asked = pod({ name: 'a', labels: { app: 'a' } })
const source = { principal: 'cluster.local/ns/default/sa/b', ip: '10.244.0.7', remoteIp: '172.18.0.1' }
const get = request({ path: '/a/b?c=d', authority: 'A.example', headers: { 'x-a': 'one', 'x-empty': '' } })

function policy(spec: object, name = 'p', namespace = 'default'): AuthorizationPolicy {
  return { apiVersion: 'v1', kind: 'AuthorizationPolicy', metadata: { name, namespace }, spec } as AuthorizationPolicy
}

const refusal = (...policies: AuthorizationPolicy[]) =>
  new Authorization(policies).refusal(asked, { request: get, source, destinationIp: '10.244.0.5', port: 9080 })

const none = 'rbac_access_denied_matched_policy[none]'
const operation = (fields: object) => ({ rules: [{ to: [{ operation: fields }] }] })
const from = (fields: object) => ({ rules: [{ from: [{ source: fields }] }] })
const when = (key: string, fields: object) => ({ rules: [{ when: [{ key, ...fields }] }] })

test('without a policy all may pass', () => equal(refusal(), undefined))

/** What allows, and whether it allows this request. */
const allowing: readonly [string, object, boolean][] = [
  ['nothing', {}, false],
  ['everything', { rules: [{}] }, true],
  ['the method', operation({ methods: ['GET'] }), true],
  ['another method', operation({ methods: ['POST'] }), false],
  ['all other methods', operation({ notMethods: ['POST'] }), true],
  ['the path without its query', operation({ paths: ['/a/b'] }), true],
  ['the beginning of the path', operation({ paths: ['/a/*'] }), true],
  ['the end of the path', operation({ paths: ['*/b'] }), true],
  ['any path', operation({ paths: ['*'] }), true],
  ['the path, but not the method', operation({ paths: ['/a/b'], methods: ['PUT'] }), false],
  ['the host in any case', operation({ hosts: ['a.example'] }), true],
  ['the port', operation({ ports: ['9080'] }), true],
  ['another port', operation({ ports: ['80'] }), false],
  ['the client', from({ principals: ['cluster.local/ns/default/sa/b'] }), true],
  ['another client', from({ principals: ['cluster.local/ns/default/sa/c'] }), false],
  ['the namespace', from({ namespaces: ['default'] }), true],
  ['other namespaces', from({ notNamespaces: ['default'] }), false],
  ['the address', from({ ipBlocks: ['10.244.0.0/16'] }), true],
  ['where it came from first', from({ remoteIpBlocks: ['172.18.0.1'] }), true],
  ['who has a token', from({ requestPrincipals: ['*'] }), false],
  ['a header', when('request.headers[X-A]', { values: ['o*'] }), true],
  ['another value of the header', when('request.headers[x-a]', { values: ['two'] }), false],
  ['a header that is there, and empty', when('request.headers[x-empty]', { values: ['*'] }), true],
  ['a header that is not there', when('request.headers[x-b]', { values: ['*'] }), false],
  ['without a value', when('request.headers[x-b]', { notValues: ['one'] }), true],
  ['the destination', when('destination.port', { values: ['9080'] }), true],
]

for (const [what, spec, isAllowed] of allowing)
  test(`allows ${what}`, () => equal(refusal(policy(spec)), isAllowed ? undefined : none))

test('who denies has the last word, and says which rule it was', () => {
  const deny = { action: 'DENY', rules: [{ to: [{ operation: { methods: ['PUT'] } }] }, {}] }
  equal(
    refusal(policy({ rules: [{}] }), policy(deny, 'd')),
    'rbac_access_denied_matched_policy[ns[default]-policy[d]-rule[1]]',
  )
})

test('policies are for the pods they select, in their namespace or everywhere', () => {
  equal(refusal(policy({ selector: { matchLabels: { app: 'a' } } })), none)
  equal(refusal(policy({ selector: { matchLabels: { app: 'b' } } })), undefined)
  equal(refusal(policy({}, 'p', 'other')), undefined)
  equal(refusal(policy({}, 'p', 'istio-system')), none)
})

test.run()
