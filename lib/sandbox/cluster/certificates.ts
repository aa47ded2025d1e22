/** The certificates of a cluster: an authority of its own, those it has signed, and the mesh's authority. */
import { randomBytes, type webcrypto } from 'node:crypto'
import type { Extension, Pkcs10CertificateRequest, X509Certificate } from '@peculiar/x509'
import { provideReflection } from './reflection.ts'

export interface Certificates {
  /** The cluster's own authority. Its key is thrown away: it signs nothing more. */
  authority: string
  server: string
  serverKey: string
  /** What kubectl shows to be the cluster's administrator. */
  administrator: string
  administratorKey: string
  /** What istiod gives out as the mesh's root. */
  meshAuthority: string
  /** What the kubelet asked for when it joined, and was given. */
  kubelet: { request: string; certificate: string }
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const YEARS = 10
/** As kubeadm names whom it gives its administrator's kubeconfig, since Kubernetes 1.29. */
const ADMINISTRATOR = 'O=kubeadm:cluster-admins, CN=kubernetes-admin'

/** @param node the name of the cluster's node */
export async function makeCertificates(node: string): Promise<Certificates> {
  provideReflection()
  // Large, and of no use to the other commands of the same program.
  const x509 = await import('@peculiar/x509')
  const pem = (certificate: X509Certificate | Pkcs10CertificateRequest) => `${certificate.toString('pem')}\n`
  const pemOfKey = async ({ privateKey }: webcrypto.CryptoKeyPair) => {
    const key = Buffer.from(await crypto.subtle.exportKey('pkcs8', privateKey)).toString('base64')
    return `-----BEGIN PRIVATE KEY-----\n${key.replace(/.{64}(?=.)/g, '$&\n')}\n-----END PRIVATE KEY-----\n`
  }
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

  const [authorityKeys, serverKeys, administratorKeys, kubeletKeys, meshKeys] = await Promise.all([
    keyPair(),
    keyPair(),
    keyPair(),
    keyPair(),
    keyPair(),
  ])
  const authority = await selfSigned('CN=kubernetes', authorityKeys)
  const signed = (subject: string, keys: webcrypto.CryptoKeyPair, usage: string, names: Extension[] = []) =>
    x509.X509CertificateGenerator.create({
      ...validity,
      serialNumber: serial(),
      subject,
      issuer: authority.subject,
      publicKey: keys.publicKey,
      signingKey: authorityKeys.privateKey,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([usage]),
        ...names,
      ],
    })
  const loopback = new x509.SubjectAlternativeNameExtension([
    { type: 'ip', value: '127.0.0.1' },
    { type: 'dns', value: 'localhost' },
    { type: 'dns', value: 'kubernetes.default.svc' },
  ])
  const server = await signed('CN=kube-apiserver', serverKeys, x509.ExtendedKeyUsage.serverAuth, [loopback])
  const kubelet = `O=system:nodes, CN=system:node:${node}`
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: kubelet,
    keys: kubeletKeys,
    signingAlgorithm: algorithm,
  })
  const administrator = await signed(ADMINISTRATOR, administratorKeys, x509.ExtendedKeyUsage.clientAuth)
  return {
    authority: pem(authority),
    server: pem(server),
    serverKey: await pemOfKey(serverKeys),
    administrator: pem(administrator),
    administratorKey: await pemOfKey(administratorKeys),
    meshAuthority: pem(await selfSigned('O=cluster.local', meshKeys)),
    kubelet: {
      request: pem(request),
      certificate: pem(await signed(kubelet, kubeletKeys, x509.ExtendedKeyUsage.clientAuth)),
    },
  }
}

/** Positive, as RFC 5280 wants it. */
function serial(): string {
  const bytes = randomBytes(16)
  bytes[0] = ((bytes[0] as number) & 0x7f) | 0x40
  return bytes.toString('hex')
}
