/** Stopped at any point, by Ctrl-C or worse: nothing is left running, and the same script again ends right. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { stillRunning, stoppedAt } from '../support/interruption.ts'
import { sandboxLab } from '../support/sandbox-lab.ts'
import { suite } from '../support/suite.ts'

const test = suite('interrupted')
const lab = await sandboxLab()
const args = ['--target', 'sandbox', '--name', lab.name, '--port', String(lab.port)]

const moments: readonly [when: string, text: string, signal: NodeJS.Signals][] = [
  ['while the cluster is made', '$ kind create cluster', 'SIGKILL'],
  ['while Istio is installed', '$ istioctl install', 'SIGINT'],
  ['while Istio is installed', '$ istioctl install', 'SIGKILL'],
  ['while the gateway moves', '$ kubectl patch deploy', 'SIGTERM'],
  ['while Bookinfo starts', '$ kubectl apply -f manifests/bookinfo.yaml', 'SIGKILL'],
  ['while a route arrives', '$ kubectl get vs reviews -o yaml', 'SIGINT'],
]

for (const [when, text, signal] of moments)
  test(`${signal} ${when} leaves no process behind, and says how to go on`, async () => {
    const stopped = await stoppedAt(text, signal, lab, args)
    assert.ok(stopped.output.includes(text), stopped.output)
    if (signal === 'SIGKILL') return assert.is(stopped.signal, 'SIGKILL')
    assert.is(stopped.code, 130, stopped.output)
    assert.match(stopped.output, './scripts/all.ts')
    if (process.platform === 'linux') assert.equal(stillRunning(lab), [])
  })

test('the same script again ends right after all of that', async () => {
  const { code, stdout, stderr } = await lab.script('all.ts', ...args)
  assert.is(code, 0, stderr)
  assert.match(stdout, 'jason sees v2')
})

test('a sandbox that was killed comes back with its state at the next script', async () => {
  const uids = 'kubectl get pod,vs,dr -o jsonpath={.items[*].metadata.uid}'
  const before = await lab.type(uids)
  const pid = Number(readFileSync(join(lab.home, 'sandbox', lab.name, 'pid'), 'utf8'))
  process.kill(pid, 'SIGKILL')
  const { code, stderr } = await lab.script('04-user-route.ts', '--check')
  assert.is(code, 0, stderr)
  assert.is((await lab.type(uids)).stdout, before.stdout)
})

test.after(() => lab.close())
test.run()
