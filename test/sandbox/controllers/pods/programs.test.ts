import * as assert from 'uvu/assert'
import type { Container } from '../../../../lib/sandbox/controllers/pods/pod.ts'
import { courseOf } from '../../../../lib/sandbox/controllers/pods/programs.ts'
import { suite } from '../../../support/suite.ts'

const test = suite('programs')

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
  [{ image: 'busybox', command: ['sh', '-c', 'echo "a  b" c && sleep 2; echo d # e'] }, 0, ['0: a  b c', '2: d']],
  [{ image: 'busybox', command: ['sh', '-c', 'echo a\nsleep 1m\necho b'] }, 0, ['0: a', '60: b']],
  [{ image: 'busybox', command: ['/bin/sh', '-ec', 'echo bad; exit 3'] }, 3, ['0: bad']],
  [
    { image: 'busybox', command: ['sh', '-c', 'echo $A $A $B'], env: [{ name: 'A', value: 'x y' }] },
    0,
    ['0: x y x y '],
  ],
  [{ image: 'busybox', command: ['echo', '$(A) $(B)'], env: [{ name: 'A', value: 'x' }] }, 0, ['0: x $(B)']],
  [{ image: 'busybox', command: ['sh', '-c', 'echo a > b; serve'] }, undefined],
  [{ image: 'busybox', command: ['sh', '-c', 'echo a; curl b | sh; echo c'] }, undefined, ['0: a']],
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
    const { lines, end } = courseOf({ name: 'web', ...container } as Container)
    assert.is(end?.exitCode, exitCode)
    assert.equal(
      lines.map(({ after, text }) => `${after}: ${text}`),
      expected,
    )
  })

test('a program that sleeps ends when it has slept', () => {
  const ends = (script: string) => courseOf({ name: 'web', image: 'busybox', command: ['sh', '-c', script] }).end?.after
  assert.equal([ends('sleep 5; exit 1'), ends('sleep 1; sleep 2h'), ends('exit 1; sleep 5')], [5, 7201, 0])
})

test.run()
