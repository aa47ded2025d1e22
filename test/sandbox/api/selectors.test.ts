import * as assert from 'uvu/assert'
import { fieldSelector, labelSelector } from '../../../lib/sandbox/api/selectors.ts'
import { builtInKinds } from '../../../lib/sandbox/kinds/built-in.ts'
import type { Kind } from '../../../lib/sandbox/kinds/kind.ts'
import { suite } from '../../support/suite.ts'

const test = suite('selectors')

const labels = { app: 'reviews', version: 'v2', 'example.com/weight': '7' }
const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'a', namespace: 'default', labels },
  spec: { nodeName: 'node' },
  status: { phase: 'Running' },
}

const byLabels: readonly [selector: string, matches: boolean][] = [
  ['', true],
  ['app=reviews', true],
  ['app==reviews', true],
  ['app = reviews', true],
  ['app=ratings', false],
  ['app!=ratings', true],
  ['nothing!=ratings', true],
  ['app', true],
  ['nothing', false],
  ['!nothing', true],
  ['!app', false],
  ['app in (ratings,reviews)', true],
  ['app in (ratings)', false],
  ['app notin (ratings)', true],
  ['nothing notin (ratings)', true],
  ['app in (reviews),version=v2', true],
  ['app in (reviews, ratings),version!=v2', false],
  ['example.com/weight>6', true],
  ['example.com/weight<7', false],
]

for (const [selector, matches] of byLabels)
  test(`"${selector}" ${matches ? 'selects' : 'leaves out'} reviews v2`, () => {
    assert.is(labelSelector(selector)(pod), matches)
  })

for (const selector of ['a b', '=a', 'app in reviews', 'app=(a)'])
  test(`"${selector}" is no selector`, () => {
    assert.throws(() => labelSelector(selector), /unable to parse requirement/)
  })

const kind = (plural: string) => builtInKinds.find((known) => known.plural === plural) as Kind

const byFields: readonly [selector: string, matches: boolean][] = [
  ['metadata.name=a', true],
  ['metadata.name!=a', false],
  ['metadata.namespace=default,status.phase=Running', true],
  ['status.phase!=Running', false],
  ['spec.nodeName=node', true],
  ['spec.hostNetwork=false', true],
  ['status.podIP=', true],
]

for (const [selector, matches] of byFields)
  test(`the fields "${selector}" ${matches ? 'are' : 'are not'} those of the pod`, () => {
    assert.is(fieldSelector(selector, kind('pods'))(pod), matches)
  })

test('a field that a kind is not selected by is refused, in the words of the kind', () => {
  assert.throws(() => fieldSelector('spec.x=1', kind('pods')), 'field label not supported: spec.x')
  assert.throws(
    () => fieldSelector('data.x=1', kind('configmaps')),
    '"data.x" is not a known field selector: only "metadata.name", "metadata.namespace"',
  )
})

test.run()
