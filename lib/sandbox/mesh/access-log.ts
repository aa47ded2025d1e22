/** Envoy's access log in Istio's default format (meshConfig.accessLogFile of profile demo). */

interface Access {
  start: number
  method: string
  path: string
  /** `HTTP/1.1` */
  protocol: string
  status: number
  /** `NR`, `UH`, `UF`, `URX`, `UT`, `DI`, `FI`; `-` for none. */
  flags: string
  /** What decided the status: `via_upstream`, `route_not_found`. */
  details: string
  transportFailure: string
  received: number
  sent: number
  /** Milliseconds. */
  duration: number
  upstreamTime: string
  forwardedFor: string
  userAgent: string
  requestId: string
  authority: string
  upstreamHost: string
  cluster: string
  upstreamLocal: string
  local: string
  remote: string
  serverName: string
  route: string
}

/** A port as a client's end of a connection has; made from the time, since no connection is there. */
export function ephemeral(seed: number): number {
  return 32_768 + (Math.floor(seed) % 28_000)
}

export function accessLine(entry: Access): string {
  const quoted = (text: string) => `"${text === '' ? '-' : text}"`
  const plain = (text: string) => (text === '' ? '-' : text)
  return [
    `[${new Date(entry.start).toISOString()}]`,
    `"${entry.method} ${entry.path} ${entry.protocol}"`,
    entry.status,
    plain(entry.flags),
    plain(entry.details),
    '-',
    quoted(entry.transportFailure),
    entry.received,
    entry.sent,
    Math.round(entry.duration),
    plain(entry.upstreamTime),
    quoted(entry.forwardedFor),
    quoted(entry.userAgent),
    quoted(entry.requestId),
    quoted(entry.authority),
    quoted(entry.upstreamHost),
    plain(entry.cluster),
    plain(entry.upstreamLocal),
    plain(entry.local),
    plain(entry.remote),
    plain(entry.serverName),
    plain(entry.route),
  ].join(' ')
}
