import { createServer } from 'node:net'
import * as assert from 'uvu/assert'
import { dockerEngine, portHolder, toolVersion } from '../lib/machine.ts'
import { en } from '../lib/words/en.ts'
import { freePort, listen } from './support/listen.ts'
import { shellPrograms } from './support/programs.ts'
import { suite } from './support/suite.ts'

const test = suite('machine')

const usual = process.env.PATH
test.after.each(() => {
  process.env.PATH = usual
})

const only = (programs: Readonly<Record<string, string>>): NodeJS.ProcessEnv => ({
  PATH: `${shellPrograms(programs)}:/usr/bin:/bin`,
})

const engines: { title: string; docker: string; ok: boolean; reason?: string; detail?: RegExp }[] = [
  { title: 'an engine that answers', docker: 'echo 27.3.1', ok: true },
  {
    title: 'a client without an engine',
    docker:
      'echo "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?" >&2; exit 1',
    ok: false,
    reason: 'not running',
    detail: /Cannot connect/,
  },
  {
    title: 'an engine that the user may not ask',
    docker: 'echo "permission denied while trying to connect to the Docker daemon socket" >&2; exit 1',
    ok: false,
    reason: 'no permission',
    detail: /permission denied/,
  },
]
for (const { title, docker, ok, reason, detail } of engines)
  test(`${title}: ${ok ? 'it can be used' : reason}`, async () => {
    const engine = await dockerEngine(only({ docker }))
    assert.is(engine.ok, ok)
    if (engine.ok) return assert.is(engine.version, '27.3.1')
    assert.is(engine.reason, reason)
    assert.match(engine.detail, detail ?? /./)
  })

test('no docker on the PATH is a missing one', async () => {
  const engine = await dockerEngine({ PATH: shellPrograms({}) })
  assert.equal(engine, { ok: false, reason: 'missing', detail: 'there is no docker on the PATH' })
})

const tools: { says: string; version: string | undefined }[] = [
  { says: 'echo "kind v0.22.0 go1.20.13 linux/amd64"', version: '0.22.0' },
  { says: 'echo "no version"', version: undefined },
  { says: 'exit 1', version: undefined },
]
for (const { says, version } of tools)
  test(`a tool that does \`${says}\` is ${version ?? 'none'}`, async () => {
    assert.is(await toolVersion('kind', only({ kind: says })), version)
  })

test('a tool is asked for its own version, not for that of a cluster', async () => {
  const echo = 'case "$*" in "version --client"|"version --remote=false") echo v1.2.3;; esac'
  const env = only({ kubectl: echo, istioctl: echo })
  assert.equal([await toolVersion('kubectl', env), await toolVersion('istioctl', env)], ['1.2.3', '1.2.3'])
})

test('a tool that is not there has no version', async () => {
  assert.is(await toolVersion('istioctl', { PATH: shellPrograms({}) }), undefined)
})

test('a free port is held by nobody', async () => {
  assert.is(await portHolder(await freePort(), en), undefined)
})

const holders: { title: string; programs: Record<string, string>; says: string }[] = [
  { title: 'a container', programs: { docker: 'echo other-control-plane' }, says: 'the container other-control-plane' },
  {
    title: 'a program that ss knows',
    programs: { docker: 'exit 1', ss: `echo 'LISTEN 0 511 *:8080 *:* users:(("node",pid=123,fd=18))'` },
    says: 'node (process 123)',
  },
  {
    title: 'a program that lsof knows',
    programs: { docker: 'exit 1', ss: 'exit 1', lsof: "printf 'p77\\ncnginx\\n'" },
    says: 'nginx (process 77)',
  },
  {
    title: 'a program that nobody may see',
    programs: { docker: 'exit 1', ss: 'exit 0', lsof: 'exit 1' },
    says: 'a program of another user',
  },
]
for (const { title, programs, says } of holders)
  test(`a port that is taken is held by ${title}`, async () => {
    const { port, close } = await listen(createServer())
    process.env.PATH = `${shellPrograms(programs)}:${usual}`
    assert.is(await portHolder(port, en), says)
    await close()
  })

test.run()
