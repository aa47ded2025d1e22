import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import * as assert from 'uvu/assert'
import { thisMachine } from '../../lib/doctor/machine.ts'
import { temporaryFolder } from '../support/folder.ts'
import { freePort, listen } from '../support/listen.ts'
import { suite } from '../support/suite.ts'
import { pathWith } from '../support/tools.ts'

const test = suite('machine')

/** A machine on which docker and kubectl answer by these shell scripts. */
function machineWith(scripts: Record<string, string>) {
  return thisMachine({ PATH: pathWith(['cat'], scripts) })
}

const info = '{"CgroupVersion":"2","MemTotal":4000000000,"DockerRootDir":"/var/lib/docker","NCPU":2}'

test("the engine's own account is read", async () => {
  const machine = machineWith({ docker: `echo '${info}'` })
  assert.equal(await machine.engineInfo(), { cgroupVersion: '2', memory: 4_000_000_000, folder: '/var/lib/docker' })
})

const broken: [title: string, script: string][] = [
  ['that does not answer', 'exit 1'],
  ['whose client answers alone', 'echo \'{"ServerErrors":["no daemon"]}\''],
]
for (const [title, docker] of broken)
  test(`an engine ${title} has nothing to tell`, async () => {
    assert.is(await machineWith({ docker }).engineInfo(), undefined)
  })

const container = {
  Id: 'a1',
  Created: '2026-11-26T08:00:00.5Z',
  State: { Running: false },
  Config: { Image: 'kindest/node:v1.29.2' },
  HostConfig: { PortBindings: { '8080/tcp': [{ HostIp: '0.0.0.0', HostPort: '9000' }], '8443/tcp': null } },
}

test("a stopped node's ports are told too", async () => {
  const docker = `test "$3" = lesson-control-plane && echo '[${JSON.stringify(container)}]'`
  const machine = machineWith({ docker })
  const created = Date.UTC(2026, 10, 26, 8, 0, 0, 500)
  const node = { id: 'a1', created, running: false, image: 'kindest/node:v1.29.2', pagePorts: ['9000'] }
  assert.equal(await machine.nodeContainer('lesson'), node)
  assert.is(await machine.nodeContainer('another'), undefined)
})

test('a node without ports has none', async () => {
  const bare = { ...container, HostConfig: {} }
  const machine = machineWith({ docker: `echo '[${JSON.stringify(bare)}]'` })
  assert.equal((await machine.nodeContainer('lesson'))?.pagePorts, [])
})

test("a context's server is asked for its version, without its v", async () => {
  const kubectl = 'test "$3" = classroom && echo \'{"serverVersion":{"gitVersion":"v1.29.2"}}\''
  const machine = machineWith({ kubectl })
  assert.is(await machine.serverVersion('classroom'), '1.29.2')
  assert.is(await machine.serverVersion('another'), undefined)
})

test('each thing is asked once', async () => {
  const folder = temporaryFolder()
  const machine = machineWith({ kind: `echo x >>${folder}/asked; echo kind v0.22.0`, istioctl: 'echo 1.21.2' })
  assert.equal(await Promise.all(['kind', 'kind', 'istioctl'].map((tool) => machine.toolVersion(tool as 'kind'))), [
    '0.22.0',
    '0.22.0',
    '1.21.2',
  ])
  assert.is(readFileSync(`${folder}/asked`, 'utf8'), 'x\n')
})

test('an address answers also where it refuses', async () => {
  const { port, close } = await listen(createServer((_, response) => response.writeHead(401).end()))
  assert.is(await machineWith({}).answers(`http://127.0.0.1:${port}/v2/`), true)
  await close()
  assert.is(await machineWith({}).answers(`http://127.0.0.1:${await freePort()}/v2/`), false)
})

test('a folder of this machine has room, one that is elsewhere cannot be asked', async () => {
  assert.ok(((await machineWith({}).freeDisk(temporaryFolder())) ?? 0) > 0)
  assert.is(await machineWith({}).freeDisk('/nowhere/at/all'), undefined)
})

test('a limit that the kernel does not have is none', () => {
  assert.is(machineWith({}).kernelLimit('fs/no/such/limit'), undefined)
})

test.run()
