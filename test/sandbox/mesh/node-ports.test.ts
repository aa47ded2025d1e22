import { deepEqual } from 'node:assert/strict'
import { Clusters } from '../../../lib/sandbox/mesh/clusters.ts'
import { targetsOf } from '../../../lib/sandbox/mesh/node-ports.ts'
import type { KubeObject } from '../../../lib/sandbox/objects.ts'
import { Store } from '../../../lib/sandbox/store/store.ts'
import { apply, expose, pod } from '../../support/mesh.ts'
import { suite } from '../../support/suite.ts'

const test = suite('ports of the node')

/** The pods, and their ports, to which the node's port 30080 leads. */
function targets(pods: readonly KubeObject[], service: object = {}, behind: readonly KubeObject[] = []): string[] {
  const store = new Store()
  for (const one of pods) apply(store, one)
  expose(store, 'app', behind)
  const { metadata, spec, ...rest } = store.get('services', 'app', 'default') as KubeObject
  apply(store, { ...rest, metadata, spec: { ...spec, ports: [{ ...spec.ports[0], ...service }] } })
  return targetsOf(30080, new Clusters(store, []), store.list('pods')).map(
    ({ endpoint, cluster }) => `${endpoint.pod.metadata.name}:${endpoint.port}${cluster ? ' of a Service' : ''}`,
  )
}

const plain = pod({ name: 'plain' })
const exposed = pod({ name: 'exposed', hostPort: 30080 })
const onHost = pod({ name: 'on-host', hostNetwork: true, hostPort: 30080 })

const cases: readonly [string, Parameters<typeof targets>, string[]][] = [
  ['to nobody where nobody asks for it', [[plain]], []],
  ["to a pod on the node's network, to the same port", [[plain, onHost]], ['on-host:30080']],
  ['to the pod whose hostPort it is, and to nobody else', [[exposed, onHost]], ['exposed:8080']],
  ['not to a pod that is not ready', [[pod({ name: 'a', ready: false, hostPort: 30080 })]], []],
  ['not to a pod with another hostPort', [[pod({ name: 'a', hostPort: 30081 })]], []],
  [
    "to a Service's endpoints before all others",
    [[exposed], { nodePort: 30080 }, [plain, pod({ name: 'two' })]],
    ['plain:9080 of a Service', 'two:9080 of a Service'],
  ],
  ['to nobody where the Service has no endpoints', [[exposed], { nodePort: 30080 }], []],
  ['not to a Service with another port', [[], { nodePort: 30081 }, [plain]], []],
  ['not to a Service of UDP', [[], { nodePort: 30080, protocol: 'UDP' }, [plain]], []],
]

for (const [where, given, expected] of cases)
  test(`lead ${where}`, () => {
    deepEqual(targets(...given), expected)
  })

test.run()
