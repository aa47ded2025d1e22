import * as assert from 'uvu/assert'
import { ending } from '../lib/ending.ts'
import type { Section } from '../lib/lesson.ts'
import deploy from '../scripts/02-deploy.ts'
import userRoute from '../scripts/04-user-route.ts'
import { runLab } from './support/run-lab.ts'
import { suite } from './support/suite.ts'

const test = suite('ending')

const lastOf = (section: Section) => ({ section, step: section.steps.at(-1) ?? section.steps[0] })

test.before.each(() => {
  delete process.env.LAB_PAGE_URL
})

test('a run ends with the page, what runs, what to try, what comes next, and how to stop it', async () => {
  const lab = await runLab({ running: () => 'the Docker container kind-control-plane' })
  assert.equal(await ending(lastOf(deploy), lab), [
    ['Page', 'http://localhost:8080/productpage'],
    ['Running', 'the Docker container kind-control-plane'],
    ['By hand', 'export KUBECONFIG=x'],
    ['Try', lastOf(deploy).step.try],
    ['Next', './scripts/03-version-route.ts'],
    ['Stop', './scripts/clean-up.ts --all'],
  ])
})

test('after the last section there is no next one, and nothing runs that is not ours', async () => {
  const names = (await ending(lastOf(userRoute), await runLab())).map(([name]) => name)
  assert.equal(names, ['Page', 'By hand', 'Try', 'Stop'])
})

test('a simulated page is called that', async () => {
  const [page] = await ending(lastOf(deploy), await runLab({ simulated: true }))
  assert.equal(page, ['Page', 'http://localhost:8080/productpage  (SIMULATED)'])
})

test("in the virtual machine the page has the address of the student's browser", async () => {
  process.env.LAB_PAGE_URL = 'http://localhost:8888'
  const [page] = await ending(lastOf(deploy), await runLab())
  assert.equal(page, ['Page', 'http://localhost:8888/productpage'])
})

test('a way to the page that ends with the run is given as the command that opens it again', async () => {
  const lab = await runLab()
  const keepOpen = 'kubectl port-forward -n istio-system svc/istio-ingressgateway 8080:80'
  const page = async () => ({ url: 'http://localhost:41234/productpage', keepOpen, close: () => undefined })
  const [first] = await ending(lastOf(deploy), { ...lab, page })
  assert.equal(first, ['Page', `${keepOpen}\nhttp://localhost:8080/productpage`])
})

test.run()
