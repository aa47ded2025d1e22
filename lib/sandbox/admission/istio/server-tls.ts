/** `tls` of servers: of Gateways, and of what comes in to a Sidecar. */
import type { Problems } from './problems.ts'

export interface ServerTls {
  mode?: string
  httpsRedirect?: boolean
  credentialName?: string
  serverCertificate?: string
  privateKey?: string
  caCertificates?: string
  subjectAltNames?: readonly string[]
  minProtocolVersion?: string
  cipherSuites?: readonly string[]
}

export function checkServerTls(tls: ServerTls, problems: Problems): void {
  checkVersions(tls, problems)
  const { mode = 'PASSTHROUGH', credentialName, serverCertificate, privateKey, caCertificates } = tls
  if (mode === 'ISTIO_MUTUAL') {
    const own: readonly [string | undefined, string][] = [
      [serverCertificate, 'server certificate'],
      [privateKey, 'private key'],
      [caCertificates, 'CA bundle'],
      [credentialName, 'credentialName'],
    ]
    for (const [value, what] of own) if (value) problems.add(`ISTIO_MUTUAL TLS cannot have associated ${what}`)
  } else if (mode.endsWith('PASSTHROUGH')) {
    if (serverCertificate || privateKey || caCertificates || credentialName)
      problems.warn(`${mode} mode does not use certificates, they will be ignored`)
  } else if (!credentialName) {
    const word = mode === 'SIMPLE' ? 'SIMPLE' : 'MUTUAL'
    if (!serverCertificate) problems.add(`${word} TLS requires a server certificate`)
    if (!privateKey) problems.add(`${word} TLS requires a private key`)
    if (word === 'MUTUAL' && !caCertificates) problems.add('MUTUAL TLS requires a client CA bundle')
  }
}

const knownCiphers: ReadonlySet<string> = new Set([
  ...['ECDHE-ECDSA', 'ECDHE-RSA'].flatMap((exchange) =>
    ['AES128-GCM-SHA256', 'AES256-GCM-SHA384', 'CHACHA20-POLY1305', 'AES128-SHA', 'AES256-SHA'].map(
      (cipher) => `${exchange}-${cipher}`,
    ),
  ),
  'AES128-GCM-SHA256',
  'AES256-GCM-SHA384',
  'AES128-SHA',
  'AES256-SHA',
  'DES-CBC3-SHA',
])

/** Names that begin with a sign are expressions, which nobody looks into. */
function isCipher(name: string): boolean {
  return name === '' || name === 'ALL' || !/^[\p{N}\p{L}]/u.test(name) || knownCiphers.has(name)
}

function checkVersions({ minProtocolVersion = '', cipherSuites = [] }: ServerTls, problems: Problems): void {
  if (['TLSV1_0', 'TLSV1_1'].includes(minProtocolVersion) && cipherSuites.length === 0)
    problems.warn(
      'TLS version below TLSV1_2 require setting compatible ciphers as by default they no longer include compatible ciphers.',
    )
  const list = (names: readonly string[]) => `[${[...new Set(names)].sort().join(' ')}]`
  const invalid = cipherSuites.filter((name) => !isCipher(name))
  const repeated = cipherSuites.filter((name, index) => isCipher(name) && cipherSuites.indexOf(name) !== index)
  if (invalid.length > 0) problems.warn(`ignoring invalid cipher suites: ${list(invalid)}`)
  if (repeated.length > 0) problems.warn(`ignoring duplicate cipher suites: ${list(repeated)}`)
}
