import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import * as assert from 'uvu/assert'
import { EXIT } from '../../lib/failure.ts'
import { type LabRecord, labOf, projectFolder, recordLab } from '../../lib/state.ts'
import { mappedPorts, sandboxEnv, sandboxTarget } from '../../lib/targets/sandbox.ts'
import { en } from '../../lib/words/en.ts'
import { failureOf } from '../support/failures.ts'
import { temporaryFolder } from '../support/folder.ts'
import { shellPrograms } from '../support/programs.ts'
import { suite } from '../support/suite.ts'

const test = suite('targets: sandbox')

const { signal } = new AbortController()
const record: LabRecord = { target: 'sandbox', name: 'two', port: 8090, made: {} }
const dist = join(projectFolder, 'dist')
const path = process.env.PATH

test.before.each(() => {
  process.env.LAB_HOME = temporaryFolder()
  process.env.PATH = path
})

/** A sandbox of which a kubeconfig is left. */
function present() {
  const sandbox = sandboxTarget(record, en)
  mkdirSync(dirname(sandbox.kubeconfig), { recursive: true })
  writeFileSync(sandbox.kubeconfig, '{}')
  return sandbox
}

test("its own programs come first, and its kubeconfig is never the user's", () => {
  const env = sandboxEnv('two', 8090)
  assert.is(env.PATH?.split(delimiter)[0], join(dist, 'bin'))
  assert.is(env.KUBECONFIG, join(process.env.LAB_HOME ?? '', 'sandbox', 'two', 'kubeconfig'))
  assert.equal([env.KIND_CLUSTER_NAME, env.LAB_SANDBOX_PORT], ['two', '8090'])
})

test('a kubectl of its own is for machines that have none', () => {
  process.env.PATH = shellPrograms({ kubectl: 'exit 0' })
  assert.not(sandboxEnv('two', 8090).PATH?.includes('bin-kubectl'))
  process.env.PATH = shellPrograms({})
  assert.is(sandboxEnv('two', 8090).PATH?.split(delimiter)[1], join(dist, 'bin-kubectl'))
})

test('it says that it is simulated, and what runs in the background', () => {
  const sandbox = sandboxTarget(record, en)
  assert.ok(sandbox.simulated)
  assert.is(sandbox.running(), undefined)
  assert.is(present().running(), 'a background process of Node, the sandbox "two"')
})

test('it is entered by hand under its name, where that is not the usual one', () => {
  assert.is(sandboxTarget(record, en).byHand(), 'npm run sandbox -- --name two bash')
  assert.is(sandboxTarget({ ...record, name: 'kind' }, en).byHand(), 'npm run sandbox -- bash')
})

test('attaching to a sandbox that was never made makes none', async () => {
  const sandbox = sandboxTarget(record, en)
  await sandbox.attach(signal)
  assert.not(existsSync(sandbox.kubeconfig))
})

/** A sandbox as its kind leaves it, with these ports of this machine mapped to the gateway. */
function madeWith(hostPorts: readonly number[]): void {
  const folder = dirname(sandboxTarget(record, en).kubeconfig)
  mkdirSync(folder, { recursive: true })
  const ports = hostPorts.map((hostPort) => ({ hostPort, containerPort: 8080 }))
  const settings = { ports: [...ports, { hostPort: 8443, containerPort: 8443 }] }
  writeFileSync(join(folder, 'cluster.json'), JSON.stringify(settings))
}

test('the ports of its page are those that it was made with', () => {
  assert.is(mappedPorts('two'), undefined)
  madeWith([9090])
  assert.equal(mappedPorts('two'), [9090])
})

for (const { ports, seen } of [
  { ports: [9090], seen: '8080 is mapped to 9090' },
  { ports: [], seen: 'port 8080 of the node is not mapped' },
])
  test(`a sandbox without the port that is asked for is not used: ${seen}`, async () => {
    madeWith(ports)
    const failure = await failureOf(() => sandboxTarget(record, en).attach(signal))
    assert.is(failure.exitCode, EXIT.notReady)
    assert.is(failure.seen, seen)
    assert.match(failure.mend ?? '', 'kind delete cluster --name two')
  })

test('that a cluster is ours is written down before it is made, and other steps need nothing', async () => {
  const sandbox = sandboxTarget(record, en)
  assert.is(await sandbox.before('cluster', signal), undefined)
  assert.is(labOf(record)?.made.cluster, 'begun')
  assert.is(await sandbox.before('istio', signal), undefined)
  await sandbox.after('cluster', signal)
})

test('a half-made cluster is taken away before it is made again', async () => {
  recordLab({ ...record, made: { cluster: 'begun' } })
  const beforehand = await present().before('cluster', signal)
  assert.equal(beforehand?.run.map(String), ['kind delete cluster'])
})

test('the page is on the port that was chosen', async () => {
  const page = await sandboxTarget(record, en).openPage(signal)
  assert.is(page.url, 'http://localhost:8090/productpage')
  page.close()
})

test('it goes as a whole', () => {
  assert.equal(sandboxTarget(record, en).removal().map(String), ['kind delete cluster'])
})

test.run()
