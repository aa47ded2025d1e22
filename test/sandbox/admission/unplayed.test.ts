import * as assert from 'uvu/assert'
import { unplayedWarnings } from '../../../lib/sandbox/admission/unplayed.ts'
import type { Container } from '../../../lib/sandbox/controllers/pods/pod.ts'
import { suite } from '../../support/suite.ts'
import { deployment, pod } from '../controllers/cluster.ts'
import { kindOf } from '../schema/kinds.ts'

const test = suite('containers that nothing plays')

const reviews = 'docker.io/istio/examples-bookinfo-reviews-v1:1.18.0'
const containers: readonly [title: string, container: Partial<Container>, isTold: boolean][] = [
  ['an image that is not played', { image: 'nginx:1.25' }, true],
  ['one of Bookinfo', { image: reviews }, false],
  ['one of Bookinfo with another command', { image: reviews, command: ['node', 'server.js'] }, true],
  ['a proxy', { image: 'docker.io/istio/proxyv2:1.21.2' }, false],
  ['a gateway whose image is filled in', { image: 'auto' }, false],
  ['a program that ends', { image: 'busybox' }, false],
  ['one that only sleeps', { image: 'busybox', command: ['sh', '-c', 'sleep 3600'] }, false],
  ['one that is asked to sleep', { image: 'curlimages/curl', args: ['sleep', 'infinity'] }, false],
  ['an image that does not exist', { image: 'nginx:nosuchtag' }, false],
]

for (const [title, container, isTold] of containers)
  test(`${title} is ${isTold ? 'told of' : 'as on a real cluster'}`, () => {
    const warnings = unplayedWarnings(kindOf('pods'), pod('web', { containers: [{ name: 'main', ...container }] }))
    const { image } = container
    assert.equal(warnings, isTold ? [`sandbox: nothing is run of ${image}: nothing listens in the container main`] : [])
  })

test('a deployment is told of its containers, once', () => {
  const kind = kindOf('deployments')
  const before = deployment('web')
  assert.is(unplayedWarnings(kind, before).length, 1)
  assert.equal(unplayedWarnings(kind, deployment('web', { replicas: 2 }), before), [])
})

test('other kinds have no containers', () => {
  assert.equal(unplayedWarnings(kindOf('services'), { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' } }), [])
})

test.run()
