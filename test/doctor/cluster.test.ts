import * as assert from 'uvu/assert'
import { contextCluster, kindCluster } from '../../lib/doctor/cluster.ts'
import type { Asked } from '../../lib/doctor/finding.ts'
import type { Item } from '../../lib/kube.ts'
import { examinationOf } from '../support/machine.ts'
import { deployment } from '../support/objects.ts'
import { suite } from '../support/suite.ts'

const test = suite('cluster')

const node = { id: 'a1', created: 0, running: true, image: 'kindest/node:v1.29.2', pagePorts: ['8080'] }

const cases: [title: string, answers: Parameters<typeof examinationOf>[0], asked: Partial<Asked>, RegExp, string][] = [
  ['none', {}, {}, /no "kind" yet/, 'ok'],
  ["the lesson's own", { node }, { made: 'done' }, /fits \(kindest\/node:v1\.29\.2\)/, 'ok'],
  ["the lesson's own, half made", { node }, { made: 'begun' }, /half made/, 'ok'],
  ["the lesson's own, stopped", { node: { ...node, running: false } }, { made: 'done' }, /stopped/, 'ok'],
  ["somebody else's", { node }, {}, /that this lesson has not made/, 'fail'],
  ["somebody else's that the user has named", { node }, { named: true }, /fits/, 'ok'],
  ['one with another port', { node: { ...node, pagePorts: ['9000'] } }, { made: 'done' }, /port 8080/, 'fail'],
  ['one without a port', { node: { ...node, pagePorts: [] } }, { named: true }, /port 8080/, 'fail'],
  [
    'one with the port asked for',
    { node: { ...node, pagePorts: ['9000'] } },
    { made: 'done', port: 9000 },
    /fits/,
    'ok',
  ],
]
for (const [title, answers, asked, what, verdict] of cases)
  test(`${title}: ${verdict}`, async () => {
    const finding = await kindCluster(examinationOf(answers, asked))
    assert.is(finding.verdict, verdict)
    assert.match(finding.what, what)
    assert.is(finding.mend === undefined, verdict === 'ok')
  })

test('the ports that are mapped instead are told', async () => {
  const other = { ...node, pagePorts: ['9000', '9001'] }
  const { seen, mend } = await kindCluster(examinationOf({ node: other }, { made: 'done' }))
  assert.is(seen, '8080 is mapped to 9000, 9001')
  assert.match(mend ?? '', /--port 9000/)
})

test('a context whose cluster answers is fine, one that is silent is not', async () => {
  const asked: Partial<Asked> = { target: 'context', name: 'classroom' }
  assert.is((await contextCluster(examinationOf({ serverVersion: '1.29.2' }, asked))).verdict, 'ok')
  const silent = await contextCluster(examinationOf({}, asked))
  assert.is(silent.verdict, 'fail')
  assert.match(silent.what, '"classroom"')
})

test('a context whose cluster has another Istio, or none, is told what the lesson is about', async () => {
  const asked: Partial<Asked> = { target: 'context', name: 'my class' }
  const istio = (version: string) =>
    ['istiod', 'istio-ingressgateway', 'istio-egressgateway'].map((name) =>
      deployment(name, { image: `docker.io/istio/pilot:${version}` }),
    )
  const examined = (istioDeployments: Item[]) =>
    contextCluster(examinationOf({ serverVersion: '1.29.2', istioDeployments }, asked))
  assert.is((await examined(istio('1.21.2'))).verdict, 'ok')
  const { verdict, seen, mend } = await examined(istio('1.24.0').slice(0, 2))
  assert.is(verdict, 'fail')
  assert.is(seen, 'istiod: version 1.24.0; istio-ingressgateway: version 1.24.0; istio-egressgateway: not there')
  assert.match(mend ?? '', "istioctl install --context 'my class' --set profile=demo -y")
})

test.run()
