import { deepEqual } from 'node:assert/strict'
import { rulesFor } from '../../../lib/sandbox/mesh/consolidated-rules.ts'
import type { DestinationRule } from '../../../lib/sandbox/mesh/types.ts'
import { destinationRule } from '../../support/mesh.ts'
import { suite } from '../../support/suite.ts'

const test = suite('consolidated rules')

/** @param selected label app of the workloads that it is for */
const rule = (name: string, selected?: string) =>
  destinationRule(name, {
    host: 'reviews',
    ...(selected ? { workloadSelector: { matchLabels: { app: selected } } } : {}),
  }) as DestinationRule

/** Rules, oldest first; who asks; whose rules hold. */
const cases: readonly [title: string, rules: DestinationRule[], app: string, expected: string[]][] = [
  ['rules for all', [rule('a'), rule('b')], 'page', ['a', 'b']],
  ['rules for others', [rule('a', 'other')], 'page', []],
  ['a rule for it stands alone beside those for all', [rule('a'), rule('b', 'page')], 'page', ['b']],
  ['a rule for others adds to those for all', [rule('a'), rule('b', 'page')], 'other', ['a', 'b']],
  ['a rule for it takes more from later ones for all', [rule('a', 'page'), rule('b')], 'page', ['a', 'b']],
  ['a later rule for all is that of the others', [rule('a', 'page'), rule('b')], 'other', ['b']],
  ['rules for the same are one', [rule('a', 'page'), rule('b', 'other'), rule('c', 'page')], 'page', ['a', 'c']],
]

for (const [title, rules, app, expected] of cases)
  test(title, () => {
    const found = rulesFor(rules, { namespace: 'default', labels: { app, version: 'v1' } })
    deepEqual(
      found.map(({ metadata }) => metadata.name),
      expected,
    )
  })

test('a rule for some workloads is for those of its own namespace', () => {
  deepEqual(rulesFor([rule('a', 'page')], { namespace: 'other', labels: { app: 'page' } }), [])
})

test.run()
