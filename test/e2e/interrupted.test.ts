/** Stopped at any point, by Ctrl-C or worse: nothing is left running, and the same script again ends right. */
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { projectFolder } from '../../lib/state.ts'
import { sandboxLab } from '../support/sandbox-lab.ts'
import { suite } from '../support/suite.ts'

const test = suite('interrupted')
const lab = await sandboxLab()
const args = ['--target', 'sandbox', '--name', lab.name, '--port', String(lab.port)]

interface Stopped {
  code: number | null
  signal: NodeJS.Signals | null
  output: string
}

/** Runs the chain until a text appears in its output, and sends it a signal there. */
function stoppedAt(text: string, signal: NodeJS.Signals): Promise<Stopped> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/all.ts', ...args], {
    cwd: projectFolder,
    env: lab.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const hear = (data: string) => {
    const heard = output.includes(text)
    output += data
    if (!heard && output.includes(text)) child.kill(signal)
  }
  child.stdout.setEncoding('utf8').on('data', hear)
  child.stderr.setEncoding('utf8').on('data', hear)
  return new Promise((resolve) => child.on('close', (code, ended) => resolve({ code, signal: ended, output })))
}

/** The processes that work in this lab, by what they run; but for the sandbox itself, which goes on. */
function stillRunning(): string[] {
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return []
    try {
      const isOurs = readFileSync(`/proc/${pid}/environ`, 'utf8').includes(lab.home)
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
      return isOurs && command !== '' && !command.includes('main.js') ? [command] : []
    } catch {
      // It has ended while we looked, or is not ours to look at.
      return []
    }
  })
}

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
    const stopped = await stoppedAt(text, signal)
    assert.match(stopped.output, text)
    if (signal === 'SIGKILL') return assert.is(stopped.signal, 'SIGKILL')
    assert.is(stopped.code, 130, stopped.output)
    assert.match(stopped.output, './scripts/all.ts')
    if (process.platform === 'linux') assert.equal(stillRunning(), [])
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
