import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { sh } from '../../lib/sh.ts'
import { type LabRecord, labOf, recordLab } from '../../lib/state.ts'
import { kindTarget } from '../../lib/targets/kind.ts'
import { en } from '../../lib/words/en.ts'
import { startBookinfo } from '../support/bookinfo.ts'
import { failureOf } from '../support/failures.ts'
import { temporaryFolder } from '../support/folder.ts'
import { freePort } from '../support/listen.ts'
import { type Answer, answeredPrograms, type Programs } from '../support/programs.ts'
import { suite } from '../support/suite.ts'

const test = suite('targets: kind')

const { signal } = new AbortController()
const port = await freePort()
const record: LabRecord = { target: 'kind', name: 'lesson', port, made: {} }

/** The one cluster on this machine's Docker. */
let node: { id?: string; created?: string; running: boolean; port: number } | undefined
let kubeconfig: string | undefined
let engine: Answer
/** How often the API is asked in vain. */
let apiAway: number
let programs: Programs
const path = process.env.PATH

test.before.each(async () => {
  process.env.LAB_HOME = temporaryFolder()
  node = { running: true, port }
  kubeconfig = '{}'
  engine = { stdout: '27.3.1' }
  apiAway = 0
  programs = await answeredPrograms(['docker', 'kind', 'kubectl', 'istioctl'], (line) => {
    if (line.startsWith('docker version')) return engine
    if (line.startsWith('docker container inspect'))
      return node ? { stdout: JSON.stringify([container()]) } : { code: 1 }
    if (line.startsWith('docker start')) return {}
    if (line === 'kubectl get --raw=/readyz') return apiAway-- > 0 ? { code: 1, stderr: 'connection refused' } : {}
    if (line.startsWith('kind get kubeconfig')) return kubeconfig ? { stdout: kubeconfig } : { code: 1 }
    const version = {
      'kind version': 'v0.22.0',
      'kubectl version --client': 'v1.29.2',
      'istioctl version --remote=false': '1.21.2',
    }[line]
    return version ? { stdout: version } : { code: 1 }
  })
  process.env.PATH = `${programs.folder}:${path}`
})
test.after.each(() => programs.close())

function container(): object {
  const ports = [{ HostPort: String(node?.port) }]
  return {
    Id: node?.id ?? 'a1',
    Created: node?.created ?? '2026-11-26T08:00:00Z',
    State: { Running: node?.running },
    Config: { Image: 'kindest/node:v1.29.2' },
    HostConfig: { PortBindings: { '8080/tcp': ports } },
  }
}

/** The target, of a cluster that the lesson has made so far. */
function target(made: 'begun' | 'done' | undefined, more: Pick<LabRecord, 'named' | 'node' | 'begunAt'> = {}) {
  recordLab({ ...record, ...more, made: made ? { cluster: made } : {} })
  return kindTarget({ ...record, ...more }, en)
}

test('a cluster of its own is worked with, by a kubeconfig that nobody else may read', async () => {
  const kind = target('done')
  await kind.attach(signal)
  assert.is(readFileSync(kind.kubeconfig, 'utf8'), '{}')
  assert.is(statSync(kind.kubeconfig).mode & 0o777, 0o600)
})

test('where there is no cluster yet there is nothing to attach to', async () => {
  node = undefined
  const kind = target(undefined)
  await kind.attach(signal)
  assert.not(existsSync(kind.kubeconfig))
})

test('a cluster that the lesson was stopped in making is left for the step that makes it again', async () => {
  kubeconfig = undefined
  await target('begun').attach(signal)
})

test('a cluster that somebody else has made is used only when it is named', async () => {
  const failure = await failureOf(() => target(undefined).attach(signal))
  assert.match(failure.message, 'lesson')
  assert.match(failure.mend ?? '', '--name')
  await target(undefined, { named: true }).attach(signal)
})

test('a cluster that maps another port cannot be used, and both ways out are told', async () => {
  node = { running: true, port: port === 9999 ? 9998 : 9999 }
  const failure = await failureOf(() => target('done').attach(signal))
  assert.match([failure.message, failure.seen, ...failure.why].join(' '), String(port))
  assert.match(failure.mend ?? '', /kind delete cluster --name lesson/)
})

test('a node that is stopped, as after a reboot, is started and waited for until its API answers', async () => {
  node = { running: false, port }
  apiAway = 2
  await target('done').attach(signal)
  const lines = programs.lines()
  const started = lines.indexOf('docker start lesson-control-plane')
  assert.ok(started > 0, lines.join('\n'))
  const api = Array(3).fill('kubectl get --raw=/readyz')
  assert.equal(lines.slice(started), ['docker start lesson-control-plane', 'kind get kubeconfig', ...api])
})

test('for a check a stopped node is told, and not started', async () => {
  node = { running: false, port }
  const failure = await failureOf(() => target('done').attach(signal, 'check'))
  assert.match(failure.message, 'lesson-control-plane')
  assert.is(failure.mend, 'docker start lesson-control-plane')
  assert.not(programs.lines().includes('docker start lesson-control-plane'))
})

test('where the page was open before, a started node is waited for until it is again', async () => {
  node = { running: false, port }
  const bookinfo = await startBookinfo(({ number }) => (number < 3 ? { status: 503 } : 'v1'), { port })
  const kind = target('done')
  recordLab({ ...record, made: { cluster: 'done', gateway: 'done' } })
  await kind.attach(signal)
  assert.is(bookinfo.requests.length, 3)
  await bookinfo.close()
})

