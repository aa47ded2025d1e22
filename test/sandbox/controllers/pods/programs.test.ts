import * as assert from 'uvu/assert'
import type { Container } from '../../../../lib/sandbox/controllers/pods/pod.ts'
import { courseOf, lastWordsOf } from '../../../../lib/sandbox/controllers/pods/programs.ts'
import type { KubeObject } from '../../../../lib/sandbox/objects.ts'
import { suite } from '../../../support/suite.ts'

const test = suite('programs')

const found: KubeObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', labels: { 'example.com/app': 'shop' } },
  status: { podIP: '10.244.0.5' },
}

const field = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } })
const password = { name: 'POSTGRES_PASSWORD', value: 'secret' }
/** A container, the exit code with which its program ends, and what it writes until then. */
const containers: readonly [container: Partial<Container>, exitCode: number | undefined, lines?: string[]][] = [
  [{ image: 'nginx' }, undefined],
  [{ image: 'docker.io/istio/examples-bookinfo-reviews-v1:1.18.0' }, undefined],
  [{ image: 'busybox' }, 0],
  [{ image: 'python:3.12-slim' }, 0],
  [{ image: 'hello-world' }, 0],
  [{ image: 'curlimages/curl' }, 2],
  [{ image: 'example.com/busybox' }, undefined],
  [{ image: 'busybox', args: ['sleep', '3600'] }, 0],
  [{ image: 'busybox', args: ['false'] }, 1],
  [{ image: 'busybox', command: ['sleep', 'infinity'] }, undefined],
  [{ image: 'nginx', command: ['/bin/true'] }, 0],
  [{ image: 'nginx', command: ['echo'], args: ['hello', 'you'] }, 0, ['0: hello you']],
  [{ image: 'busybox', args: ['echo', 'hello'] }, 0, ['0: hello']],
  [{ image: 'istio/examples-bookinfo-details-v1:1.18.0', args: ['echo', 'hello'] }, 0, ['0: hello']],
  [{ image: 'nginx', args: ['echo', 'hello'] }, undefined],
  [{ image: 'nginx', command: ['falsetto'] }, undefined],
  [{ image: 'busybox', command: ['/bin/sh', '-ec', 'echo bad; exit 3'] }, 3, ['0: bad']],
  [
    { image: 'busybox', command: ['sh', '-c', 'echo $A $A $B'], env: [{ name: 'A', value: 'x y' }] },
    0,
    ['0: x y x y '],
  ],
  [{ image: 'busybox', command: ['echo', '$(A) $(B)'], env: [{ name: 'A', value: 'x' }] }, 0, ['0: x $(B)']],
  [
    { image: 'busybox', command: ['sh', '-c', 'echo $(hostname) $IP'], env: [field('IP', 'status.podIP')] },
    0,
    ['0: web 10.244.0.5'],
  ],
  [
    { image: 'busybox', args: ['echo', '$(APP)'], env: [field('APP', "metadata.labels['example.com/app']")] },
    0,
    ['0: shop'],
  ],
  [{ image: 'busybox', command: ['sh', '-c', 'echo $A'], env: [{ name: 'A', valueFrom: { secretKeyRef: {} } }] }, 0],
  [{ image: 'busybox', command: ['sh', '-c', 'echo $A'], envFrom: [{ configMapRef: { name: 'a' } }] }, 0],
  [{ image: 'busybox', command: ['sh', '-c'], args: ['while true; do date; sleep 5; done'] }, undefined],
  [{ image: 'busybox', command: ['sh', '-c', 'echo waiting; sleep infinity'] }, undefined, ['0: waiting']],
  [{ image: 'postgres:16' }, 1],
  [{ image: 'postgres:16', env: [password] }, undefined],
  [{ image: 'postgres:16', envFrom: [{ secretRef: { name: 'settings' } }] }, undefined],
  [{ image: 'mysql' }, 1],
  [{ image: 'mysql', env: [{ name: 'MYSQL_ROOT_PASSWORD', value: 'x' }] }, undefined],
  [{ image: 'mariadb', env: [{ name: 'MYSQL_PASSWORD', value: 'x' }] }, 1],
]

for (const [container, exitCode, expected = []] of containers)
  test(`${JSON.stringify(container)} ${exitCode === undefined ? 'goes on' : `ends with ${exitCode}`}`, () => {
    const { lines, end } = courseOf({ name: 'web', ...container } as Container, { pod: found })
    assert.is(end?.exitCode, exitCode)
    assert.equal(
      lines.map(({ after, text }) => `${after}: ${text}`),
      expected,
    )
  })

test('where it is asked for, what was written last is told of an end that is none', () => {
  const words = (script: string, terminationMessagePolicy: string) => {
    const container = { name: 'web', image: 'busybox', command: ['sh', '-c', script], terminationMessagePolicy }
    return lastWordsOf(container, courseOf(container, { pod: found }))
  }
  assert.is(words('echo a; echo b; exit 1', 'FallbackToLogsOnError'), 'a\nb\n')
  assert.is(words('echo a; echo b; exit 1', 'File'), undefined)
  assert.is(words('echo a', 'FallbackToLogsOnError'), undefined)
  assert.is(words('echo a; echo b > /dev/termination-log; exit 1', 'FallbackToLogsOnError'), 'b\n')
})

test.run()
