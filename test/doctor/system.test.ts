import * as assert from 'uvu/assert'
import type { Asked } from '../../lib/doctor/finding.ts'
import { inotify, kindPorts, node, sandboxPort } from '../../lib/doctor/system.ts'
import { examinationOf } from '../support/machine.ts'
import { suite } from '../support/suite.ts'

const test = suite('system')

for (const [nodeVersion, verdict] of [
  ['18.19.1', 'fail'],
  ['20.18.9', 'fail'],
  ['20.19.0', 'ok'],
  ['24.1.0', 'ok'],
] as const)
  test(`Node ${nodeVersion}: ${verdict}`, async () => {
    const finding = await node(examinationOf({ nodeVersion }))
    assert.is(finding.verdict, verdict)
    if (verdict === 'fail') assert.match(finding.why ?? '', '20.19')
  })

test("Ubuntu's own inotify limits are low, and the mending does not lower the other one", async () => {
  const finding = await inotify(examinationOf({ inotify: [1_048_576, 128] }))
  assert.is(finding?.verdict, 'warn')
  assert.is(finding?.mend, 'sudo sysctl fs.inotify.max_user_watches=1048576 fs.inotify.max_user_instances=512')
})

test('the limits that kind asks for are enough', async () => {
  assert.is((await inotify(examinationOf({ inotify: [524_288, 512] })))?.verdict, 'ok')
})

test('a system without such limits is not judged', async () => {
  assert.is(await inotify(examinationOf({ inotify: undefined })), undefined)
})

test('a taken port of kind is told with its holder and another port', async () => {
  const finding = await kindPorts(examinationOf({ holders: { 8080: 'python3 (process 12)' } }))
  assert.is(finding.verdict, 'fail')
  assert.match(finding.what, /^port 8080 /)
  assert.is(finding.seen, 'held by python3 (process 12)')
  assert.match(finding.mend ?? '', /--port 8090/)
})

test('the HTTPS port moves along with the page', async () => {
  const finding = await kindPorts(examinationOf({ holders: { 9363: 'caddy' } }, { port: 9000 }))
  assert.match(finding.what, /^port 9363 /)
})

test("ports that the asked cluster's own node holds are fine", async () => {
  const node = { id: 'a1', created: 0, running: true, image: 'kindest/node:v1.29.2', pagePorts: ['8080'] }
  const holders = { 8080: 'the container kind-control-plane', 8443: 'the container kind-control-plane' }
  const finding = await kindPorts(examinationOf({ node, holders }))
  assert.is(finding.verdict, 'ok')
  assert.match(finding.what, /kind-kind/)
})

const sandboxes: [title: string, asked: Partial<Asked>, verdict: string | undefined][] = [
  ['that was asked for by its number and is taken', { target: 'sandbox', portGiven: true }, 'fail'],
  ['that nobody has asked for', { target: 'sandbox' }, undefined],
  ['of a sandbox that runs there itself', { target: 'sandbox', portGiven: true, made: 'done' }, undefined],
  ['of a sandbox that nobody has asked for', { target: undefined, portGiven: true }, undefined],
]
for (const [title, asked, verdict] of sandboxes)
  test(`a port ${title}: ${verdict ?? 'no matter'}`, async () => {
    assert.is((await sandboxPort(examinationOf({ holders: { 8080: 'nginx' } }, asked)))?.verdict, verdict)
  })

test.run()
