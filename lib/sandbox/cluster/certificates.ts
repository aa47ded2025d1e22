/** The certificates of a cluster: an authority of its own, the API's, and the mesh's authority. */
import { randomBytes, type webcrypto } from 'node:crypto'
import type { X509Certificate } from '@peculiar/x509'
import { provideReflection } from './reflection.ts'

export interface Certificates {
  /** The cluster's own authority. Its key is thrown away: it signs nothing more. */
  authority: string
  server: string
  serverKey: string
  /** What istiod gives out as the mesh's root. */
  meshAuthority: string
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const YEARS = 10

export async function makeCertificates(): Promise<Certificates> {
  provideReflection()
  // Large, and of no use to the other commands of the same program.
  const x509 = await import('@peculiar/x509')
  const pem = (certificate: X509Certificate) => `${certificate.toString('pem')}\n`
  const notBefore = new Date(Date.now() - 3_600_000)
  const notAfter = new Date(notBefore)
  notAfter.setFullYear(notAfter.getFullYear() + YEARS)
  const validity = { notBefore, notAfter, signingAlgorithm: algorithm }
  const keyPair = () => crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const selfSigned = async (name: string, keys: webcrypto.CryptoKeyPair) =>
    x509.X509CertificateGenerator.createSelfSigned({
      ...validity,
      name,
      keys,
      serialNumber: serial(),
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.digitalSignature, true),
      ],
    })

  const [authorityKeys, serverKeys, meshKeys] = await Promise.all([keyPair(), keyPair(), keyPair()])
  const authority = await selfSigned('CN=kubernetes', authorityKeys)
  const server = await x509.X509CertificateGenerator.create({
    ...validity,
    serialNumber: serial(),
    subject: 'CN=kube-apiserver',
    issuer: authority.subject,
    publicKey: serverKeys.publicKey,
    signingKey: authorityKeys.privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        { type: 'ip', value: '127.0.0.1' },
        { type: 'dns', value: 'localhost' },
        { type: 'dns', value: 'kubernetes.default.svc' },
      ]),
    ],
  })
  const key = Buffer.from(await crypto.subtle.exportKey('pkcs8', serverKeys.privateKey)).toString('base64')
  return {
    authority: pem(authority),
    server: pem(server),
    serverKey: `-----BEGIN PRIVATE KEY-----\n${key.replace(/.{64}(?=.)/g, '$&\n')}\n-----END PRIVATE KEY-----\n`,
    meshAuthority: pem(await selfSigned('O=cluster.local', meshKeys)),
  }
}

/** Positive, as RFC 5280 wants it. */
function serial(): string {
  const bytes = randomBytes(16)
  bytes[0] = ((bytes[0] as number) & 0x7f) | 0x40
  return bytes.toString('hex')
}
