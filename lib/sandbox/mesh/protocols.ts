/** Which ports speak HTTP: all that rules can be about. */

/** Whether a server of this protocol takes HTTP as it is: all that the sandbox's gateways speak. */
export function isPlainHttp(protocol = ''): boolean {
  return ['http', 'http2', 'grpc', 'grpc-web', 'http_proxy'].includes(protocol.toLowerCase())
}

/** What istiod knows under a name, and takes for bytes. */
const opaque: ReadonlySet<string> = new Set([
  ...['tcp', 'udp', 'tls', 'https', 'kubernetes.io/wss'],
  ...['mongo', 'mysql', 'redis', 'hbone'],
])

/** SMTP, DNS, MySQL, MongoDB: where no protocol is named they are taken for TCP. */
export const wellKnownPorts: readonly number[] = [25, 53, 3306, 27017]

/** What proxies read of a port. */
export interface ServicePort {
  name?: string
  port: number
  appProtocol?: string
}

/**
 * Whether proxies take what comes to a Service's port for HTTP. The protocol is its appProtocol, or the first part of
 * its name (`tcp-reviews`); where neither is one, proxies look into what is sent, and find HTTP.
 */
export function speaksHttp({ name = '', port, appProtocol = name }: ServicePort): boolean {
  const [protocol = ''] = appProtocol.toLowerCase().split('-')
  return !opaque.has(protocol) && (isPlainHttp(protocol) || !wellKnownPorts.includes(port))
}
