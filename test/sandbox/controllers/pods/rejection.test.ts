import * as assert from 'uvu/assert'
import type { Pod } from '../../../../lib/sandbox/controllers/pods/pod.ts'
import { rejectionOf } from '../../../../lib/sandbox/controllers/pods/rejection.ts'
import type { KubeObject } from '../../../../lib/sandbox/objects.ts'
import { suite } from '../../../support/suite.ts'
import { node, pod } from '../cluster.ts'

const test = suite('what the kubelet rejects')

const allocatable = { cpu: '2', memory: '4Gi', pods: '2' }
const container = (more: object) => [{ name: 'c', image: 'nginx', ...more }]
const cpu = (amount: string) => ({ containers: container({ resources: { requests: { cpu: amount } } }) })
const port = { containers: container({ ports: [{ containerPort: 80, hostPort: 80 }] }) }
const on = (name: string, spec: object = {}): KubeObject => ({
  ...pod(name, { nodeName: 'node', ...spec }),
  status: { phase: 'Running' },
})
const shortOf = (name: string, amounts: string) => [
  `OutOf${name}`,
  `Node didn't have enough resource: ${name}, ${amounts}`,
]

const rows: readonly [what: string, spec: object, others: KubeObject[], expected: readonly string[] | undefined][] = [
  ['nothing special', {}, [], undefined],
  [
    'more than is left',
    cpu('1500m'),
    [on('a', cpu('1'))],
    shortOf('cpu', 'requested: 1500, used: 1000, capacity: 2000'),
  ],
  ['one pod too many', {}, [on('a'), on('b')], shortOf('pods', 'requested: 1, used: 2, capacity: 2')],
  ['another node', { nodeSelector: { no: 'where' } }, [], ['NodeAffinity', 'Predicate NodeAffinity failed']],
  ['a port that is taken', port, [on('a', port)], ['NodePorts', 'Predicate NodePorts failed']],
]

for (const [what, spec, others, expected] of rows)
  test(`${what}: ${expected?.[0] ?? 'taken'}`, () => {
    const self = { ...node('node'), status: { allocatable } }
    const found = rejectionOf(pod('p', spec) as Pod, self, others)
    assert.equal(found && [found.reason, found.message], expected)
  })

test('the number of pods is a quantity', () => {
  const self = { ...node('node'), status: { allocatable: { ...allocatable, pods: '1k' } } }
  assert.is(rejectionOf(pod('p') as Pod, self, [on('a'), on('b')]), undefined)
})

test('a taint that ends pods is not borne', () => {
  const self = { ...node('node'), spec: { taints: [{ key: 'a', effect: 'NoExecute' }] }, status: { allocatable } }
  assert.is(rejectionOf(pod('p') as Pod, self, [])?.reason, 'TaintToleration')
})

test.run()
