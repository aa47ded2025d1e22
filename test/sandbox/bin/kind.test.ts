import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { parse } from 'yaml'
import { isAlive } from '../../../lib/sandbox/cluster/process.ts'
import { freePort, listen } from '../../support/listen.ts'
import { suite } from '../../support/suite.ts'
import { clusterConfig, newSandbox, type Sandbox } from './sandbox.ts'

const test = suite('kind')

let sandbox: Sandbox
test.before.each(async () => {
  sandbox = await newSandbox()
})
test.after.each(() => sandbox.close())

const create = (...args: string[]) =>
  sandbox.run('kind', ['create', 'cluster', '--config=-', ...args], clusterConfig(sandbox.port))

// What kind 0.22.0 prints, after the one line by which the sandbox says what it is.
const created = `Simulated: this kind starts one process of Node, no containers.
Creating cluster "kind" ...
 • Ensuring node image (kindest/node:v1.29.2) 🖼  ...
 ✓ Ensuring node image (kindest/node:v1.29.2) 🖼
 • Preparing nodes 📦   ...
 ✓ Preparing nodes 📦${' '}
 • Writing configuration 📜  ...
 ✓ Writing configuration 📜
 • Starting control-plane 🕹️  ...
 ✓ Starting control-plane 🕹️
 • Installing CNI 🔌  ...
 ✓ Installing CNI 🔌
 • Installing StorageClass 💾  ...
 ✓ Installing StorageClass 💾
Set kubectl context to "kind-kind"
You can now use your cluster with:

kubectl cluster-info --context kind-kind

Thanks for using kind! 😊
`

test('a cluster is made with the words of kind, and its nodes say that they are simulated', async () => {
  assert.equal(await create(), { code: 0, stdout: '', stderr: created })
  assert.equal(await sandbox.run('kind', ['get', 'clusters']), { code: 0, stdout: 'kind\n', stderr: '' })
  assert.equal(await sandbox.run('kind', ['get', 'nodes']), { code: 0, stdout: 'kind-control-plane\n', stderr: '' })
  const { stdout } = await sandbox.run('kubectl', ['get', 'nodes', '-o', 'json'])
  const [node] = JSON.parse(stdout).items
  assert.is(node.metadata.labels['ingress-ready'], 'true')
  assert.is(node.metadata.labels.simulated, 'true')
  assert.match(node.status.nodeInfo.osImage, /^Simulated/)
  assert.match(node.status.nodeInfo.containerRuntimeVersion, /^simulated:/)

  const again = await create()
  assert.is(again.code, 1)
  assert.is(again.stderr, 'ERROR: failed to create cluster: node(s) already exist for a cluster with the name "kind"\n')
})

test('the kubeconfig is for its owner alone, and names the cluster', async () => {
  await create()
  const file = sandbox.env.KUBECONFIG as string
  assert.is(statSync(file).mode & 0o777, 0o600)
  assert.is(statSync(join(sandbox.home, 'kind', 'cluster.json')).mode & 0o777, 0o600)
  const config = parse(readFileSync(file, 'utf8'))
  assert.is(config['current-context'], 'kind-kind')
  assert.match(config.clusters[0].cluster.server, /^https:\/\/127\.0\.0\.1:\d+$/)
  const shown = await sandbox.run('kind', ['get', 'kubeconfig'])
  assert.equal(parse(shown.stdout), config)
})

test('two clusters live side by side, and one goes without the other', async () => {
  await create()
  const port = await freePort()
  // Its name counts before the environment's, and that before the configuration's, as with kind itself.
  const named = ['create', 'cluster', '--name', 'other', '--config=-']
  const second = await sandbox.run('kind', named, clusterConfig(port, 'third'))
  assert.match(second.stderr, /Set kubectl context to "kind-other"/)
  assert.is((await sandbox.run('kind', ['get', 'clusters'])).stdout, 'kind\nother\n')
  const node = (context: string) => sandbox.run('kubectl', ['get', 'nodes', '-o', 'name', '--context', context])
  assert.is((await node('kind-kind')).stdout, 'node/kind-control-plane\n')
  assert.is((await node('kind-other')).stdout, 'node/other-control-plane\n')
  assert.equal(await sandbox.run('kind', ['delete', 'cluster', '--name', 'other']), {
    code: 0,
    stdout: '',
    stderr: 'Deleting cluster "other" ...\nDeleted nodes: ["other-control-plane"]\n',
  })
  assert.match((await node('kind-other')).stderr, /context "kind-other" does not exist/)
  assert.is((await node('kind-kind')).code, 0)
  const exported = await sandbox.run('kind', ['export', 'kubeconfig'])
  assert.is(exported.stderr, 'Set kubectl context to "kind-kind"\n')
})

