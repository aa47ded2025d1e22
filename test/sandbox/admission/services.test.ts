/** Addresses and ports that Services ask for. The answers are those of a real server (Kubernetes 1.29.2). */
import * as assert from 'uvu/assert'
import { allocate } from '../../../lib/sandbox/admission/services.ts'
import type { KubeObject } from '../../../lib/sandbox/objects.ts'
import { Store } from '../../../lib/sandbox/store/store.ts'
import { suite } from '../../support/suite.ts'

const test = suite('admission of services')

// biome-ignore lint/suspicious/noExplicitAny: parts of a service are known by the schema
type Part = any

const service = (spec: Part): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'a', namespace: 'default' },
  spec: { type: 'NodePort', ports: [{ port: 80, protocol: 'TCP' }], ...spec },
})
const tcp = (port: number, nodePort?: number) => ({ port, protocol: 'TCP', ...(nodePort ? { nodePort } : {}) })
const udp = (port: number, nodePort?: number) => ({ ...tcp(port, nodePort), protocol: 'UDP' })

/** What is refused of a new Service, and why. */
const refused: readonly [spec: Part, why: string][] = [
  [{ clusterIPs: ['10.96.7.8'] }, 'must be empty when `clusterIP` is not specified'],
  [{ clusterIP: 'None', clusterIPs: ['10.96.7.8'] }, 'first value must match `clusterIP`'],
  [{ clusterIP: '10.1.0.1', clusterIPs: ['10.1.0.1'] }, 'failed to allocate IP 10.1.0.1'],
  [{ ports: [tcp(80, 30062), tcp(81, 30062)] }, 'provided port is already allocated'],
  [{ ports: [tcp(80, 20000)] }, 'provided port is not in the valid range'],
]
for (const [spec, why] of refused)
  test(`${JSON.stringify(spec)}: ${why}`, () => {
    assert.throws(
      () => allocate(service(spec), new Store()),
      (error: Error) => error.message.includes(why),
    )
  })

test('two protocols of a port share the port of the node', () => {
  const { ports } = allocate(service({ ports: [udp(53, 30053), tcp(53, 30053)] }), new Store()).spec
  assert.equal(
    ports.map(({ nodePort }: Part) => nodePort),
    [30053, 30053],
  )
  const [first, second] = allocate(service({ ports: [udp(53), tcp(53)] }), new Store()).spec.ports
  assert.is(first.nodePort, second.nodePort)
})

test('a port of the node is not given to two ports of one protocol, also where the Service is there', () => {
  const old = allocate(service({ ports: [tcp(80, 30062)] }), new Store())
  const change = (ports: Part[]) => () => allocate({ ...old, spec: { ...old.spec, ports } }, new Store(), old)
  assert.throws(
    change([tcp(81, 30062), tcp(80, 30062)]),
    (error: Error) => error.message === 'duplicate nodePort: {TCP 30062}',
  )
  assert.equal(change([udp(53, 30062), tcp(53, 30062)])().spec.ports.length, 2)
})

test.run()
