import * as assert from 'uvu/assert'
import { en } from '../../lib/words/en.ts'
import { suite } from '../support/suite.ts'

const test = suite('words: English')

const sentences: [said: string, expected: string][] = [
  [en.section(3, 'Routing by version'), 'Section 3. Routing by version'],
  [en.proof.only('v1'), 'only v1, no stars'],
  [en.proof.sees('jason', 'v2'), 'jason sees v2, black stars'],
  [en.proof.only('v3'), 'only v3, red stars'],
  [en.proof.verdict('only v1, no stars', 50), 'only v1, no stars (50 visits each)'],
  [
    en.sandboxInstead(en.noDocker('missing')),
    'Docker is not installed: the lesson runs in the sandbox, which is simulated.',
  ],
  [en.noTool(['kind']), 'kind is not installed'],
  [en.noTool(['kind', 'istioctl']), 'kind and istioctl are not installed'],
  [en.portTaken(8080, 'node (process 7)', 8081), 'Port 8080 is taken by node (process 7); the page is on port 8081.'],
  [en.prefetching(1), 'Pulling 1 image into the node in the background (--no-prefetch: not)'],
  [en.prefetching(2), 'Pulling 2 images into the node in the background (--no-prefetch: not)'],
  [en.causes.does.authorization('ALLOW', 1), 'lets requests in or refuses them with 403 (ALLOW, 1 rule)'],
  [en.causes.does.authorization('DENY', 0), 'lets requests in or refuses them with 403 (DENY, no rules)'],
  [en.interrupted('./scripts/all.ts'), 'Stopped. What is there stays as it is. To go on: ./scripts/all.ts'],
]
for (const [said, expected] of sentences)
  test(expected, () => {
    assert.is(said, expected)
  })

test.run()
