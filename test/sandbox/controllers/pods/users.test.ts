import * as assert from 'uvu/assert'
import type { Container, Pod } from '../../../../lib/sandbox/controllers/pods/pod.ts'
import { rootFault } from '../../../../lib/sandbox/controllers/pods/users.ts'
import { suite } from '../../../support/suite.ts'

const test = suite('as whom images run')

const where = '(pod: "p_default(u)", container: c)'
const asRoot = `container has runAsNonRoot and image will run as root ${where}`

/** In the kubelet's words. */
const rows: readonly [image: string, pod: object, own: object, fault: string | undefined][] = [
  ['busybox', {}, {}, undefined],
  ['busybox', { runAsNonRoot: true }, {}, asRoot],
  ['busybox', {}, { runAsNonRoot: true }, asRoot],
  ['busybox', { runAsNonRoot: true }, { runAsNonRoot: false }, undefined],
  ['busybox', { runAsNonRoot: true, runAsUser: 1000 }, {}, undefined],
  ['nginx', { runAsNonRoot: true }, { runAsUser: 0 }, `container's runAsUser breaks non-root policy ${where}`],
  ['registry.k8s.io/pause:3.9', { runAsNonRoot: true }, {}, undefined],
  [
    'curlimages/curl',
    { runAsNonRoot: true },
    {},
    `container has runAsNonRoot and image has non-numeric user (curl_user), cannot verify user is non-root ${where}`,
  ],
]

for (const [image, securityContext, own, fault] of rows)
  test(`${image} where the pod says ${JSON.stringify(securityContext)}, the container ${JSON.stringify(own)}`, () => {
    const metadata = { name: 'p', namespace: 'default', uid: 'u' }
    const container: Container = { name: 'c', image, securityContext: own }
    assert.is(rootFault({ metadata, spec: { securityContext } } as unknown as Pod, container), fault)
  })

test.run()
