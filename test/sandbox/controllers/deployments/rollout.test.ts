import * as assert from 'uvu/assert'
import type { Deployment, ReplicaSet } from '../../../../lib/sandbox/controllers/deployments/deployment.ts'
import {
  maxSurge,
  maxUnavailable,
  newReplicas,
  scaleDownOld,
} from '../../../../lib/sandbox/controllers/deployments/rollout.ts'
import { suite } from '../../../support/suite.ts'

const test = suite('rollout')

const deployment = (replicas: number, rollingUpdate: object = {}, type = 'RollingUpdate') =>
  ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: { replicas, strategy: { type, rollingUpdate } },
    status: {},
  }) as Deployment

const replicaSet = (name: string, replicas: number, available = replicas) =>
  ({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name, creationTimestamp: `2026-01-0${name}T00:00:00Z` },
    spec: { replicas },
    status: { replicas, availableReplicas: available },
  }) as ReplicaSet

const bounds: [replicas: number, rollingUpdate: object, surge: number, unavailable: number][] = [
  [1, {}, 1, 0],
  [3, {}, 1, 0],
  [4, {}, 1, 1],
  [10, {}, 3, 2],
  [1, { maxSurge: '100%', maxUnavailable: '25%' }, 1, 0],
  [10, { maxSurge: 2, maxUnavailable: 3 }, 2, 3],
  [10, { maxSurge: 0, maxUnavailable: 0 }, 0, 1],
  [2, { maxSurge: 0, maxUnavailable: 5 }, 0, 2],
  [0, {}, 0, 0],
]
for (const [replicas, rollingUpdate, surge, unavailable] of bounds)
  test(`${replicas} replicas with ${JSON.stringify(rollingUpdate)}: up to ${surge} more, ${unavailable} unavailable`, () => {
    assert.is(maxSurge(deployment(replicas, rollingUpdate)), surge)
    assert.is(maxUnavailable(deployment(replicas, rollingUpdate)), unavailable)
  })

const growth: [title: string, deployment: Deployment, sizes: number[], newest: number, next: number][] = [
  ['there is room for the surge only', deployment(4), [4, 0], 0, 1],
  ['no room is left', deployment(4), [4, 1], 1, 1],
  ['an old one has shrunk', deployment(4), [2, 1], 1, 3],
  ['it is never more than wanted', deployment(2), [0, 1], 1, 2],
  ['Recreate takes all at once', deployment(4, {}, 'Recreate'), [0, 0], 0, 4],
]
for (const [title, owner, sizes, newest, next] of growth)
  test(`the newest replica set grows from ${newest} to ${next}: ${title}`, () => {
    const all = sizes.map((size, index) => replicaSet(String(index + 1), size))
    assert.is(newReplicas(owner, all, newest), next)
  })

const shrinking: [title: string, deployment: Deployment, newest: ReplicaSet, old: ReplicaSet[], left: number[]][] = [
  ['nothing while the newest is not available', deployment(1), replicaSet('2', 1, 0), [replicaSet('1', 1)], []],
  ['the old one once it is', deployment(1), replicaSet('2', 1), [replicaSet('1', 1)], [0]],
  ['as many as may be missing', deployment(4), replicaSet('2', 1, 0), [replicaSet('1', 4)], [3]],
  [
    'those that are not well first',
    deployment(4),
    replicaSet('3', 1, 0),
    [replicaSet('1', 3), replicaSet('2', 1, 0)],
    [0],
  ],
]
for (const [title, owner, newest, old, left] of shrinking)
  test(`of the old replica sets goes ${title}`, () => {
    assert.equal(
      scaleDownOld(owner, newest, old).map(({ replicas }) => replicas),
      left,
    )
  })

test.run()
