import * as assert from 'uvu/assert'
import { routeCauses } from '../lib/diagnose.ts'
import type { Item } from '../lib/kube.ts'
import { en } from '../lib/words/en.ts'
import { ru } from '../lib/words/ru.ts'
import { altered, cluster, of, tellsCauses, toV1, without } from './support/causes.ts'
import { kubeOf, silentKube } from './support/kube.ts'
import { bookinfo, destinationRule, reviewsRoute, subsetRules, to, virtualService } from './support/objects.ts'
import { suite } from './support/suite.ts'

const test = suite('diagnose')

const whyOf = async (diagnosis: ReturnType<typeof routeCauses>) => (await diagnosis).why

tellsCauses(test, [{ title: 'nothing where all is as it should be', objects: cluster(), why: [] }])

test('a kind that may not be read leaves the other causes to be told', async () => {
  const kube = kubeOf(...without('VirtualService', 'reviews'))
  const list: typeof kube.list = (resource, namespace) =>
    resource.kind === 'AuthorizationPolicy' ? Promise.reject(new Error('forbidden')) : kube.list(resource, namespace)
  assert.equal(await whyOf(routeCauses({ ...kube, list }, en, toV1)), ['no VirtualService decides where reviews leads'])
})

test('where no rule is wanted, the one that decides is the cause', async () => {
  const objects = [...bookinfo(), ...subsetRules, reviewsRoute(to('v3'))]
  assert.equal(await whyOf(routeCauses(kubeOf(...objects), en, undefined)), [
    'VirtualService reviews decides: everyone to v3',
  ])
  assert.equal(await whyOf(routeCauses(kubeOf(...bookinfo()), en, undefined)), [])
})

test("the page's own complaint is told only where no object explains it", async () => {
  const complaint = 'Error fetching product reviews!'
  assert.equal(await whyOf(routeCauses(kubeOf(...cluster()), en, toV1, complaint)), [`the page says: ${complaint}`])
  assert.equal(await whyOf(routeCauses(kubeOf(...cluster()), en, toV1, [complaint, 'HTTP 503'])), [
    `the page says: ${complaint}, HTTP 503`,
  ])
  assert.equal(await whyOf(routeCauses(kubeOf(...cluster()), en, toV1, [])), [])
  assert.equal(await whyOf(routeCauses(kubeOf(...without('VirtualService', 'reviews')), en, toV1, complaint)), [
    'no VirtualService decides where reviews leads',
  ])
})

test('an API that cannot be asked is said to be so', async () => {
  assert.equal(await whyOf(routeCauses(silentKube, en, toV1)), [
    "the cluster's API cannot be asked: connect ECONNREFUSED",
  ])
})

const mends: { title: string; objects: Item[]; mend: string | undefined }[] = [
  { title: "the lesson's own route: by its step alone", objects: cluster(reviewsRoute(to('v3'))), mend: undefined },
  {
    title: 'what of the application is not as the manifest has it: by its step, which leaves the routes alone',
    objects: altered('Deployment', 'ratings-v1', (item) => (item.spec.replicas = 0)),
    mend: './scripts/02-deploy.ts --only bookinfo',
  },
  {
    title: "somebody else's route: by taking it away, where it is",
    objects: cluster(
      of('team-b', virtualService('mine', { hosts: ['reviews.default.svc.cluster.local'], http: [to('v1')] })),
    ),
    mend: 'kubectl delete virtualservice mine -n team-b',
  },
  {
    title: 'a route that is gone: by its manifest, as a step may only change it',
    objects: without('VirtualService', 'reviews'),
    mend: 'kubectl apply -f manifests/virtual-service-all-v1.yaml',
  },
  {
    title: 'a route that has no effect: by taking it away, and then by its manifest',
    objects: cluster(virtualService('reviews', { hosts: ['reviews'], exportTo: ['.'], gateways: ['x'], http: [] })),
    mend: 'kubectl delete virtualservice reviews\nkubectl apply -f manifests/virtual-service-all-v1.yaml',
  },
  {
    title: "somebody else's route in the place of the lesson's: by taking it away, and by the lesson's manifest",
    objects: [
      ...without('VirtualService', 'reviews'),
      virtualService('mine', { hosts: ['reviews'], http: [to('v3')] }),
    ],
    mend: 'kubectl delete virtualservice mine\nkubectl apply -f manifests/virtual-service-all-v1.yaml',
  },
  {
    title: "a field that was added to the lesson's rule: by its manifest whole",
    objects: altered('DestinationRule', 'reviews', ({ spec }) => (spec.trafficPolicy = { tls: { mode: 'DISABLE' } })),
    mend: 'kubectl replace -f manifests/destination-rule-all.yaml',
  },
  {
    title: 'objects that are gone: by their manifest, once',
    objects: without('VirtualService', 'bookinfo').filter(({ kind }) => kind !== 'Gateway'),
    mend: 'kubectl apply -f manifests/bookinfo-gateway.yaml',
  },
  {
    title: 'a policy: by taking it away',
    objects: cluster({ kind: 'AuthorizationPolicy', metadata: { name: 'nobody', namespace: 'default' }, spec: {} }),
    mend: 'kubectl delete authorizationpolicy nobody',
  },
  {
    title: 'a lost subset of the lesson: by the step that defines it',
    objects: cluster(destinationRule('reviews', ['v2', 'v3'])),
    mend: './scripts/03-version-route.ts --only destination-rules\nkubectl replace -f manifests/destination-rule-all.yaml',
  },
]
for (const { title, objects, mend } of mends)
  test(`mends ${title}`, async () => {
    assert.is((await routeCauses(kubeOf(...objects), en, toV1)).mend, mend)
  })

test('speaks the language that is asked for', async () => {
  const { why } = await routeCauses(kubeOf(...without('VirtualService', 'reviews')), ru, toV1)
  assert.equal(why, ['нет VirtualService, который решает, куда ведёт reviews'])
})

test.run()
