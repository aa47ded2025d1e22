import * as assert from 'uvu/assert'
import type { LabRecord } from '../../lib/state.ts'
import { removalFromShared } from '../../lib/targets/shared.ts'
import { suite } from '../support/suite.ts'

const test = suite('targets: shared')

const label = 'kubectl label namespace default istio-injection-'
const istio = ['istioctl uninstall --purge -y', 'kubectl delete namespace istio-system']
const cases: readonly [title: string, made: LabRecord['made'], commands: string[]][] = [
  ['nothing was made', {}, []],
  ['only the label was set', { sidecars: 'done' }, [label]],
  ['Istio was begun', { istio: 'begun' }, istio],
  ['Istio was installed and the label set', { istio: 'done', sidecars: 'done' }, [label, ...istio]],
]
for (const [title, made, commands] of cases)
  test(`where ${title}, that is what is taken away`, () => {
    assert.equal(removalFromShared(made).map(String), commands)
  })

test.run()
