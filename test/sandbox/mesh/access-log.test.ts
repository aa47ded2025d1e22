import { equal } from 'node:assert/strict'
import { accessLine } from '../../../lib/sandbox/mesh/access-log.ts'
import { suite } from '../../support/suite.ts'

const test = suite('access log lines')

test("are those of Envoy in Istio's format, with a dash for what is not there", () => {
  const line = accessLine({
    start: Date.UTC(2026, 10, 24, 1, 38, 13, 417),
    method: 'GET',
    path: '/dead',
    protocol: 'HTTP/1.1',
    status: 503,
    flags: 'UF',
    details:
      'upstream_reset_before_response_started{remote_connection_failure|delayed_connect_error:_Connection_refused}',
    transportFailure: 'delayed_connect_error:_Connection_refused',
    received: 0,
    sent: 167,
    duration: 1.4,
    upstreamTime: '',
    forwardedFor: '192.0.2.2',
    userAgent: 'curl/7.88.1',
    requestId: '3e55d664-b8e0-4b22-8c24-e03684b1a188',
    authority: '127.0.0.1:19100',
    upstreamHost: '127.0.0.1:9',
    cluster: 'dead',
    upstreamLocal: '',
    local: '127.0.0.1:19100',
    remote: '127.0.0.1:45150',
    serverName: '',
    route: 'deadroute',
  })
  // Written by Envoy 1.36.
  equal(
    line,
    '[2026-11-24T01:38:13.417Z] "GET /dead HTTP/1.1" 503 UF upstream_reset_before_response_started{remote_connection_failure|delayed_connect_error:_Connection_refused} - "delayed_connect_error:_Connection_refused" 0 167 1 - "192.0.2.2" "curl/7.88.1" "3e55d664-b8e0-4b22-8c24-e03684b1a188" "127.0.0.1:19100" "127.0.0.1:9" dead - 127.0.0.1:19100 127.0.0.1:45150 - deadroute',
  )
})

test.run()
