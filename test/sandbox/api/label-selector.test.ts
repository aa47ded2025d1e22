import * as assert from 'uvu/assert'
import { labelSelector } from '../../../lib/sandbox/api/label-selector.ts'
import { suite } from '../../support/suite.ts'

const test = suite('label selectors')

const labels = { app: 'reviews', version: 'v2', 'example.com/weight': '7' }
const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'a', namespace: 'default', labels },
  spec: { nodeName: 'node' },
  status: { phase: 'Running' },
}

const byLabels: readonly [selector: string, matches: boolean][] = [
  ['', true],
  ['app=reviews', true],
  ['app==reviews', true],
  ['app = reviews', true],
  ['app=ratings', false],
  ['app!=ratings', true],
  ['nothing!=ratings', true],
  ['app', true],
  ['nothing', false],
  ['!nothing', true],
  ['!app', false],
  ['app in (ratings,reviews)', true],
  ['app in (ratings)', false],
  ['app notin (ratings)', true],
  ['nothing notin (ratings)', true],
  ['app in (reviews),version=v2', true],
  ['app in (reviews, ratings),version!=v2', false],
  ['example.com/weight>6', true],
  ['example.com/weight<7', false],
]

for (const [selector, matches] of byLabels)
  test(`"${selector}" ${matches ? 'selects' : 'leaves out'} reviews v2`, () => {
    assert.is(labelSelector(selector)(pod), matches)
  })

/** In the words of k8s.io/apimachinery/pkg/labels. */
const refused: readonly [selector: string, why: string][] = [
  ['a b', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
  ['app!', "unable to parse requirement: found '!', expected: in, notin, =, ==, !=, gt, lt"],
  ['=a', "found '=', expected: !, identifier, or 'end of string'"],
  ['app=a b', "found 'b', expected: ',' or 'end of string'"],
  ['app=a,', "found '', expected: identifier after ','"],
  ['app in reviews', "unable to parse requirement: found 'reviews' expected: '('"],
  ['app=(a)', "unable to parse requirement: found '(', expected: identifier"],
  [
    'version>x',
    `unable to parse requirement: values[0]: Invalid value: "x": for 'Gt', 'Lt' operators, the value must be an integer`,
  ],
]

for (const [selector, why] of refused)
  test(`"${selector}" is no selector`, () => {
    assert.throws(
      () => labelSelector(selector),
      (error: Error) => error.message === why || assert.is(error.message, why),
    )
  })

test('a key that no label can have is refused', () => {
  assert.throws(
    () => labelSelector('a/b/c=d'),
    'unable to parse requirement: <nil>: Invalid value: "a/b/c": a qualified name',
  )
})

test('an empty value may be meant', () => {
  assert.is(labelSelector('app=')({ ...pod, metadata: { name: 'a', labels: { app: '' } } }), true)
  assert.is(labelSelector('app in (,x)')({ ...pod, metadata: { name: 'a', labels: { app: '' } } }), true)
})

test.run()
