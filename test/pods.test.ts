import * as assert from 'uvu/assert'
import type { Item } from '../lib/kube.ts'
import { podTroubles, troubleOf } from '../lib/pods.ts'
import { en } from '../lib/words/en.ts'
import { kubeOf, silentKube } from './support/kube.ts'
import { pod } from './support/objects.ts'
import { suite } from './support/suite.ts'

const test = suite('pods')

const unready = (status: Readonly<Record<string, unknown>>) => pod('reviews-v1', { ready: false, status })
const waiting = (name: string, reason: string, message?: string) => ({
  name,
  state: { waiting: { reason, ...(message ? { message } : {}) } },
})

const cases: { title: string; pod: Item; says: string | undefined }[] = [
  { title: 'a ready pod', pod: pod('reviews-v1'), says: undefined },
  { title: 'a pod that has done its work', pod: unready({ phase: 'Succeeded' }), says: undefined },
  {
    title: 'a pod that no node has room for',
    pod: unready({
      conditions: [
        { type: 'PodScheduled', status: 'False', message: "0/1 nodes are available: 1 node(s) didn't have free ports" },
      ],
    }),
    says: "Pending: 0/1 nodes are available: 1 node(s) didn't have free ports",
  },
  {
    title: 'a pod that cannot be scheduled for no reason given',
    pod: unready({ conditions: [{ type: 'PodScheduled', status: 'False' }] }),
    says: 'Pending: cannot be scheduled',
  },
  {
    title: 'an image that cannot be pulled',
    pod: unready({ containerStatuses: [waiting('reviews', 'ImagePullBackOff', 'Back-off pulling image')] }),
    says: 'container reviews: ImagePullBackOff: Back-off pulling image',
  },
  {
    title: 'an init container that fails, before the containers that wait for it',
    pod: unready({
      initContainerStatuses: [{ name: 'istio-init', state: { terminated: { reason: 'Error', exitCode: 1 } } }],
      containerStatuses: [waiting('reviews', 'PodInitializing')],
    }),
    says: 'container istio-init: ended with code 1',
  },
  {
    title: 'an init container that has done its work, and nothing else yet',
    pod: unready({
      initContainerStatuses: [{ name: 'istio-init', state: { terminated: { exitCode: 0 } } }],
      containerStatuses: [],
    }),
    says: 'Pending',
  },
  {
    title: 'a container that crashes again and again',
    pod: unready({
      containerStatuses: [{ name: 'istio-proxy', state: { running: {} } }, waiting('reviews', 'CrashLoopBackOff')],
    }),
    says: 'container reviews: CrashLoopBackOff',
  },
  {
    title: 'a pod that is on its way out',
    pod: pod('x', { ready: false, deletionTimestamp: '2024-03-10T00:00:00Z' }),
    says: 'Terminating',
  },
  { title: 'a pod of which nothing is known', pod: { metadata: { name: 'x' } }, says: 'Unknown' },
]
for (const { title, pod, says } of cases)
  test(`${title}: ${says ?? 'no trouble'}`, () => {
    assert.is(troubleOf(pod, en), says)
  })

const event = (pod: Item, message: string, lastTimestamp: string, type = 'Warning'): Item => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name: message, namespace: 'default' },
  type,
  message,
  lastTimestamp,
  involvedObject: { uid: pod.metadata?.uid ?? '' },
})

test('why an image could not be pulled is told by the last event that says so', async () => {
  const late = unready({ containerStatuses: [waiting('reviews', 'ImagePullBackOff', 'Back-off pulling image "r:1"')] })
  late.metadata = { ...late.metadata, uid: 'of-the-pod' }
  const other = { ...late, metadata: { uid: 'of-another' } }
  const kube = kubeOf(
    late,
    event(late, 'Failed to pull image "r:1": toomanyrequests', '2024-03-10T00:00:09Z'),
    event(late, 'Failed to pull image "r:1": no such host', '2024-03-10T00:00:05Z'),
    event(late, 'Startup probe failed: connection refused', '2024-03-10T00:00:10Z'),
    event(late, 'Error: ImagePullBackOff', '2024-03-10T00:00:10Z'),
    event(late, 'Back-off pulling image "r:1"', '2024-03-10T00:00:11Z'),
    event(late, 'Pulling image "r:1"', '2024-03-10T00:00:12Z', 'Normal'),
    event(other, 'Failed to pull image "r:2"', '2024-03-10T00:00:12Z'),
  )
  assert.equal(await podTroubles(kube, en, 'default'), [
    'pod reviews-v1-5b5d6494f4-x7k2p: container reviews: ImagePullBackOff: Back-off pulling image "r:1": Failed to pull image "r:1": toomanyrequests',
  ])
})

test('what an event only repeats is not said twice', async () => {
  const now = unready({ containerStatuses: [waiting('reviews', 'ErrImagePull', 'no such host')] })
  now.metadata = { ...now.metadata, uid: 'of-the-pod' }
  const kube = kubeOf(now, event(now, 'no such host', '2024-03-10T00:00:09Z'))
  assert.equal(await podTroubles(kube, en, 'default'), [
    'pod reviews-v1-5b5d6494f4-x7k2p: container reviews: ErrImagePull: no such host',
  ])
})

test('each pod in trouble gets a sentence, the others none', async () => {
  const kube = kubeOf(pod('details-v1'), unready({ containerStatuses: [waiting('reviews', 'ErrImagePull')] }))
  assert.equal(await podTroubles(kube, en, 'default'), [
    'pod reviews-v1-5b5d6494f4-x7k2p: container reviews: ErrImagePull',
  ])
})

test('pods that cannot be read are in no trouble that is known', async () => {
  assert.equal(await podTroubles(silentKube, en), [])
})

test.run()
