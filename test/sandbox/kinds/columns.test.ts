import * as assert from 'uvu/assert'
import { builtInKinds } from '../../../lib/sandbox/kinds/built-in.ts'
import { columnsOf } from '../../../lib/sandbox/kinds/columns/columns.ts'
import { humanDuration, labelsText, selectorText } from '../../../lib/sandbox/kinds/columns/common.ts'
import { readPath } from '../../../lib/sandbox/kinds/json-path.ts'
import { compareVersions } from '../../../lib/sandbox/kinds/versions.ts'
import type { KubeObject } from '../../../lib/sandbox/objects.ts'
import { suite } from '../../support/suite.ts'

const test = suite('columns')

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const durations: readonly [seconds: number, text: string][] = [
  [-5, '<invalid>'],
  [-1, '0s'],
  [0, '0s'],
  [119, '119s'],
  [2 * MINUTE, '2m'],
  [2 * MINUTE + 5, '2m5s'],
  [10 * MINUTE + 5, '10m'],
  [179 * MINUTE, '179m'],
  [3 * HOUR, '3h'],
  [3 * HOUR + MINUTE, '3h1m'],
  [9 * HOUR + MINUTE, '9h'],
  [48 * HOUR, '2d'],
  [50 * HOUR, '2d2h'],
  [9 * DAY, '9d'],
  [800 * DAY, '2y70d'],
  [3650 * DAY, '10y'],
]

for (const [seconds, text] of durations)
  test(`${seconds} seconds are shown as ${text}`, () => {
    assert.is(humanDuration(seconds), text)
  })

interface State {
  ready?: boolean
  state: object
}

function pod(
  containers: readonly State[],
  more: { init?: readonly State[]; deleted?: boolean; phase?: string } = {},
): KubeObject {
  const named = (states: readonly State[]) =>
    states.map((state, i) => ({ name: `c${i}`, ready: false, restartCount: 0, ...state }))
  const { init = [], deleted, phase = 'Running' } = more
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'a', ...(deleted ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}) },
    spec: { containers: named(containers), initContainers: named(init) },
    status: { phase, containerStatuses: named(containers), initContainerStatuses: named(init) },
  }
}

const running = { ready: true, state: { running: {} } }
const waiting = (reason: string) => ({ state: { waiting: { reason } } })
const ended = (exitCode: number, reason?: string) => ({ state: { terminated: { exitCode, reason } } })

const pods: readonly [title: string, pod: KubeObject, ready: string, status: string][] = [
  ['both containers run', pod([running, running]), '2/2', 'Running'],
  ['one is not ready', pod([running, { state: { running: {} } }]), '1/2', 'Running'],
  ['they are created', pod([waiting('ContainerCreating')], { phase: 'Pending' }), '0/1', 'ContainerCreating'],
  ['no node was found', pod([], { phase: 'Pending' }), '0/0', 'Pending'],
  ['the image cannot be had', pod([running, waiting('ImagePullBackOff')]), '1/2', 'ImagePullBackOff'],
  [
    'an init container runs',
    pod([waiting('PodInitializing')], { init: [{ state: { running: {} } }] }),
    '0/1',
    'Init:0/1',
  ],
  [
    'the second init container waits',
    pod([waiting('PodInitializing')], { init: [ended(0), waiting('PodInitializing')] }),
    '0/1',
    'Init:1/2',
  ],
  ['an init container failed', pod([waiting('PodInitializing')], { init: [ended(1, 'Error')] }), '0/1', 'Init:Error'],
  [
    "an init container's image cannot be had",
    pod([waiting('PodInitializing')], { init: [waiting('ErrImagePull')] }),
    '0/1',
    'Init:ErrImagePull',
  ],
  ['it failed without a reason', pod([ended(3)]), '0/1', 'ExitCode:3'],
  ['it is deleted', pod([running], { deleted: true }), '1/1', 'Terminating'],
]

const cells = (resource: string, object: KubeObject) =>
  Object.fromEntries(columnsOf(resource).map(({ name, value }) => [name, value(object, new Date())]))

