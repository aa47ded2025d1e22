import * as assert from 'uvu/assert'
import type { Asked } from '../../lib/doctor/finding.ts'
import { istioctl, kind, kubectl, kubernetes } from '../../lib/doctor/tools.ts'
import { examinationOf } from '../support/machine.ts'
import { suite } from '../support/suite.ts'

const test = suite('tools')

for (const [tool, check] of Object.entries({ kind, kubectl, istioctl }))
  test(`${tool} that is missing can be downloaded`, async () => {
    const finding = await check(examinationOf({ tools: {} }))
    assert.is(finding.verdict, 'fail')
    assert.is(finding.what, `${tool} is not installed`)
    assert.match(finding.mend ?? '', /doctor\.ts --fix/)
  })

test("another istioctl cannot pass the lesson's proof", async () => {
  const finding = await istioctl(examinationOf({ tools: { istioctl: '1.24.0' } }))
  assert.is(finding.verdict, 'fail')
  assert.match(finding.what, /1\.24\.0.*1\.21\.2/)
})

const skews: [kubectl: string, cluster: string, verdict: string][] = [
  ['1.30.0', '1.29.2', 'ok'],
  ['1.29.14', '1.29.2', 'ok'],
  ['1.28.0', '1.29.2', 'ok'],
  ['1.27.9', '1.29.2', 'warn'],
  ['1.31.0', '1.29.2', 'warn'],
  ['1.37.1', '1.36.1', 'ok'],
]
for (const [version, cluster, verdict] of skews)
  test(`kubectl ${version} with a cluster ${cluster}: ${verdict}`, async () => {
    const examination = examinationOf(
      { tools: { kind: '0.22.0', kubectl: version } },
      { nodeImage: `kindest/node:v${cluster}` },
    )
    assert.is((await kubectl(examination)).verdict, verdict)
  })

const node = (image: string) => ({ id: 'a1', created: 0, running: true, image, pagePorts: ['8080'] })

test('the cluster that is there decides, not the one that would be made', async () => {
  const finding = await kubectl(examinationOf({ node: node('kindest/node:v1.32.0') }))
  assert.is(finding.verdict, 'warn')
  assert.match(finding.what, /1\.30\.0.*1\.32\.0/)
})

const ranges: [image: string, verdict: string][] = [
  ['kindest/node:v1.25.16', 'warn'],
  ['kindest/node:v1.26.15', 'ok'],
  ['kindest/node:v1.29.2@sha256:51a1434a5397193442f0be2a297b488b6c919ce8a3931be0ce822606ea5ca245', 'ok'],
  ['registry.local:5000/kindest/node:v1.30.0', 'warn'],
]
for (const [nodeImage, verdict] of ranges)
  test(`Istio 1.21 on ${nodeImage.slice(0, 40)}: ${verdict}`, async () => {
    const finding = await kubernetes(examinationOf({}, { nodeImage }))
    assert.is(finding?.verdict, verdict)
    assert.match(finding?.what ?? '', /1\.26 to 1\.29/)
  })

test('a newer kind must be told which Kubernetes to take', async () => {
  const finding = await kubernetes(examinationOf({ tools: { kind: '0.33.0' } }))
  assert.is(finding?.verdict, 'warn')
  assert.is(finding?.mend, '--node-image kindest/node:v1.29.2')
})

test('of an image that tells no version nothing is said', async () => {
  assert.is(await kubernetes(examinationOf({}, { nodeImage: 'kindest/node:latest' })), undefined)
})

const context: Partial<Asked> = { target: 'context', name: 'classroom' }

test("a context's cluster is asked for its version", async () => {
  assert.is((await kubernetes(examinationOf({ serverVersion: '1.28.4' }, context)))?.verdict, 'ok')
  assert.is((await kubernetes(examinationOf({ serverVersion: '1.33.1' }, context)))?.verdict, 'warn')
  assert.is((await kubectl(examinationOf({ serverVersion: '1.33.1' }, context))).verdict, 'warn')
})

test('of a context that does not answer nothing is said', async () => {
  assert.is(await kubernetes(examinationOf({}, context)), undefined)
})

test.run()
