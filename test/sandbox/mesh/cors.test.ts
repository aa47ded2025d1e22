import { deepEqual, equal } from 'node:assert/strict'
import { answerPreflight, corsHeaders } from '../../../lib/sandbox/mesh/cors.ts'
import type { CorsPolicy } from '../../../lib/sandbox/mesh/types.ts'
import { request } from '../../support/mesh.ts'
import { suite } from '../../support/suite.ts'

const test = suite('requests across origins')
const policy: CorsPolicy = {
  allowOrigins: [{ exact: 'https://a.example' }, { regex: 'https://.*\\.b\\.example' }],
  allowMethods: ['GET', 'PUT'],
  allowHeaders: ['x-a'],
  exposeHeaders: ['x-b', 'x-c'],
  maxAge: '1m30s',
  allowCredentials: true,
}

const asking = (origin: string) =>
  request({ headers: { origin, 'access-control-request-method': 'PUT' }, method: 'OPTIONS' })

test('a question before the request is answered for a listed site', () => {
  deepEqual(answerPreflight(policy, asking('https://x.b.example')), {
    status: 200,
    headers: {
      'access-control-allow-origin': 'https://x.b.example',
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'GET,PUT',
      'access-control-allow-headers': 'x-a',
      'access-control-expose-headers': 'x-b,x-c',
      'access-control-max-age': '90',
    },
    body: '',
  })
})

test('other sites and other requests are passed on', () => {
  equal(answerPreflight(policy, asking('https://b.example')), undefined)
  equal(answerPreflight(policy, { ...asking('https://a.example'), method: 'GET' }), undefined)
  equal(answerPreflight(policy, request({ method: 'OPTIONS', headers: { origin: 'https://a.example' } })), undefined)
})

test('the answer itself says who may read it', () => {
  deepEqual(corsHeaders(policy, request({ headers: { origin: 'https://a.example' } })), {
    'access-control-allow-origin': 'https://a.example',
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': 'x-b,x-c',
  })
  deepEqual(corsHeaders(policy, request({ headers: { origin: 'https://evil.example' } })), {})
  deepEqual(corsHeaders(policy, request()), {})
})

test.run()
