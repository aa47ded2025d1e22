/** Protocols of ports; their case does not matter. */

const families = {
  http: ['http', 'http2', 'http_proxy', 'grpc', 'grpc-web'],
  tls: ['https', 'tls'],
  tcp: ['tcp', 'https', 'tls', 'mongo', 'redis', 'mysql'],
} as const

const known: readonly string[] = [...families.http, ...families.tcp, 'udp']

export function isKnownProtocol(protocol = ''): boolean {
  return known.includes(protocol.toLowerCase())
}

/** Whether a protocol is carried by another one: HTTPS is one of tls, and of tcp. */
export function hasProtocol(protocol: string | undefined, family: keyof typeof families): boolean {
  return (families[family] as readonly string[]).includes((protocol ?? '').toLowerCase())
}

/** Where none may be named: then istiod finds out by itself. */
export function checkProtocol(protocol = ''): string | undefined {
  return protocol === '' || isKnownProtocol(protocol) ? undefined : `unsupported protocol: ${protocol}`
}
