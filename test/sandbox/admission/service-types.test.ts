import * as assert from 'uvu/assert'
import { withoutStaleFields } from '../../../lib/sandbox/admission/service-types.ts'
import type { KubeObject } from '../../../lib/sandbox/objects.ts'
import { suite } from '../../support/suite.ts'

const test = suite('types of services')

// biome-ignore lint/suspicious/noExplicitAny: any part of an object
type Part = any

const service = (spec: Part): KubeObject => ({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' }, spec })
const address = {
  clusterIP: '10.96.0.9',
  clusterIPs: ['10.96.0.9'],
  ipFamilies: ['IPv4'],
  ipFamilyPolicy: 'SingleStack',
}
const nodePort = { ...address, externalTrafficPolicy: 'Cluster', ports: [{ port: 80, nodePort: 30000 }] }

const cases: readonly [what: string, old: Part, next: Part, result: Part][] = [
  [
    'a node port and its policy go with the type',
    { type: 'NodePort', ...nodePort },
    { type: 'ClusterIP', ...nodePort },
    { type: 'ClusterIP', ...address, ports: [{ port: 80 }] },
  ],
  [
    'a node port that is asked for anew stays, to be refused',
    { type: 'NodePort', ...nodePort },
    { type: 'ClusterIP', ...nodePort, ports: [{ port: 80, nodePort: 30001 }] },
    { type: 'ClusterIP', ...address, ports: [{ port: 80, nodePort: 30001 }] },
  ],
  [
    'an address goes where a name takes its place',
    { type: 'ClusterIP', ...address },
    { type: 'ExternalName', externalName: 'a.b', ...address },
    { type: 'ExternalName', externalName: 'a.b' },
  ],
  [
    "a load balancer's node ports stay for one that has them",
    { type: 'LoadBalancer', allocateLoadBalancerNodePorts: true, ...nodePort },
    { type: 'NodePort', allocateLoadBalancerNodePorts: true, ...nodePort },
    { type: 'NodePort', ...nodePort },
  ],
  [
    'nothing goes where the type stays',
    { type: 'NodePort', ...nodePort },
    { type: 'NodePort', ...nodePort },
    { type: 'NodePort', ...nodePort },
  ],
]

for (const [what, old, next, result] of cases)
  test(what, () => {
    assert.equal(withoutStaleFields(service(next), service(old)).spec, result)
  })

test.run()
