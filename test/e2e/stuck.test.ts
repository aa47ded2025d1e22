/** What would keep a section from its end is seen, and mended before its steps go on. */
import * as assert from 'uvu/assert'
import { sandboxLab } from '../support/sandbox-lab.ts'
import { suite } from '../support/suite.ts'

const test = suite('stuck')
const lab = await sandboxLab()
await lab.prepare()

const gateway = '-n istio-system deploy/istio-ingressgateway'

const obstacles: readonly { title: string; typed: string; names: RegExp }[] = [
  {
    title: 'rollouts of the gateway that get no ports, however many',
    // The time that a restart writes into the template counts whole seconds.
    typed: `
      kubectl rollout restart ${gateway}; sleep 1; kubectl rollout restart ${gateway}
      ! kubectl rollout status ${gateway} --timeout=2s`,
    names: /istio-ingressgateway-\S+: Pending: .*didn't have free ports/,
  },
  {
    title: 'a namespace that was opted out of sidecars',
    typed: 'kubectl label --overwrite namespace default istio-injection=disabled',
    names: /In the way, taken away first: default: istio-injection=disabled/,
  },
]

for (const { title, typed, names } of obstacles)
  test(`01-install.ts mends ${title}`, async () => {
    const done = await lab.type(typed)
    assert.is(done.code, 0, done.stderr)
    const { code, stdout, stderr } = await lab.script('01-install.ts', '--target', 'sandbox', '--name', lab.name)
    assert.is(code, 0, stderr)
    assert.match(stdout, names)
  })

test.after(() => lab.close())
test.run()
