import * as assert from 'uvu/assert'
import { fieldSelector } from '../../../lib/sandbox/api/field-selector.ts'
import { builtInKinds } from '../../../lib/sandbox/kinds/built-in.ts'
import type { Kind } from '../../../lib/sandbox/kinds/kind.ts'
import { suite } from '../../support/suite.ts'

const test = suite('field selectors')

const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'a', namespace: 'default' },
  spec: { nodeName: 'node' },
  status: { phase: 'Running' },
}

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

test('events of their own group are selected by the names that their fields have there', () => {
  const ofGroup = builtInKinds.find(({ group }) => group === 'events.k8s.io') as Kind
  const event = { ...pod, kind: 'Event', involvedObject: { kind: 'Pod' }, reportingComponent: 'kubelet' }
  assert.is(fieldSelector('regarding.kind=Pod,reportingController=kubelet', ofGroup)(event), true)
  assert.throws(
    () => fieldSelector('involvedObject.kind=Pod', ofGroup),
    'field label not supported: involvedObject.kind',
  )
})

test('a field that a kind is not selected by is refused, in the words of the kind', () => {
  assert.throws(() => fieldSelector('spec.x=1', kind('pods')), 'field label not supported: spec.x')
  assert.throws(
    () => fieldSelector('data.x=1', kind('configmaps')),
    '"data.x" is not a known field selector: only "metadata.name", "metadata.namespace"',
  )
})

test.run()
