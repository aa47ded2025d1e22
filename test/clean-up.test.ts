import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { labOf, recordLab } from '../lib/state.ts'
import { type Cluster, startCluster } from './support/cluster.ts'
import { suite } from './support/suite.ts'

const test = suite('clean-up')

const lab = { target: 'kind', name: 'kind' } as const

let cluster: Cluster
test.before.each(async () => {
  cluster = await startCluster()
  await cluster.create()
  Object.assign(process.env, cluster.env)
  recordLab({ ...lab, port: cluster.port, made: { cluster: 'done', bookinfo: 'done', jason: 'done' } })
})
test.after.each(() => cluster.close())

async function cleanUp(...args: string[]) {
  const before = cluster.lines().length
  const ended = await cluster.script('clean-up.ts', '--lang', 'en', ...args)
  return { ...ended, lines: cluster.lines().slice(before) }
}

test('sections 4 to 2 are taken back, last step first, and the record says so; --all takes the cluster', async () => {
  const { code, stdout, lines } = await cleanUp()
  assert.is(code, 0)
  assert.equal(
    lines.map((line) => /manifests\/(\S+)\.yaml/.exec(line)?.[1]),
    [
      'virtual-service-reviews-test-v2',
      'virtual-service-all-v1',
      'destination-rule-all',
      'bookinfo-gateway',
      'bookinfo',
    ],
  )
  assert.match(stdout, 'Taken away. The cluster is as section 1 left it.')
  assert.is(labOf(lab)?.made.bookinfo, undefined)
  assert.is(labOf(lab)?.made.cluster, 'done')

  const all = await cleanUp('--all')
  assert.equal([all.code, all.lines], [0, ['kind delete cluster']])
  assert.match(all.stdout, 'Everything the lesson made is gone.')
  assert.is(labOf(lab), undefined)
  assert.not(existsSync(join(cluster.home, 'current.json')))
  assert.equal(readdirSync(join(cluster.home, 'labs')), [])
})

test('where there is no cluster, nothing is asked of whatever answers without one', async () => {
  await cleanUp('--all')
  const { code, lines, stdout } = await cleanUp()
  assert.equal([code, lines], [0, []], stdout)
})

test('a cluster that the lesson has not made stays, and what the lesson made there goes', async () => {
  recordLab({ ...lab, named: true, port: cluster.port, made: { sidecars: 'done', jason: 'done', bookinfo: 'done' } })
  cluster.instead = (line) => (line.startsWith('kubectl label') ? {} : undefined)
  const { code, lines, stderr } = await cleanUp('--all')
  assert.is(code, 0, stderr)
  assert.equal(
    lines.flatMap((line) => /kubectl delete.*manifests\/(\S+)\.yaml/.exec(line)?.[1] ?? []),
    ['virtual-service-reviews-test-v2', 'bookinfo'],
  )
  assert.match(lines.join(), 'kubectl label namespace default istio-injection-')
  assert.not.match(lines.join(), 'kind delete')
})

test('what has no kind in the cluster is not there to be taken away; any other fault is told', async () => {
  cluster.instead = (line) =>
    line.startsWith('kubectl delete')
      ? { code: 1, stderr: 'error: resource mapping not found: no matches for kind "VirtualService"\n' }
      : undefined
  assert.is((await cleanUp()).code, 0)
  cluster.instead = (line) =>
    line.startsWith('kubectl delete') ? { code: 1, stderr: 'connection refused\n' } : undefined
  const { code, stderr } = await cleanUp()
  assert.is(code, 1)
  assert.match(stderr, /✘ `kubectl delete .*` failed with exit code 1\n {2}saw +connection refused/)
})

test('--list names what is undone, last step first; --print writes the commands, and runs none', async () => {
  const list = await cleanUp('--list')
  assert.equal(
    list.stdout.split('\n').map((line) => line.split(' ', 1)[0]),
    ['jason', 'all-v1', 'destination-rules', 'gateway', 'bookinfo', ''],
  )
  const { stdout, lines } = await cleanUp('--print')
  assert.equal(lines, [])
  assert.match(stdout, /^#!\/usr\/bin\/env bash\n.*set -euo pipefail\n.*kind get kubeconfig --name kind >/s)
  assert.match(stdout, /kubectl delete .* -f manifests\/bookinfo\.yaml\n$/)
  assert.match((await cleanUp('--print', '--all')).stdout, /pipefail\n[^\n]*\n?\nkind delete cluster\n$/)
})

test('a wrong option is wrong usage, and touches nothing', async () => {
  const { code, stderr, lines } = await cleanUp('--everything')
  assert.equal([code, lines], [2, []])
  assert.match(stderr, "✘ unknown option '--everything'")
  assert.is(labOf(lab)?.made.bookinfo, 'done')
})

test.run()