for (const [title, object, ready, status] of pods)
  test(`a pod is ${ready} ${status} when ${title}`, () => {
    const { Ready, Status } = cells('pods', object)
    assert.equal([Ready, Status], [ready, status])
  })

const scant: readonly [title: string, content: object][] = [
  ['nothing but a name', {}],
  ['an empty template', { spec: { template: {}, jobTemplate: {} } }],
]
for (const [title, content] of scant)
  for (const kind of builtInKinds)
    test(`a ${kind.kind} of ${kind.group || 'the core group'} with ${title} has a row`, () => {
      const object = { apiVersion: 'v1', kind: kind.kind, metadata: { name: 'a' }, ...content }
      assert.not.throws(() => kind.columns('').map(({ value }) => value(object, new Date())))
    })

const completions: readonly [spec: object, text: string][] = [
  [{ completions: 3, parallelism: 2 }, '1/3'],
  [{ parallelism: 1 }, '1/1'],
  [{ parallelism: 3 }, '1/1 of 3'],
]
for (const [spec, text] of completions)
  test(`of a job of ${JSON.stringify(spec)} ${text} are complete`, () => {
    const job = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'a' }, spec, status: { succeeded: 1 } }
    assert.is(cells('jobs.batch', job).Completions, text)
  })

const targets: readonly [metric: object, text: string][] = [
  [{ type: 'Resource', resource: { target: { averageUtilization: 50 } } }, '<unknown>/50%'],
  [{ type: 'ContainerResource', containerResource: { target: { averageValue: '1Gi' } } }, '<unknown>/1Gi'],
  [{ type: 'Pods', pods: { target: { averageValue: '1k' } } }, '<unknown>/1k'],
  [{ type: 'Object', object: { target: { value: '10' } } }, '<unknown>/10'],
  [{ type: 'External', external: { target: { averageValue: '10' } } }, '<unknown>/10 (avg)'],
]
const autoscaler = (metrics: object[]) => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'a' },
  spec: { metrics },
})
for (const [metric, text] of targets)
  test(`a target is shown as ${text}`, () => {
    assert.is(cells('horizontalpodautoscalers.autoscaling', autoscaler([metric])).Targets, text)
  })

test('of more than two targets the others are counted', () => {
  const all = autoscaler(targets.map(([metric]) => metric))
  assert.is(cells('horizontalpodautoscalers.autoscaling', all).Targets, '<unknown>/50%, <unknown>/1Gi + 3 more...')
})

test('selectors are written in the order of their keys', () => {
  assert.is(labelsText({ b: '2', a: '1' }), 'a=1,b=2')
  assert.is(labelsText({}), '<none>')
  const matchExpressions = [
    { key: 'tier', operator: 'In', values: ['y', 'x'] },
    { key: 'b', operator: 'DoesNotExist' },
  ] as const
  assert.is(selectorText({ matchLabels: { app: 'z' }, matchExpressions }), 'app=z,!b,tier in (x,y)')
})

const object = { a: { 'b.c': [{ type: 'Ready', status: 'True' }], list: [1, 2] } }
const jsonPaths: readonly [path: string, value: unknown][] = [
  ['.a.list[1]', 2],
  ['.a.list', [1, 2]],
  ['.a.b\\.c[?(@.type=="Ready")].status', 'True'],
  ['.a.b\\.c[?(@.type=="Other")].status', undefined],
  [".a['b.c'][0].type", 'Ready'],
  ['.x.y', undefined],
  ['.a.constructor', undefined],
]

for (const [path, value] of jsonPaths)
  test(`${path} leads to ${JSON.stringify(value)}`, () => {
    assert.equal(readPath(object, path), value)
  })

test('versions are stable, then beta, then alpha; newer before older', () => {
  const versions = ['v1alpha1', 'foo1', 'v2beta1', 'v10', 'v1', 'v1beta2', 'v2', 'v1beta1']
  assert.equal(versions.sort(compareVersions), ['v10', 'v2', 'v1', 'v2beta1', 'v1beta2', 'v1beta1', 'v1alpha1', 'foo1'])
})

test.run()
