import * as assert from 'uvu/assert'
import { madeSoFar, openLab, recordMade } from '../lib/lab.ts'
import { labOf } from '../lib/state.ts'
import { runLab } from './support/run-lab.ts'
import { suite } from './support/suite.ts'

const test = suite('lab')

async function opened() {
  let [opens, closes] = [0, 0]
  const { target, record, settings, options, print, signal, words } = await runLab({
    openPage: async () => {
      opens++
      return { url: 'http://localhost:8080/productpage', close: () => void closes++ }
    },
  })
  const lab = openLab({ target, record, settings, options, print, signal, words })
  return { lab, counts: () => [opens, closes] }
}

test('the way to the page is opened when it is first asked for, once, and closed with the lab', async () => {
  const { lab, counts } = await opened()
  assert.equal(counts(), [0, 0])
  assert.is(await lab.page(), await lab.page())
  await lab.close()
  assert.equal(counts(), [1, 1])
})

test('what goes on in the background ends with the lab', async () => {
  const { lab, counts } = await opened()
  assert.not(lab.untilClosed.aborted)
  await lab.close()
  assert.ok(lab.untilClosed.aborted)
  assert.equal(counts(), [0, 0])
})

test('the steps that were run in a lab are remembered, begun or done', async () => {
  const { lab } = await opened()
  assert.equal(madeSoFar(lab), {})
  recordMade(lab, 'cluster', 'done')
  recordMade(lab, 'istio', 'begun')
  assert.equal(madeSoFar(lab), { cluster: 'done', istio: 'begun' })
  assert.equal(labOf(lab.record)?.made, { cluster: 'done', istio: 'begun' })
})

test.run()
