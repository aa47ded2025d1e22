import * as assert from 'uvu/assert'
import type { Container } from '../../../../lib/sandbox/controllers/pods/pod.ts'
import { exitCodeOf } from '../../../../lib/sandbox/controllers/pods/programs.ts'
import { suite } from '../../../support/suite.ts'

const test = suite('programs')

const password = { name: 'POSTGRES_PASSWORD', value: 'secret' }
const containers: readonly [container: Partial<Container>, exitCode: number | undefined][] = [
  [{ image: 'nginx' }, undefined],
  [{ image: 'docker.io/istio/examples-bookinfo-reviews-v1:1.18.0' }, undefined],
  [{ image: 'busybox' }, 0],
  [{ image: 'python:3.12-slim' }, 0],
  [{ image: 'hello-world' }, 0],
  [{ image: 'curlimages/curl' }, 2],
  [{ image: 'example.com/busybox' }, undefined],
  [{ image: 'busybox', args: ['sleep', '3600'] }, undefined],
  [{ image: 'busybox', args: ['false'] }, 1],
  [{ image: 'busybox', command: ['sleep', 'infinity'] }, undefined],
  [{ image: 'nginx', command: ['/bin/true'] }, 0],
  [{ image: 'nginx', command: ['echo'], args: ['hello'] }, 0],
  [{ image: 'nginx', command: ['falsetto'] }, undefined],
  [{ image: 'busybox', command: ['sh', '-c', 'echo hello'] }, 0],
  [{ image: 'busybox', command: ['/bin/sh', '-ec', 'echo bad; exit 3'] }, 3],
  [{ image: 'busybox', command: ['sh', '-c'], args: ['while true; do date; sleep 5; done'] }, undefined],
  [{ image: 'busybox', command: ['sh', '-c', 'echo waiting; sleep 3600'] }, undefined],
  [{ image: 'postgres:16' }, 1],
  [{ image: 'postgres:16', env: [password] }, undefined],
  [{ image: 'postgres:16', envFrom: [{ secretRef: { name: 'settings' } }] }, undefined],
  [{ image: 'mysql' }, 1],
  [{ image: 'mysql', env: [{ name: 'MYSQL_ROOT_PASSWORD', value: 'x' }] }, undefined],
  [{ image: 'mariadb', env: [{ name: 'MYSQL_PASSWORD', value: 'x' }] }, 1],
]

for (const [container, exitCode] of containers)
  test(`${JSON.stringify(container)} ${exitCode === undefined ? 'goes on' : `ends with ${exitCode}`}`, () => {
    assert.is(exitCodeOf({ name: 'web', ...container } as Container), exitCode)
  })

test.run()
