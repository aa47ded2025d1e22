import { readFileSync, statSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { type LabRecord, recordLab } from '../../lib/state.ts'
import { contextTarget } from '../../lib/targets/context.ts'
import { en } from '../../lib/words/en.ts'
import { failureOf } from '../support/failures.ts'
import { temporaryFolder } from '../support/folder.ts'
import { shellPrograms } from '../support/programs.ts'
import { suite } from '../support/suite.ts'
import { pathWith } from '../support/tools.ts'

const test = suite('targets: context')

const { signal } = new AbortController()
const record: LabRecord = { target: 'context', name: 'my cloud', port: 8080, made: {} }
const path = process.env.PATH

test.before.each(() => {
  process.env.LAB_HOME = temporaryFolder()
  process.env.KUBECONFIG = '/home/user/.kube/config'
})

function withKubectl(script: string) {
  process.env.PATH = `${shellPrograms({ kubectl: script })}:${path}`
  return contextTarget(record, en)
}

test("the context that is named is copied from the user's kubeconfig, for nobody else to read", async () => {
  const context = withKubectl('echo "$KUBECONFIG: $*"')
  await context.attach(signal)
  assert.is(
    readFileSync(context.kubeconfig, 'utf8'),
    '/home/user/.kube/config: config view --raw --minify --flatten --context my cloud\n',
  )
  assert.is(statSync(context.kubeconfig).mode & 0o777, 0o600)
  assert.is(context.env().KUBECONFIG, context.kubeconfig, 'commands work on the copy')
})

test('a context that is not there is a failure that says how to find those that are', async () => {
  const context = withKubectl(`
    [ "$*" = "version --client" ] && exec echo Client Version: v1.30.0
    echo "error: cannot locate context my cloud" >&2; exit 1`)
  const failure = await failureOf(() => context.attach(signal))
  assert.is(failure.message, 'there is no context "my cloud" in your kubeconfig')
  assert.is(failure.seen, 'error: cannot locate context my cloud')
  assert.is(failure.mend, 'kubectl config get-contexts')
})

test('without kubectl the machine is not ready, and is told how it can be', async () => {
  process.env.PATH = pathWith(['bash', 'sh'])
  const failure = await failureOf(() => contextTarget(record, en).attach(signal))
  process.env.PATH = path
  assert.is(failure.message, 'kubectl is not installed')
  assert.is(failure.exitCode, 3)
  assert.match(failure.mend ?? '', './scripts/doctor.ts --fix')
})

test('what the cluster brings is left out, each step with its reason', () => {
  assert.equal(Object.keys(contextTarget(record, en).leavesOut), ['cluster', 'istio', 'way-in'])
})

test('others may work in the cluster: only the label of the lesson is taken away again', () => {
  const context = contextTarget(record, en)
  assert.ok(context.shared)
  assert.equal(context.removal(), [])
  recordLab({ ...record, made: { sidecars: 'done' } })
  assert.equal(context.removal().map(String), ['kubectl label namespace default istio-injection-'])
})

test('nothing of the lesson goes on running there, and nothing is done beside its steps', async () => {
  const context = contextTarget(record, en)
  assert.is(context.running(), undefined)
  assert.is(await context.before('bookinfo', signal), undefined)
  await context.after('bookinfo', signal)
  assert.match(context.byHand(), /^export KUBECONFIG=/)
})

test('the page comes through a port-forward that is held open, and closed again', async () => {
  const context = withKubectl('echo "Forwarding from 127.0.0.1:40123 -> 8080"; exec sleep 600')
  const page = await context.openPage(signal)
  assert.is(page.url, 'http://localhost:40123/productpage')
  assert.is(page.keepOpen, "kubectl --context 'my cloud' port-forward -n istio-system svc/istio-ingressgateway 8080:80")
  page.close()
})

test('a port-forward that ends at once says why', async () => {
  const context = withKubectl('echo "error: services istio-ingressgateway not found" >&2; exit 1')
  const failure = await failureOf(() => context.openPage(signal))
  assert.is(failure.message, 'the port-forward to the ingress gateway cannot be opened')
  assert.is(failure.seen, 'error: services istio-ingressgateway not found')
})

test('a port-forward ends with the run', async () => {
  const stop = new AbortController()
  const context = withKubectl('exec sleep 600')
  const opening = failureOf(() => context.openPage(stop.signal))
  stop.abort()
  assert.is((await opening).message, 'the port-forward to the ingress gateway cannot be opened')
})

test.run()
