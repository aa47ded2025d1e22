import * as assert from 'uvu/assert'
import { rulesSayOtherwise } from '../../lib/causes/otherwise.ts'
import type { Item } from '../../lib/kube.ts'
import { en } from '../../lib/words/en.ts'
import { altered, cluster, toV1, without } from '../support/causes.ts'
import { kubeOf } from '../support/kube.ts'
import { reviewsRoute, to, virtualService } from '../support/objects.ts'
import { suite } from '../support/suite.ts'

const test = suite('causes: otherwise')

const detailsTo = (subset: string) =>
  virtualService('details', { hosts: ['details'], http: [{ route: [{ destination: { host: 'details', subset } }] }] })

const cases: readonly [title: string, objects: Item[], otherwise: boolean][] = [
  ['the rule that is wanted', cluster(), false],
  ['a rule to another subset', cluster(reviewsRoute(to('v3'))), true],
  ['a rule that is gone', without('VirtualService', 'reviews'), true],
  ['a rule to a subset that is gone', without('DestinationRule', 'reviews'), true],
  ['a rule of another service to a version it does not have', cluster(detailsTo('v2')), true],
  ['a rule of another service as in the lesson', cluster(detailsTo('v1')), false],
  ['a gateway that is gone', without('Gateway', 'bookinfo-gateway'), true],
  ['pods that are gone', altered('Deployment', 'reviews-v1', ({ spec }) => (spec.replicas = 0)), false],
]
for (const [title, objects, otherwise] of cases)
  test(`${title} ${otherwise ? 'says otherwise' : 'says the same'}`, async () => {
    assert.is(await rulesSayOtherwise(kubeOf(...objects), en, toV1), otherwise)
  })

test('any rule for reviews says otherwise where none is wanted', async () => {
  assert.ok(await rulesSayOtherwise(kubeOf(...cluster()), en, undefined))
  assert.not(await rulesSayOtherwise(kubeOf(...without('VirtualService', 'reviews')), en, undefined))
})

test.run()
