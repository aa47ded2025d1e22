import * as assert from 'uvu/assert'
import { checkCertificateRequest } from '../../../../lib/sandbox/schema/validation/certificates.ts'
import { suite } from '../../../support/suite.ts'

const test = suite('validation of requests for certificates')

const pem = Buffer.from('-----BEGIN CERTIFICATE REQUEST-----\nMA==\n-----END CERTIFICATE REQUEST-----\n')
const spec = { request: pem.toString('base64'), signerName: 'a.example/b', usages: ['client auth'] }

/** As a real cluster answers. */
const rows: readonly [change: object, problems: readonly string[]][] = [
  [{}, []],
  [
    { request: 'QkVH' },
    ['spec.request: Invalid value: []byte{0x42, 0x45, 0x47}: PEM block type must be CERTIFICATE REQUEST'],
  ],
  [{ usages: [] }, ['spec.usages: Required value']],
  [{ usages: ['client auth', 'client auth'] }, ['spec.usages[1]: Duplicate value: "client auth"']],
  [
    { expirationSeconds: 5 },
    ['spec.expirationSeconds: Invalid value: 5: may not specify a duration less than 600 seconds (10 minutes)'],
  ],
]

for (const [change, expected] of rows)
  test(`${JSON.stringify(change)}: ${expected.join() || 'nothing'}`, () => {
    const object = { apiVersion: 'certificates.k8s.io/v1', kind: 'CertificateSigningRequest', metadata: { name: 'a' } }
    const problems = checkCertificateRequest({ ...object, spec: { ...spec, ...change } })
    assert.equal(
      problems.map(({ field, message }) => `${field}: ${message}`),
      expected,
    )
  })

test.run()
