import * as assert from 'uvu/assert'
import { rolloutProgress } from '../../../lib/sandbox/kubectl/wait.ts'
import { suite } from '../../support/suite.ts'

const test = suite('rollout status')

const deployment = (replicas: number, status: object) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', generation: 2 },
  spec: { replicas },
  status: { observedGeneration: 2, ...status },
})

// kubectl 1.29: pkg/polymorphichelpers/rollout_status.go
const cases: [replicas: number, status: object, text: string, isDone: boolean][] = [
  [1, { observedGeneration: 1 }, 'Waiting for deployment spec update to be observed...', false],
  [
    2,
    { updatedReplicas: 1, replicas: 3 },
    'Waiting for deployment "web" rollout to finish: 1 out of 2 new replicas have been updated...',
    false,
  ],
  [
    2,
    { updatedReplicas: 2, replicas: 3, availableReplicas: 3 },
    'Waiting for deployment "web" rollout to finish: 1 old replicas are pending termination...',
    false,
  ],
  [
    2,
    { updatedReplicas: 2, replicas: 2, availableReplicas: 1 },
    'Waiting for deployment "web" rollout to finish: 1 of 2 updated replicas are available...',
    false,
  ],
  [2, { updatedReplicas: 2, replicas: 2, availableReplicas: 2 }, 'deployment "web" successfully rolled out', true],
  [0, {}, 'deployment "web" successfully rolled out', true],
]
for (const [replicas, status, text, isDone] of cases)
  test(text, () => {
    assert.equal(rolloutProgress(deployment(replicas, status)), { text, isDone })
  })

test('a rollout that ran out of time fails', () => {
  const conditions = [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }]
  assert.throws(
    () => rolloutProgress(deployment(1, { conditions })),
    /^deployment "web" exceeded its progress deadline$/,
  )
})

test.run()