test('deleted, nothing is left of a cluster, and deleting it again is no error', async () => {
  await create()
  const pid = Number(readFileSync(sandbox.pid(), 'utf8'))
  await sandbox.run('kind', ['delete', 'cluster'])
  assert.not(existsSync(join(sandbox.home, 'kind')))
  assert.not(isAlive(pid))
  assert.equal(await sandbox.run('kind', ['delete', 'cluster']), {
    code: 0,
    stdout: '',
    stderr: 'Deleting cluster "kind" ...\n',
  })
})

test('where the page has no port, docker says so and nothing is left behind', async () => {
  const { close } = await listen(createServer(), sandbox.port)
  const { code, stderr } = await create()
  await close()
  assert.is(code, 1)
  assert.match(
    stderr,
    / ✗ Preparing nodes 📦 \nDeleted nodes: \["kind-control-plane"\]\nERROR: failed to create cluster: /,
  )
  assert.match(stderr, new RegExp(`listen tcp4 127\\.0\\.0\\.1:${sandbox.port}: bind: address already in use\\.\n$`))
  assert.equal(readdirSync(sandbox.home), [])
})

test('a page port that nobody asked for in a file is the one of the sandbox', async () => {
  await sandbox.run('kind', ['create', 'cluster'])
  const { ports } = JSON.parse(readFileSync(join(sandbox.home, 'kind', 'cluster.json'), 'utf8'))
  assert.equal(ports, [{ hostPort: sandbox.port, containerPort: 8080 }])
})

test('a create that was killed half-way is mended by delete and create', async () => {
  const child = spawn(process.execPath, [join('dist', 'sandbox', 'kind.js'), 'create', 'cluster'], {
    env: sandbox.env,
    stdio: 'ignore',
  })
  const isBegun = () => existsSync(join(sandbox.home, 'kind', 'kubeconfig'))
  while (!isBegun()) await new Promise((resolve) => setImmediate(resolve))
  child.kill('SIGKILL')
  await new Promise((resolve) => child.on('close', resolve))
  await sandbox.run('kind', ['delete', 'cluster'])
  assert.not(existsSync(join(sandbox.home, 'kind')))
  assert.is((await create()).code, 0)
})

test('what is not simulated is said', async () => {
  const config = clusterConfig(sandbox.port).replace('  extraPort', '  extraMounts: []\n  extraPort')
  const made = await sandbox.run('kind', ['create', 'cluster', '--config=-', '--wait', '60s'], config)
  assert.match(made.stderr, /^Simulated: extraMounts is accepted and has no effect\.$/m)
  assert.match(made.stderr, / ✓ Waiting ≤ 60s for control-plane = Ready ⏳\n • Ready after 0s 💚\n/)
  const loaded = await sandbox.run('kind', ['load', 'docker-image', 'mine:1'])
  assert.is(loaded.code, 1)
  assert.match(loaded.stderr, /the sandbox runs no images, so there is nowhere to load mine:1/)
})

test('without a home for sandboxes it says whose program it is', async () => {
  const { LAB_SANDBOX_HOME: _, ...env } = sandbox.env
  const child = spawn(process.execPath, [join('dist', 'sandbox', 'kind.js'), 'get', 'clusters'], { env })
  let stderr = ''
  child.stderr.on('data', (text) => (stderr += text))
  await new Promise((resolve) => child.on('close', resolve))
  assert.match(stderr, /^ERROR: LAB_SANDBOX_HOME is not set: this program belongs to the sandbox/)
})

test('damaged settings are named, not overlooked', async () => {
  await create()
  writeFileSync(join(sandbox.home, 'kind', 'cluster.json'), '{"name"')
  const { code, stderr } = await sandbox.run('resume', ['kind'])
  assert.is(code, 1)
  assert.match(stderr, /cluster\.json is damaged; delete the cluster and create it again/)
})

test('settings of an earlier version, which had no certificate for clients, are named too', async () => {
  await create()
  const file = join(sandbox.home, 'kind', 'cluster.json')
  const { certificates, ...settings } = JSON.parse(readFileSync(file, 'utf8'))
  const { administrator: _administrator, ...earlier } = certificates
  writeFileSync(file, JSON.stringify({ ...settings, token: 'secret', certificates: earlier }))
  const { code, stderr } = await sandbox.run('resume', ['kind'])
  assert.is(code, 1)
  assert.match(stderr, /cluster\.json was written by an earlier version; delete the cluster and create it again/)
})

test.run()
