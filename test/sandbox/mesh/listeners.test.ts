import { deepEqual, equal } from 'node:assert/strict'
import { listenerIn } from '../../../lib/sandbox/mesh/listeners.ts'
import type { Gateway } from '../../../lib/sandbox/mesh/types.ts'
import { ingressGateway } from '../../support/mesh.ts'
import { suite } from '../../support/suite.ts'

const test = suite('listeners')

function gateway(
  number: number,
  name = 'g',
  selector: object | undefined = { istio: 'ingressgateway' },
  protocol = 'HTTP',
): Gateway {
  const servers = [{ port: { number, name: 'http', protocol }, hosts: ['*'] }]
  const metadata = { name, namespace: 'default' }
  const spec = { servers, ...(selector ? { selector } : {}) }
  return { apiVersion: 'networking.istio.io/v1beta1', kind: 'Gateway', metadata, spec } as Gateway
}

/** As the demo profile has it: 80 leads to the pod's 8080. */
const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'istio-ingressgateway', namespace: 'istio-system' },
  spec: { selector: { istio: 'ingressgateway' }, ports: [{ name: 'http2', port: 80, targetPort: 8080 }] },
}

const cases: readonly [string, Gateway[], boolean][] = [
  ['a Gateway asks for the port', [gateway(8080)], true],
  ["a Gateway asks for the Service's port, which leads there", [gateway(80)], true],
  ['a Gateway without a selector takes all', [gateway(8080, 'g', undefined)], true],
  ['no Gateway at all', [], false],
  ['a Gateway for another port', [gateway(9090)], false],
  ['a Gateway for other pods', [gateway(8080, 'g', { istio: 'egressgateway' })], false],
  ['a Gateway for another protocol', [gateway(8080, 'g', undefined, 'HTTPS')], false],
]

for (const [what, gateways, expected] of cases)
  test(`${expected ? 'open' : 'closed'} where ${what}`, () => {
    equal(listenerIn(ingressGateway(), 8080, gateways, [service]) !== undefined, expected)
  })

test('servers of several Gateways share a port, the older first', () => {
  const [a, b] = [gateway(8080, 'b'), gateway(80, 'a')]
  a.metadata.creationTimestamp = '2026-01-01T00:00:00Z'
  b.metadata.creationTimestamp = '2026-01-02T00:00:00Z'
  const found = listenerIn(ingressGateway(), 8080, [b, a], [service])
  deepEqual(found?.proxy.gateways, ['default/b', 'default/a'])
  equal(found?.proxy.port, 8080)
})

test.run()
