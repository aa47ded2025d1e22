import * as assert from 'uvu/assert'
import { istioTroubles } from '../lib/istio-troubles.ts'
import type { Item } from '../lib/kube.ts'
import { en } from '../lib/words/en.ts'
import { kubeOf, silentKube } from './support/kube.ts'
import { deployment } from './support/objects.ts'
import { suite } from './support/suite.ts'

const test = suite('istio-troubles')

const istio = (name: string, of: { replicas?: number; available?: number } = {}) =>
  deployment(name, { namespace: 'istio-system', ...of })
const gateway = istio('istio-ingressgateway')

const cases: { title: string; objects: Item[]; says: string[] }[] = [
  { title: 'Istio as it should be', objects: [istio('istiod'), gateway], says: [] },
  { title: 'no Istio at all', objects: [], says: [] },
  {
    title: 'a control plane that was scaled to zero',
    objects: [istio('istiod', { replicas: 0 }), gateway],
    says: [en.scaledToZero('istiod')],
  },
  {
    title: 'a gateway without an available pod',
    objects: [istio('istiod'), istio('istio-ingressgateway', { available: 0 })],
    says: [en.notAvailable('istio-ingressgateway')],
  },
  {
    title: 'an egress gateway, which the lesson does not need',
    objects: [istio('istio-egressgateway', { replicas: 0 })],
    says: [],
  },
  { title: 'an istiod of another namespace', objects: [deployment('istiod', { replicas: 0 })], says: [] },
]
for (const { title, objects, says } of cases)
  test(`${title}: ${says.join('; ') || 'no trouble'}`, async () => {
    assert.equal(await istioTroubles(async () => kubeOf(...objects), en), says)
  })

test('where the API cannot be asked nothing is made up', async () => {
  assert.equal(await istioTroubles(async () => silentKube, en), [])
  assert.equal(await istioTroubles(() => Promise.reject(new Error('no kubeconfig')), en), [])
})

test.run()
