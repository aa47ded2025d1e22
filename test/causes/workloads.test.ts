import { altered, cluster, podOf, tellsCauses, without } from '../support/causes.ts'
import { pod } from '../support/objects.ts'
import { suite } from '../support/suite.ts'

const test = suite('causes: workloads')

tellsCauses(test, [
  {
    title: 'a deployment that was scaled to zero',
    objects: altered('Deployment', 'ratings-v1', (item) => (item.spec.replicas = 0)),
    why: ['deployment ratings-v1 is scaled to zero'],
  },
  {
    title: 'a deployment whose pod cannot pull its image',
    objects: altered('Deployment', 'reviews-v3', (item) => (item.status = {})).map((item) =>
      item.metadata?.name === podOf('reviews-v3')
        ? {
            ...item,
            status: {
              containerStatuses: [
                { name: 'reviews', state: { waiting: { reason: 'ErrImagePull', message: 'toomanyrequests' } } },
              ],
            },
          }
        : item,
    ),
    why: ['deployment reviews-v3 has no available pod (container reviews: ErrImagePull: toomanyrequests)'],
  },
  {
    title: 'a deployment whose pods a webhook keeps from being made',
    objects: without('Pod', podOf('reviews-v3')).map((item) =>
      item.kind === 'Deployment' && item.metadata?.name === 'reviews-v3'
        ? {
            ...item,
            status: { conditions: [{ type: 'ReplicaFailure', status: 'True', message: 'failed calling webhook' }] },
          }
        : item,
    ),
    why: ['deployment reviews-v3 has no available pod (failed calling webhook)'],
  },
  {
    title: 'a pod without a sidecar',
    objects: cluster(pod('productpage-v1', { sidecar: false, labels: { app: 'productpage', version: 'v1' } })),
    why: [`pod ${podOf('productpage-v1')} has no sidecar: rules do not hold for what it sends`],
  },
  {
    title: 'a sidecar that is an init container, as from Istio 1.27 on, for what it is',
    objects: cluster(
      pod('productpage-v1', {
        sidecar: false,
        labels: { app: 'productpage', version: 'v1' },
        spec: { initContainers: [{ name: 'istio-proxy' }] },
      }),
    ),
    why: [],
  },
  {
    title: 'a pod whose label was changed',
    objects: altered('Pod', podOf('reviews-v1'), ({ metadata }) =>
      Object.assign(metadata ?? {}, { labels: { app: 'reviews', version: 'v2' } }),
    ),
    why: [`pod ${podOf('reviews-v1')} has the label version=v2, its deployment version=v1`],
  },
  {
    title: 'nothing of a pod that was evicted, and has another in its place',
    objects: [
      ...cluster(),
      { ...pod('reviews-v1', { sidecar: false, labels: { app: 'reviews' } }), status: { phase: 'Failed' } },
    ],
    why: [],
  },
  {
    title: "somebody else's pod behind a service",
    objects: cluster(pod('reviews-v4', { labels: { app: 'reviews', version: 'v1' } })),
    why: [`pod ${podOf('reviews-v4')}, which is not the lesson's, answers for reviews`],
  },
])

test.run()
