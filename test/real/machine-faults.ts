/** Faults of the machine under the cluster: what is said, the exit code, and that running again mends it. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { clockSetBack } from '../support/clock.ts'
import { actedAt, stoppedAt } from '../support/interruption.ts'
import { type RealLab, realLab } from './lab.ts'
import { dockerRelay } from './relay.ts'
import { passes, run, type Story, says, typed } from './story.ts'

/** Runs a script whose way to Docker is cut when a text appears in its output. */
async function cutAt(text: string, lab: RealLab, also: () => unknown, ...args: readonly string[]): Promise<string> {
  const relay = await dockerRelay()
  const env = { ...lab.env, DOCKER_HOST: relay.address }
  const stop = () => {
    relay.cut()
    also()
  }
  const { code, output } = await actedAt(text, stop, { env }, args)
  assert.is(code, 1, output)
  says(output, "Docker's engine does not answer")
  return output
}

export const machineFaults: readonly Story[] = [
  {
    title: "Docker's engine stops while a cluster is made: named; run again it is made",
    async tell() {
      const other = await realLab()
      try {
        await cutAt('Preparing nodes', other, () => undefined, '01-install.ts', ...other.target, '--only', 'cluster')
        await passes(other, '01-install.ts', '--only', 'cluster')
      } finally {
        await other.close()
      }
    },
  },
  {
    title: "Docker's engine stops in the middle, and the node with it: named; run again it passes",
    async tell(lab) {
      const stopNode = () => void lab.program('docker', 'kill', lab.node)
      const apply = '$ kubectl apply -f manifests/destination-rule-all.yaml'
      await cutAt(apply, lab, stopNode, '03-version-route.ts', ...lab.target, '--timeout', '20')
      await passes(lab, '03-version-route.ts', '--timeout', '180')
    },
  },
  {
    title: 'the API server dies while pods are waited for: watches are cut, the script goes on and passes',
    async tell(lab) {
      await passes(lab, 'clean-up.ts')
      const kill = 'kill -9 $(pidof kube-apiserver)'
      const { code, output } = await actedAt(
        'deployment.apps/productpage-v1 created',
        () => void lab.program('docker', 'exec', lab.node, 'sh', '-c', kill),
        lab,
        ['02-deploy.ts', ...lab.target],
      )
      assert.is(code, 0, output)
      await passes(lab, '03-version-route.ts')
    },
  },
  {
    title: 'the disk of the state folder is full: exit code 3, named; with room it passes',
    async tell(lab) {
      const full = `
        mount -t tmpfs -o size=16k full "$LAB_HOME"
        head -c 1M /dev/zero >"$LAB_HOME/filler" 2>/dev/null || true
        exec "$@"`
      const script = [process.execPath, '--import', 'tsx/esm', 'scripts/04-user-route.ts', ...lab.target]
      const own = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']
      const { code, stderr } = await lab.program('unshare', ...own, '--mount', 'sh', '-euc', full, 'sh', ...script)
      assert.is(code, 3, stderr)
      says(stderr, /does not let .*no space left.*the disk is full/s)
      assert.not.match(stderr, /\n +at /)
      await passes(lab, '04-user-route.ts')
    },
  },
  {
    title: 'the clock is set back in the middle: nothing waits longer for it',
    async tell(lab) {
      await typed(lab, 'kubectl delete pod -l app=reviews --wait=false')
      const script = [process.execPath, '--import', 'tsx/esm', 'scripts/02-deploy.ts', ...lab.target]
      const { code, stdout, stderr } = await lab.program('env', clockSetBack, ...script)
      assert.is(code, 0, stdout + stderr)
      await passes(lab, '03-version-route.ts')
    },
  },
  {
    title: 'a lock is left by a run that was killed: taken over',
    async tell(lab) {
      const apply = '$ kubectl apply -f manifests/virtual-service-all-v1.yaml'
      const stopped = await stoppedAt(apply, 'SIGKILL', lab, lab.target)
      assert.is(stopped.signal, 'SIGKILL', stopped.output)
      assert.ok(existsSync(join(lab.home, 'labs', `kind-${lab.name}.lock`)), 'no lock was left')
      const { code, stdout, stderr } = await run(lab, '03-version-route.ts')
      assert.is(code, 0, stdout + stderr)
    },
  },
]
