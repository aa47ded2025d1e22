import * as assert from 'uvu/assert'
import { fillTemplate } from '../../../lib/sandbox/kubectl/json-path.ts'
import { suite } from '../../support/suite.ts'

const test = suite('JSON paths')

const object = {
  kind: 'List',
  items: [
    {
      metadata: { name: 'a', labels: { 'app.kubernetes.io/name': 'x' } },
      status: { ready: true, conditions: [{ type: 'Ready', status: 'True' }] },
    },
    { metadata: { name: 'b' }, status: { ready: false, conditions: [{ type: 'Ready', status: 'False' }] } },
  ],
}

// From kubectl 1.29.
const cases: [template: string, text: string][] = [
  ['{.kind}', 'List'],
  ['.kind', 'List'],
  ['kind: {.kind}', 'kind: List'],
  ['{.items[0].metadata.name}', 'a'],
  ['{.items[-1].metadata.name}', 'b'],
  ['{.items[*].metadata.name}', 'a b'],
  ['{.items[*].status.ready}', 'true false'],
  ['{.items[1].metadata}', '{"name":"b"}'],
  ["{.items[0].metadata.labels['app.kubernetes.io/name']}", 'x'],
  ['{.items[0].metadata.labels.app\\.kubernetes\\.io/name}', 'x'],
  ['{range .items[*]}{.metadata.name}{"\\t"}{.status.ready}{"\\n"}{end}', 'a\ttrue\nb\tfalse\n'],
  ['{.items[?(@.metadata.name=="b")].status.ready}', 'false'],
  ['{.items[?(@.metadata.name!="b")].metadata.name}', 'a'],
  ['{.items[0].status.conditions[?(@.type=="Ready")].status}', 'True'],
  ['{..name}', 'a b'],
  ['{.missing}', ''],
  ['{@.kind}', 'List'],
  ['{$.kind}', 'List'],
]
for (const [template, text] of cases)
  test(`${template} gives ${JSON.stringify(text)}`, () => {
    assert.is(fillTemplate(template, object), text)
  })

for (const template of ['{.kind', '{range .items[*]}{.x}', '{.items[}'])
  test(`${template} is refused`, () => {
    assert.throws(() => fillTemplate(template, object), /^error parsing jsonpath/)
  })

test.run()
