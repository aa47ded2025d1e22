/** A newcomer's first evening: the whole lesson in one go, again, checked, and taken away. */
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { sandboxLab } from '../support/sandbox-lab.ts'
import { suite } from '../support/suite.ts'

const test = suite('the lesson in one go')
const lab = await sandboxLab()
const target = ['--target', 'sandbox', '--name', lab.name, '--port', String(lab.port)]

/** One verdict a step, in the order of the lesson. */
const verdicts = [
  /the API answers: Kubernetes v1\.29\.2/,
  /Istio 1\.21\.2 is installed/,
  /istio-injection=enabled/,
  /one gateway pod, ready, on the network of the node/,
  /every pod is ready, with a sidecar/,
  /all three versions are seen/,
  /destination rules with the subsets of productpage, reviews, ratings, details/,
  /only v1, no stars \(50 visits each\)/,
  /only v3, red stars \(50 visits each\)/,
  /jason sees v2, black stars.*forged end-user: jason sees v1, no stars/,
]

/** The lines by which steps end; istioctl marks its own progress so too, but names no time. */
const verdictsOf = (output: string) => output.split('\n').filter((line) => /✔ .* \d+\.\d s$/.test(line))

test('passes, says that it is simulated, and where the page is', async () => {
  const { code, stdout, stderr } = await lab.script('all.ts', ...target)
  assert.is(code, 0, stderr)
  const found = verdictsOf(stdout)
  assert.is(found.length, verdicts.length, stdout)
  for (const [index, verdict] of verdicts.entries()) assert.match(found[index] as string, verdict)
  assert.match(stdout, /SIMULATED/)
  assert.match(stdout, `Page     ${lab.page}`)
  assert.match(stdout, 'details-v1-698d88b-')
  assert.match(stdout, /kubectl get pod\n(.*\n)?(.* 2\/2 +Running .*\n){6}/)
})

test('passes again, on what is there', async () => {
  const { code, stdout, stderr } = await lab.script('all.ts')
  assert.is(code, 0, stderr)
  assert.is(verdictsOf(stdout).length, verdicts.length)
  assert.not.match(stdout, '$ kind create cluster')
})

test('leaves secrets to their owner, and the user their kubeconfig', () => {
  assert.is(statSync(join(lab.home, 'sandbox', lab.name, 'kubeconfig')).mode & 0o777, 0o600)
  assert.not.ok(existsSync(lab.env.KUBECONFIG as string))
})

test('can be checked without a change', async () => {
  const before = await lab.type('kubectl get vs,dr,deploy -o name --sort-by .metadata.resourceVersion')
  const { code, stdout } = await lab.script('04-user-route.ts', '--check')
  assert.is(code, 0)
  assert.match(stdout, 'jason sees v2')
  const after = await lab.type('kubectl get vs,dr,deploy -o name --sort-by .metadata.resourceVersion')
  assert.is(after.stdout, before.stdout)
})

test('is cleaned up to what section 1 made', async () => {
  const { code, stderr } = await lab.script('clean-up.ts')
  assert.is(code, 0, stderr)
  const { stdout } = await lab.type(
    'kubectl get vs,dr,gw,deploy,svc -o name; kubectl get deploy -n istio-system -o name',
  )
  assert.is(
    stdout.trim(),
    [
      'service/kubernetes',
      'deployment.apps/istio-egressgateway',
      'deployment.apps/istio-ingressgateway',
      'deployment.apps/istiod',
    ].join('\n'),
  )
})

test('is taken away with its cluster', async () => {
  const { code, stderr } = await lab.script('clean-up.ts', '--all')
  assert.is(code, 0, stderr)
  assert.is((await lab.type('kind get clusters')).stderr.trim(), 'No kind clusters found.')
})

test.after(() => lab.close())
test.run()
