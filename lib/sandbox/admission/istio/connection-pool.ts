import { checkDuration } from './durations.ts'
import type { Part } from './part.ts'
import type { Problems } from './problems.ts'

/** Numbers that may not be negative, and the words for them, in istiod's order. */
const ofHttp: readonly [field: string, words: string][] = [
  ['http1MaxPendingRequests', 'http1 max pending requests'],
  ['http2MaxRequests', 'http2 max requests'],
  ['maxRequestsPerConnection', 'max requests per connection'],
  ['maxRetries', 'max retries'],
]

export function checkConnectionPool({ http, tcp }: Part, problems: Problems): void {
  if (!http && !tcp) {
    problems.add('connection pool must have at least one field')
    return
  }
  const negative = (value: number | undefined, words: string) =>
    problems.add(value !== undefined && value < 0 ? `${words} must be non-negative` : undefined)
  if (http) {
    for (const [field, words] of ofHttp) negative(http[field], words)
    problems.add(checkDuration(http.idleTimeout))
    if (http.h2UpgradePolicy === 'UPGRADE' && http.useClientProtocol)
      problems.add('use client protocol must not be true when H2UpgradePolicy is UPGRADE')
    negative(http.maxConcurrentStreams, 'max concurrent streams')
  }
  if (!tcp) return
  negative(tcp.maxConnections, 'max connections')
  problems.add(checkDuration(tcp.connectTimeout), checkDuration(tcp.maxConnectionDuration))
}
