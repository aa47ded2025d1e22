import * as assert from 'uvu/assert'
import { istioTroubles } from '../lib/istio-troubles.ts'
import type { Item } from '../lib/kube.ts'
import { en } from '../lib/words/en.ts'
import { kubeOf, silentKube } from './support/kube.ts'
import { suite } from './support/suite.ts'

const test = suite('istio troubles')

const deployment = (name: string, replicas: number, availableReplicas: number): Item => ({
  kind: 'Deployment',
  metadata: { name, namespace: 'istio-system' },
  spec: { replicas },
  status: { availableReplicas },
})

const cases: readonly [title: string, items: Item[], said: string[]][] = [
  ['nothing where Istio is not installed', [], []],
  ['nothing where all is available', [deployment('istiod', 1, 1), deployment('istio-ingressgateway', 1, 1)], []],
  ['a control plane that was scaled to zero', [deployment('istiod', 0, 0)], ['deployment istiod is scaled to zero']],
  [
    'a gateway without an available pod',
    [deployment('istiod', 1, 1), deployment('istio-ingressgateway', 1, 0)],
    ['deployment istio-ingressgateway has no available pod'],
  ],
]

for (const [title, items, said] of cases)
  test(`says ${title}`, async () => {
    assert.equal(await istioTroubles(async () => kubeOf(...items), en), said)
  })

test('says nothing where the API cannot be asked: the failure itself tells that', async () => {
  assert.equal(await istioTroubles(async () => silentKube, en), [])
})

test.run()
