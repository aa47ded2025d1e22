import { createPrivateKey, X509Certificate } from 'node:crypto'
import * as assert from 'uvu/assert'
import { makeCertificates } from '../../../lib/sandbox/cluster/certificates.ts'
import { suite } from '../../support/suite.ts'

const test = suite('certificates')

test("the API's certificate is signed by the cluster's own authority, for loopback", async () => {
  const made = await makeCertificates('kind-control-plane')
  const [authority, server] = [new X509Certificate(made.authority), new X509Certificate(made.server)]
  assert.ok(authority.ca)
  assert.not(server.ca)
  assert.ok(server.verify(authority.publicKey))
  assert.ok(server.checkIssued(authority))
  assert.is(server.checkIP('127.0.0.1'), '127.0.0.1')
  assert.is(server.checkHost('localhost'), 'localhost')
  assert.is(server.checkHost('example.com'), undefined)
  assert.ok(server.checkPrivateKey(createPrivateKey(made.serverKey)))
})

test('the kubelet has one for its node, from the same authority', async () => {
  const { authority, kubelet } = await makeCertificates('lab-control-plane')
  const certificate = new X509Certificate(kubelet.certificate)
  assert.ok(certificate.verify(new X509Certificate(authority).publicKey))
  assert.is(certificate.subject, 'O=system:nodes\nCN=system:node:lab-control-plane')
  assert.match(kubelet.request, /^-----BEGIN CERTIFICATE REQUEST-----\n/)
})

test('no two clusters trust each other', async () => {
  const [one, two] = await Promise.all([makeCertificates('kind-control-plane'), makeCertificates('kind-control-plane')])
  const server = new X509Certificate(one.server)
  assert.not(server.verify(new X509Certificate(two.authority).publicKey))
  assert.is.not(new X509Certificate(one.authority).serialNumber, new X509Certificate(two.authority).serialNumber)
})

test('they are valid now and for years', async () => {
  const { server } = await makeCertificates('kind-control-plane')
  const { validFrom, validTo } = new X509Certificate(server)
  assert.ok(Date.parse(validFrom) < Date.now())
  assert.ok(Date.parse(validTo) > Date.now() + 9 * 365 * 24 * 3600 * 1000)
})

test('the mesh has another authority than the cluster', async () => {
  const made = await makeCertificates('kind-control-plane')
  assert.is.not(made.meshAuthority, made.authority)
  assert.ok(new X509Certificate(made.meshAuthority).ca)
})

test.run()
