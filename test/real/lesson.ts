/** The lesson as it should go: in one go, again, section by section, and taken away. */
import * as assert from 'uvu/assert'
import { passes, type Story, says, typed } from './story.ts'

const sections = ['01-install.ts', '02-deploy.ts', '03-version-route.ts', '04-user-route.ts'] as const

/** One a step, in the order of the lesson; a line of a tool's own output may look alike but names no time. */
const VERDICTS = 10
const verdictsOf = (output: string) => output.split('\n').filter((line) => /✔ .* \d+\.\d s$/.test(line))

export const inOneGo: Story = {
  title: 'the whole lesson in one go',
  async tell(lab) {
    const output = await passes(lab, 'all.ts')
    assert.is(verdictsOf(output).length, VERDICTS, output)
    says(output, 'jason sees v2')
    says(output, lab.page)
  },
}

export const again: Story = {
  title: 'the whole lesson again, on what is there',
  async tell(lab) {
    const output = await passes(lab, 'all.ts')
    assert.is(verdictsOf(output).length, VERDICTS, output)
    assert.not.match(output, '$ kind create cluster')
  },
}

export const cleanUp: Story = {
  title: 'clean-up leaves what section 1 made',
  async tell(lab) {
    await passes(lab, 'clean-up.ts')
    const left = await typed(lab, 'kubectl get vs,dr,gw,deploy,svc -o name')
    assert.is(left.trim(), 'service/kubernetes')
    says(await typed(lab, 'kubectl get deploy -n istio-system -o name'), 'deployment.apps/istiod')
  },
}

export const bySection: readonly Story[] = sections.flatMap((script) => [
  { title: `${script} alone`, tell: async (lab) => void (await passes(lab, script)) },
  { title: `${script} twice`, tell: async (lab) => void (await passes(lab, script)) },
])

export const cleanUpAll: Story = {
  title: 'clean-up --all takes the cluster away',
  async tell(lab) {
    await passes(lab, 'clean-up.ts', '--all')
    assert.not.match(await typed(lab, 'kind get clusters'), lab.name)
  },
}
