import * as assert from 'uvu/assert'
import type { Item, Kube } from '../../lib/kube.ts'
import { probeDns } from '../../lib/targets/probe-dns.ts'
import { kubeOf, silentKube } from '../support/kube.ts'
import { answeredPrograms } from '../support/programs.ts'
import { suite } from '../support/suite.ts'

const test = suite('targets: DNS of a new cluster')

const { signal: never } = new AbortController()

const pod = (phase: string, ready: boolean, app = 'kube-dns'): Item => ({
  kind: 'Pod',
  metadata: { name: app, namespace: 'kube-system', labels: { 'k8s-app': app } },
  status: { phase, conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
})
const pending = pod('Pending', false)
const unready = pod('Running', false)
const ready = pod('Running', true)
const annotate = 'kubectl annotate pods -n kube-system -l k8s-app=kube-dns --overwrite'

/** What is typed while the pods are, look by look, as told; they stay as they are last. */
async function typed(looks: readonly Item[][], signal = never): Promise<string[]> {
  const left = [...looks]
  const kube: Kube = {
    ...silentKube,
    list: (...asked) => kubeOf(...((left.length > 1 ? left.shift() : left[0]) as Item[])).list(...asked),
  }
  const kubectl = await answeredPrograms(['kubectl'], () => ({}))
  const env = { ...process.env, PATH: `${kubectl.folder}:${process.env.PATH}` }
  await probeDns({ kube: async () => kube, env, signal })
  await kubectl.close()
  return kubectl.lines()
}

const stories: readonly [title: string, looks: Item[][], lines: string[]][] = [
  ['pods that are ready are left alone', [[ready, ready]], []],
  ['pods that do not run yet are waited for', [[], [pending], [ready]], []],
  [
    'those that run and are not ready are touched until they are, and left as they were',
    [
      [unready, pending],
      [ready, unready],
      [ready, ready],
    ],
    ['probe-again=1', 'probe-again=2', 'probe-again-'],
  ],
  ['other pods of the system do not matter', [[ready, pod('Running', false, 'kube-proxy')]], []],
]
for (const [title, looks, changes] of stories)
  test(title, async () => {
    assert.equal(
      await typed(looks),
      changes.map((change) => `${annotate} ${change}`),
    )
  })

test('an API that is away for a moment is asked again', async () => {
  let answers = 0
  const kube: Kube = {
    ...silentKube,
    list: (...asked) => (answers++ === 0 ? silentKube : kubeOf(ready)).list(...asked),
  }
  await probeDns({ kube: async () => kube, env: process.env, signal: never })
  assert.is(answers, 2)
})

test('a run that is stopped touches nothing more, and is not failed by it', async () => {
  assert.equal(await typed([[unready]], AbortSignal.abort()), [])
})

test.run()
