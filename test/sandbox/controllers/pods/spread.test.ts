import * as assert from 'uvu/assert'
import { isTooMany, lacksTopology } from '../../../../lib/sandbox/controllers/pods/spread.ts'
import { suite } from '../../../support/suite.ts'
import { node, pod } from '../cluster.ts'

const test = suite('pods that are to be spread')

const constraint = {
  maxSkew: 1,
  topologyKey: 'kubernetes.io/hostname',
  whenUnsatisfiable: 'DoNotSchedule',
  labelSelector: { matchLabels: { app: 'web' } },
}
const labels = { app: 'web' }
const asking = (more: object = {}) => pod('p', { topologySpreadConstraints: [{ ...constraint, ...more }] }, { labels })
const self = { ...node('node'), metadata: { name: 'node', labels: { 'kubernetes.io/hostname': 'node' } } }
const other = pod('other', {}, { labels })

test('a node without the label is no place', () => {
  assert.not(lacksTopology(asking(), self))
  assert.ok(lacksTopology(asking({ topologyKey: 'zone' }), self))
  assert.not(lacksTopology(asking({ topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway' }), self))
})

test('on the only place there are never too many, unless more places are asked for', () => {
  assert.not(isTooMany(asking(), self, [other, other]))
  assert.not(isTooMany(asking({ minDomains: 2 }), self, []))
  assert.ok(isTooMany(asking({ minDomains: 2 }), self, [other]))
})

test('only what is alike counts', () => {
  const elsewhere = pod('elsewhere', {}, { labels: { app: 'other' } })
  assert.not(isTooMany(asking({ minDomains: 2 }), self, [elsewhere]))
  const older = pod('older', {}, { labels: { ...labels, version: '1' } })
  assert.not(isTooMany(asking({ minDomains: 2, matchLabelKeys: ['version'] }), self, [older]))
})

test.run()
