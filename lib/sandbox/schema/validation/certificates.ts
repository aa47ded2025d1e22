/** Requests for certificates. */
import type { KubeObject } from '../../objects.ts'
import { asGo, duplicates, each, invalid, oneOf, type Problem, required } from './problems.ts'

/** k8s.io/api/certificates/v1, as the server lists them. */
const usages = [
  'any',
  'cert sign',
  'client auth',
  'code signing',
  'content commitment',
  'crl sign',
  'data encipherment',
  'decipher only',
  'digital signature',
  'email protection',
  'encipher only',
  'ipsec end system',
  'ipsec tunnel',
  'ipsec user',
  'key agreement',
  'key encipherment',
  'microsoft sgc',
  'netscape sgc',
  'ocsp signing',
  's/mime',
  'server auth',
  'signing',
  'timestamping',
]

/** Ten minutes. */
const LEAST_SECONDS = 600

export function checkCertificateRequest({ spec = {} }: KubeObject): Problem[] {
  const bytes = Buffer.from(spec.request ?? '', 'base64')
  const seconds = spec.expirationSeconds
  return [
    ...(/-----BEGIN CERTIFICATE REQUEST-----\r?\n/.test(bytes.toString('latin1'))
      ? []
      : [invalid('spec.request', goBytes(bytes), 'PEM block type must be CERTIFICATE REQUEST')]),
    ...(spec.usages?.length ? [] : [required('spec.usages')]),
    ...each(spec.usages, 'spec.usages', (usage, at) => oneOf(usage, at, usages)),
    ...duplicates(spec.usages ?? [], (index) => `spec.usages[${index}]`),
    ...(spec.signerName ? [] : [required('spec.signerName')]),
    ...(seconds !== undefined && seconds < LEAST_SECONDS
      ? [
          invalid(
            'spec.expirationSeconds',
            seconds,
            `may not specify a duration less than ${LEAST_SECONDS} seconds (10 minutes)`,
          ),
        ]
      : []),
  ]
}

function goBytes(bytes: Buffer) {
  return asGo(`[]byte{${[...bytes].map((byte) => `0x${byte.toString(16)}`).join(', ')}}`)
}
