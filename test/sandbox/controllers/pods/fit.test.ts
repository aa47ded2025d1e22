import * as assert from 'uvu/assert'
import { unfit } from '../../../../lib/sandbox/controllers/pods/fit.ts'
import type { KubeObject } from '../../../../lib/sandbox/objects.ts'
import { suite } from '../../../support/suite.ts'
import { node, pod } from '../cluster.ts'

const test = suite('what fits on a node')

// biome-ignore lint/suspicious/noExplicitAny: parts of objects are known by their schema
type Part = any

const allocatable = { cpu: '2', memory: '4Gi', pods: '3' }
const nodeWith = (spec: Part = {}): KubeObject => ({ ...node('node'), spec, status: { allocatable } })
const asking = (requests: Part, more: Part = {}) => ({ name: 'web', image: 'nginx', resources: { requests }, ...more })
const on = (name: string, spec: Part = {}, status: Part = { phase: 'Running' }) => ({
  ...pod(name, { nodeName: 'node', ...spec }),
  status,
})

const taint = { key: 'a', value: 'b', effect: 'NoSchedule' }
const cases: readonly [title: string, spec: Part, node: Part, others: KubeObject[], reasons: string[]][] = [
  ['nothing special', {}, {}, [], []],
  ['a taint', {}, { taints: [taint] }, [], ['node(s) had untolerated taint {a: b}']],
  ['a taint that is borne', { tolerations: [{ key: 'a', value: 'b' }] }, { taints: [taint] }, [], []],
  ['a taint that all bear', {}, { taints: [{ ...taint, effect: 'PreferNoSchedule' }] }, [], []],
  ['a cordoned node with a taint', {}, { unschedulable: true, taints: [taint] }, [], ['node(s) were unschedulable']],
  [
    'more than there is',
    { containers: [asking({ cpu: '100', memory: '900Gi' })] },
    {},
    [],
    ['Insufficient cpu', 'Insufficient memory'],
  ],
  ['just enough', { containers: [asking({ cpu: '2000m', memory: '4096Mi' })] }, {}, [], []],
  [
    'more than others leave',
    { containers: [asking({ cpu: '1100m' })] },
    {},
    [on('other', { containers: [asking({ cpu: '1' })] })],
    ['Insufficient cpu'],
  ],
  [
    'what an ended pod had',
    { containers: [asking({ cpu: '1100m' })] },
    {},
    [on('other', { containers: [asking({ cpu: '1' })] }, { phase: 'Succeeded' })],
    [],
  ],
  ['what nobody has', { containers: [asking({ 'example.com/gpu': '1' })] }, {}, [], ['Insufficient example.com/gpu']],
  [
    'init containers one after the other',
    { initContainers: [asking({ cpu: '2' }), asking({ cpu: '2' })], containers: [asking({ cpu: '1' })] },
    {},
    [],
    [],
  ],
  [
    'a sidecar beside the others',
    {
      initContainers: [asking({ cpu: '1500m' }, { restartPolicy: 'Always' })],
      containers: [asking({ cpu: '1' })],
    },
    {},
    [],
    ['Insufficient cpu'],
  ],
  ['one pod too many', {}, {}, [on('a'), on('b'), on('c')], ['Too many pods']],
]

for (const [title, spec, nodeSpec, others, reasons] of cases)
  test(`${title}: ${reasons.join(', ') || 'fits'}`, () => {
    assert.equal(unfit(pod('web', spec), nodeWith(nodeSpec), others)?.reasons ?? [], reasons)
  })

test('a pod that others want to be without does not fit', () => {
  const term = { labelSelector: { matchLabels: { app: 'web' } }, topologyKey: 'kubernetes.io/hostname' }
  const affinity = { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } }
  const web = pod('web', {}, { labels: { app: 'web' } })
  assert.equal(unfit(web, nodeWith(), [on('other', { affinity })]), {
    reasons: ["node(s) didn't satisfy existing pods anti-affinity rules"],
    isHelpedByRoom: true,
  })
})

test('the first of a kind that wants its own company may begin', () => {
  const term = { labelSelector: { matchLabels: { app: 'web' } }, topologyKey: 'kubernetes.io/hostname' }
  const affinity = { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } }
  assert.is(unfit(pod('web', { affinity }, { labels: { app: 'web' } }), nodeWith(), []), undefined)
})

test.run()
