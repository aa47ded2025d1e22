import { equal } from 'node:assert/strict'
import { formatValue } from '../../../lib/sandbox/mesh/format.ts'
import { exchange, request } from '../../support/mesh.ts'
import { suite } from '../../support/suite.ts'

const test = suite('variables in the values of headers')

const seen = exchange(request({ path: '/a?b=c', method: 'POST', headers: { 'x-in': 'value' }, body: 'abc' }), {
  response: { status: 503, headers: { 'content-type': 'text/plain' }, body: '' },
  flags: 'UH',
  details: 'no_healthy_upstream',
  cluster: 'outbound|9080||details.default.svc.cluster.local',
  upstream: '10.244.0.7:9080',
})

const cases: readonly [string, string][] = [
  ['plain', 'plain'],
  ['100%%', '100%'],
  ['%REQ(x-in)%', 'value'],
  ['a-%REQ(X-In)%-b', 'a-value-b'],
  ['%REQ(x-none?x-in)%', 'value'],
  ['a%REQ(x-none)%b', 'ab'],
  ['%REQ(:method)% %REQ(:path)%', 'POST /a?b=c'],
  ['%RESP(Content-Type)%', 'text/plain'],
  ['%RESPONSE_CODE% %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS%', '503 UH no_healthy_upstream'],
  ['%UPSTREAM_CLUSTER%', 'outbound|9080||details.default.svc.cluster.local'],
  ['%UPSTREAM_HOST% %UPSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%', '10.244.0.7:9080 10.244.0.7'],
  ['%DOWNSTREAM_REMOTE_ADDRESS% %DOWNSTREAM_LOCAL_PORT%', '10.244.0.9:40000 8080'],
  ['%HOSTNAME% %ROUTE_NAME% %PROTOCOL% %BYTES_RECEIVED%', 'proxy named HTTP/1.1 0'],
  ['%START_TIME%', '2026-11-25T12:30:01.005Z'],
  ['%START_TIME(%Y/%m/%d %H:%M:%S)%', '2026/11/25 12:30:01'],
]

for (const [value, expected] of cases)
  test(`${value} becomes ${expected}`, () => equal(formatValue(value, seen), expected))

test('nothing has answered yet while the request is on its way', () => {
  equal(formatValue('%RESPONSE_CODE%%RESP(server)%', exchange(request())), '0')
})

test.run()
