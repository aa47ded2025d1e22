import { deepEqual } from 'node:assert/strict'
import type { Endpoint } from '../../../lib/sandbox/mesh/clusters.ts'
import { Outliers } from '../../../lib/sandbox/mesh/outliers.ts'
import type { OutlierDetection } from '../../../lib/sandbox/mesh/types.ts'
import { pod } from '../../support/mesh.ts'
import { suite } from '../../support/suite.ts'

const test = suite('outliers')

const endpoints: Endpoint[] = ['a', 'b', 'c'].map((name) => {
  const one = pod({ name })
  return { pod: one, address: one.status.podIP, port: 9080, speaksHttp: true, active: 0 }
})

/** Statuses of an endpoint's answers, or seconds that pass; then who is left. */
function left(rule: OutlierDetection, steps: readonly ([name: string, status: number] | number)[]): string {
  let now = 0
  const outliers = new Outliers(rule, () => now)
  for (const step of steps) {
    if (typeof step === 'number') now += step * 1_000
    else outliers.note(endpoints.find((one) => one.pod.metadata.name === step[0]) as Endpoint, step[1], endpoints)
  }
  return outliers
    .among(endpoints)
    .map((one) => one.pod.metadata.name)
    .join('')
}

const all = { maxEjectionPercent: 100 }
const two = { ...all, consecutive5xxErrors: 2, interval: '1s', baseEjectionTime: '10s' }

const cases: readonly [string, OutlierDetection, Parameters<typeof left>[1], string][] = [
  ['too few errors', two, [['a', 500]], 'abc'],
  [
    'errors in a row',
    two,
    [
      ['a', 500],
      ['a', 503],
    ],
    'bc',
  ],
  [
    'a good answer between them',
    two,
    [
      ['a', 500],
      ['a', 200],
      ['a', 500],
    ],
    'abc',
  ],
  [
    'what the client did wrong',
    two,
    [
      ['a', 404],
      ['a', 400],
    ],
    'abc',
  ],
  ['five without a number', all, Array.from({ length: 5 }, () => ['a', 500] as [string, number]), 'bc'],
  [
    'of a gateway',
    { ...two, consecutive5xxErrors: 0, consecutiveGatewayErrors: 1 },
    [
      ['a', 500],
      ['b', 503],
    ],
    'ac',
  ],
  [
    'more than a tenth, the default',
    { ...two, maxEjectionPercent: 0 },
    [
      ['a', 500],
      ['a', 500],
    ],
    'abc',
  ],
  [
    'no more than half',
    { ...two, maxEjectionPercent: 50 },
    [
      ['a', 500],
      ['a', 500],
      ['b', 500],
      ['b', 500],
    ],
    'bc',
  ],
  ['still away', two, [['a', 500], ['a', 500], 9], 'bc'],
  ['back after its time', two, [['a', 500], ['a', 500], 10], 'abc'],
  ['twice as long the second time', two, [['a', 500], ['a', 500], 10, ['a', 500], ['a', 500], 15], 'bc'],
  ['forgiven after a while', two, [['a', 500], ['a', 500], 20, ['a', 500], ['a', 500], 10], 'abc'],
  [
    'all of them where too few are healthy',
    { ...two, minHealthPercent: 50 },
    [
      ['a', 500],
      ['a', 500],
      ['b', 500],
      ['b', 500],
    ],
    'abc',
  ],
]

for (const [what, rule, steps, expected] of cases) test(what, () => deepEqual(left(rule, steps), expected))

test.run()
