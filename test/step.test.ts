import * as assert from 'uvu/assert'
import { bookinfoGateway, type Condition, istioVersion } from '../lib/conditions.ts'
import { Failure } from '../lib/failure.ts'
import { Refused } from '../lib/kube.ts'
import type { Step } from '../lib/lesson.ts'
import { sh } from '../lib/sh.ts'
import { labOf } from '../lib/state.ts'
import { prove, runStep, settle } from '../lib/step.ts'
import { failureOf } from './support/failures.ts'
import { silentKube } from './support/kube.ts'
import { gateway } from './support/objects.ts'
import { runLab } from './support/run-lab.ts'
import { suite } from './support/suite.ts'

const test = suite('step')

const step = (more: Partial<Step> = {}): Step => ({
  id: 'gateway',
  title: 'A step',
  why: 'Because.',
  run: [sh`echo done`],
  proof: async () => 'so it is',
  ...more,
})

test('shows its command, what that says, and the verdict; what it made is written down', async () => {
  const lab = await runLab()
  await runStep(step(), lab)
  assert.equal(lab.said, ['A step', '$ echo done', 'done', '✔ so it is'])
  assert.is(labOf(lab.record)?.made.gateway, 'done')
})

test('what a target leaves out is said with its reason, and not run', async () => {
  const lab = await runLab({ leavesOut: { gateway: 'not here' } })
  await runStep(step(), lab)
  assert.equal(lab.said, ['A step: not here'])
})

test('what a user may not read is said as that, and not as something that comes first', async () => {
  const lab = await runLab()
  lab.kube = async () => ({ ...silentKube, list: () => Promise.reject(new Refused(new Error('pods is forbidden'))) })
  const failure = await failureOf(() => runStep(step({ needs: [bookinfoGateway] }), lab))
  assert.is(failure.message, 'the cluster does not let you read this')
  assert.is(failure.seen, 'pods is forbidden')
})

test('what is on its way is waited for, and what does not come in time is what comes first', async () => {
  const lab = await runLab()
  let ready = false
  const coming: Condition = {
    ...bookinfoGateway,
    comes: () => true,
    missing: () => (ready ? [] : ['not yet']),
  }
  lab.print.output = (line) => {
    lab.said.push(line)
    ready = true
  }
  await runStep(step({ needs: [coming] }), lab)
  assert.equal(lab.said.slice(0, 2), ['A step', `waiting for ${coming.what(lab.words)}`])
  ready = false
  lab.print.output = () => undefined
  lab.options.timeout = 10
  const failure = await failureOf(() => runStep(step({ needs: [coming] }), lab))
  assert.is(failure.seen, 'not yet')
})

test('what holds already is not done again, but is shown and proven', async () => {
  const lab = await runLab({}, gateway('bookinfo-gateway', 8080))
  await runStep(step({ already: [bookinfoGateway], show: [sh`echo shown`] }), lab)
  assert.equal(lab.said, ['A step', lab.words.already, '$ echo shown', 'shown', '✔ so it is'])
})

test('what must come first is named with its script, and nothing is run', async () => {
  const lab = await runLab()
  const failure = await failureOf(() => runStep(step({ id: 'all-v1', needs: [bookinfoGateway] }), lab))
  assert.is(failure.mend, './scripts/02-deploy.ts')
  assert.equal(lab.said, ['A step'])
})

test('an Istio that the target leaves to the cluster is named with what the user can do', async () => {
  const lab = await runLab({ leavesOut: { istio: 'it brings its own' } })
  const failure = await failureOf(() => runStep(step({ needs: [istioVersion] }), lab))
  assert.match(failure.mend ?? '', 'istioctl install --context kind --set profile=demo -y')
  assert.not.match(failure.mend ?? '', './scripts/01-install.ts')
})

test('what would wait for ever is mended first, and said', async () => {
  const lab = await runLab()
  await runStep(step({ stuck: [{ unless: bookinfoGateway, run: [sh`echo mended`] }] }), lab)
  assert.equal(lab.said.slice(1, 4), [lab.words.stuck('bookinfo-gateway: not there'), '$ echo mended', 'mended'])
})

test("somebody else's objects in a shared cluster are named, never taken away", async () => {
  const lab = await runLab({ shared: true })
  const fresh = { unless: { ...bookinfoGateway, step: 'all-v1' as const }, run: [sh`echo gone`] }
  const failure = await failureOf(() => runStep(step({ fresh }), lab))
  assert.is(failure.mend, 'echo gone')
  assert.equal(lab.said, ['A step'])
})

test('a proof goes on while commands show something, and its failure comes after what they said', async () => {
  const lab = await runLab()
  const proof = async () => {
    assert.not(lab.said.includes('shown'), 'it waited for the command')
    throw new Failure('it is not so')
  }
  const failure = await failureOf(() => runStep(step({ show: [sh`echo shown`], proof }), lab))
  assert.is(failure.message, 'it is not so')
  assert.is(lab.said.at(-1), 'shown')
})

test('a command that fails fails the step, whatever the proof says', async () => {
  const lab = await runLab()
  const failure = await failureOf(() => runStep(step({ show: [sh`false`] }), lab))
  assert.match(failure.message, '`false` failed with exit code 1')
})

test('what the next step can do without is waited for beside it, and before its proof', async () => {
  const lab = await runLab({}, gateway('bookinfo-gateway', 8080))
  await runStep(step({ id: 'cluster', meanwhile: [bookinfoGateway] }), lab)
  assert.is(lab.waits.length, 1)
  await runStep(step({ proof: async () => String(lab.waits.length) }), lab)
  assert.is(lab.said.at(-1), '✔ 0')
})

test('what never comes about beside the next step is told, and begins with its own step', async () => {
  const lab = await runLab()
  lab.options.timeout = 50
  await runStep(step({ id: 'cluster', run: [], meanwhile: [bookinfoGateway] }), lab)
  const failure = await failureOf(() => settle(lab))
  assert.match(failure.message, 'waited 0.05 s, in vain')
  assert.is(failure.mend, './scripts/01-install.ts --from cluster')
})

for (const { cause, mend } of [
  { cause: 'kubectl delete vs mine', mend: 'kubectl delete vs mine\n./scripts/02-deploy.ts --only gateway' },
  { cause: undefined, mend: './scripts/02-deploy.ts --only gateway' },
  // The step's own command.
  { cause: 'echo done', mend: './scripts/02-deploy.ts --only gateway' },
])
  test(`a proof whose cause is mended by ${cause ?? 'nothing'} is mended by "${mend}"`, async () => {
    const proof = async () => {
      throw new Failure('it is not so', { mend: cause })
    }
    const lab = await runLab()
    assert.is((await failureOf(() => prove(step({ proof }), lab, 0))).mend, mend)
  })

test.run()
