/** Who a client is by what it shows: a certificate, a token, or nothing. */
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { Agent, request } from 'node:https'
import type { TLSSocket } from 'node:tls'
import * as assert from 'uvu/assert'
import { makeCertificates } from '../../../lib/sandbox/cluster/certificates.ts'
import { suite } from '../../support/suite.ts'
import { type Identity, startTestApi } from './api.ts'

const test = suite('sign-in')
const api = await startTestApi()
const whoami = '/apis/authentication.k8s.io/v1/selfsubjectreviews'
const certificates = await makeCertificates('kind-control-plane')
const stranger: Identity = { cert: certificates.administrator, key: certificates.administratorKey }

test("the administrator is known by the kubeconfig's certificate", async () => {
  const { body } = await api.ask('POST', whoami, { body: '{}' })
  const { username, groups } = body.status.userInfo
  assert.equal([username, groups], ['kubernetes-admin', ['kubeadm:cluster-admins', 'system:authenticated']])
})

test('beside a certificate no token is looked at', async () => {
  const { status } = await api.ask('GET', '/api/v1/pods', { headers: { authorization: 'Bearer wrong' } })
  assert.is(status, 200)
})

test('a certificate of another authority is refused', async () => {
  const { status, body } = await api.ask('GET', '/version', { identity: stranger })
  assert.equal([status, body.message], [401, 'Unauthorized'])
})

test('a server of this authority is no client', async () => {
  const { cert, key } = api.server
  assert.is((await api.ask('GET', '/api/v1/pods', { identity: { cert, key } })).status, 401)
})

for (const [who, identity, status] of [
  ['nobody', {}, 403],
  ['the administrator', api.administrator, 200],
] as const)
  test(`a session that is taken up again is still ${who}'s`, async () => {
    // Keeps sessions, not connections.
    const agent = new Agent({ rejectUnauthorized: false, ...identity })
    const answers: [status: number, reused: boolean][] = []
    for (let i = 0; i < 2; i++) {
      const outgoing = request({ host: '127.0.0.1', port: api.port, path: '/api/v1/pods', agent }).end()
      const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
      answers.push([response.statusCode ?? 0, (response.socket as TLSSocket).isSessionReused()])
      await once(response.resume(), 'end')
    }
    assert.equal(answers, [
      [status, false],
      [status, true],
    ])
  })

test.after(() => api.close())
test.run()