test('a cluster without a kubeconfig cannot be used', async () => {
  kubeconfig = undefined
  const failure = await failureOf(() => target('done').attach(signal))
  assert.is(failure.message, 'kind has no kubeconfig for its cluster "lesson"')
  assert.is(failure.mend, 'kind delete cluster --name lesson')
})

test('without an engine the machine is not ready, which is exit code 3', async () => {
  engine = { code: 1, stderr: 'Cannot connect to the Docker daemon' }
  const failure = await failureOf(() => target('done').attach(signal))
  assert.is(failure.exitCode, 3)
  assert.match(failure.seen ?? '', 'Cannot connect to the Docker daemon')
})

test('that a cluster is ours is written down before it is made', async () => {
  node = undefined
  assert.is(await target(undefined).before('cluster', signal), undefined)
  assert.is(labOf(record)?.made.cluster, 'begun')
})

test('a cluster that was made anew by hand is not the one the lesson made, and is not taken away', async () => {
  const kind = target('done', { node: 'a1' })
  await kind.attach(signal)
  assert.equal(kind.removal().map(String), ['kind delete cluster'])
  node = { id: 'b2', running: true, port }
  const failure = await failureOf(() => kind.attach(signal, 'removal'))
  assert.match(failure.mend ?? '', '--name')
  assert.is(labOf(record), undefined)
  assert.ok(kind.shared)
  assert.equal(kind.removal(), [])
})

test('a cluster that came long after a creation that was killed was made by hand, and is not half made', async () => {
  const begunAt = '2026-11-26T07:50:00Z'
  const kind = target('begun', { begunAt })
  await kind.attach(signal, 'removal')
  assert.equal(kind.removal().map(String), ['kind delete cluster'])
  node = { created: '2026-11-26T08:30:00Z', running: true, port }
  const failure = await failureOf(() => kind.attach(signal, 'removal'))
  assert.match(failure.mend ?? '', '--name')
  assert.equal(kind.removal(), [])
})

test('the container of the node that the lesson made is remembered', async () => {
  const kind = target('begun')
  await kind.after('cluster', signal)
  assert.is(labOf(record)?.node, 'a1')
})

test('a cluster that somebody else has made is never made anew, whatever it answers', async () => {
  const kind = target(undefined, { named: true })
  const failure = await failureOf(() => kind.before('cluster', signal))
  assert.match(failure.message, 'its cluster does not show it')
  assert.is(labOf(record)?.made.cluster, undefined)
})

test('a creation that failed and left nothing is forgotten: the next cluster may be made by hand', async () => {
  const kind = target('begun')
  await kind.gaveUp?.('cluster')
  assert.is(labOf(record)?.made.cluster, 'begun', 'a half-made one is there')
  node = undefined
  await kind.gaveUp?.('cluster')
  assert.is(labOf(record)?.made.cluster, undefined)
})

test('a cluster that goes as a whole may be broken: its API is not asked', async () => {
  node = { running: false, port }
  await target('done').attach(signal, 'removal')
  assert.not(programs.lines().some((line) => /start|readyz/.test(line)))
})

test('of a cluster that is gone, no kubeconfig is kept', async () => {
  const kind = target('done')
  await kind.attach(signal)
  node = undefined
  await kind.attach(signal)
  assert.not(existsSync(kind.kubeconfig))
})

test('a half-made cluster is taken away before it is made again', async () => {
  const beforehand = await target('begun').before('cluster', signal)
  assert.match(beforehand?.why ?? '', 'an earlier run was stopped')
  assert.equal(beforehand?.run.map(String), ['kind delete cluster'])
})

test('after the cluster is made its kubeconfig is taken; other steps change nothing', async () => {
  const kind = target('begun')
  await kind.after('jason', signal)
  assert.not(existsSync(kind.kubeconfig))
  await kind.after('cluster', signal)
  assert.ok(existsSync(kind.kubeconfig))
  kubeconfig = undefined
  assert.is(
    (await failureOf(() => kind.after('cluster', signal))).message,
    'kind has no kubeconfig for its cluster "lesson"',
  )
})

test("kind itself writes the user's kubeconfig, all the rest works on the lesson's", () => {
  process.env.KUBECONFIG = '/home/user/.kube/config'
  const kind = target('done')
  assert.is(kind.env(sh`kind create cluster`).KUBECONFIG, '/home/user/.kube/config')
  assert.is(kind.env(sh`kubectl get pod`).KUBECONFIG, kind.kubeconfig)
  assert.is(kind.env().KIND_CLUSTER_NAME, 'lesson')
})

test('the page is on the port that was chosen, and the container goes on running', async () => {
  const kind = target('done')
  const page = await kind.openPage(signal)
  assert.is(page.url, `http://localhost:${port}/productpage`)
  page.close()
  assert.is(kind.running(), 'the Docker container lesson-control-plane')
})

test('only a cluster that the lesson has made is deleted', () => {
  assert.equal(target('done').removal().map(String), ['kind delete cluster'])
  assert.equal(target('begun').removal().map(String), ['kind delete cluster'])
  assert.equal(target(undefined, { named: true }).removal(), [])
})

test('by hand one works on the same kubeconfig, with the same tools', () => {
  const kind = target('done')
  assert.is(kind.byHand(), `export KUBECONFIG=${kind.kubeconfig}`)
  const bin = join(process.env.LAB_HOME ?? '', 'bin')
  mkdirSync(bin)
  assert.is(kind.byHand(), `export PATH=${bin}:"$PATH" KUBECONFIG=${kind.kubeconfig}`)
})

test.run()
