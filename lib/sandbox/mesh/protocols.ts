/** Whether a server of this protocol takes HTTP as it is: all that the sandbox's gateways speak. */
export function isPlainHttp(protocol = ''): boolean {
  return ['http', 'http2', 'grpc', 'grpc-web', 'http_proxy'].includes(protocol.toLowerCase())
}
