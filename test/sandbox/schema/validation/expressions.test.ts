/** The words are those of a real server with the same definition. */
import * as assert from 'uvu/assert'
import type { Rule, Schema } from '../../../../lib/sandbox/kinds/kind.ts'
import { loadCel } from '../../../../lib/sandbox/schema/cel.ts'
import { checkExpressions } from '../../../../lib/sandbox/schema/validation/expressions.ts'
import { suite } from '../../../support/suite.ts'

const test = suite('rules of definitions')
await loadCel()

const ruled = (schema: Schema, ...rules: (string | Rule)[]): Schema => ({
  ...schema,
  'x-kubernetes-validations': rules.map((rule) => (typeof rule === 'string' ? { rule } : rule)),
})
const object = (properties: Schema['properties']): Schema => ({ type: 'object', ...(properties ? { properties } : {}) })
const string = { type: 'string' } as const
const integer = { type: 'integer' } as const
const number = { type: 'number' } as const

const problems = (schema: Schema, value: unknown, old?: unknown, path = 'spec') =>
  checkExpressions(value, old, schema, path).map(({ field, message }) => `${field}: ${message}`)

const limits = ruled(
  object({ min: integer, max: integer }),
  { rule: 'self.min <= self.max', message: 'min must not exceed max' },
  { rule: 'self.max < 100', messageExpression: "self.max > 150 ? 'far too large' : 'too large'" },
)
const tags = ruled(
  {
    type: 'array',
    items: ruled(object({ name: string, value: number }), '!has(self.value) || self.value > 0'),
  },
  "self.all(tag, tag.name != '')",
)
const siteRule = "isURL(self) && url(self).getScheme() == 'https' && url(self).getPort() in ['', '443']"
const site = ruled(string, siteRule)
const values: readonly [schema: Schema, value: unknown, ...problems: string[]][] = [
  [limits, { min: 1, max: 2 }],
  [limits, { min: 3, max: 2 }, 'spec: Invalid value: "object": min must not exceed max'],
  [
    limits,
    { min: 3 },
    'spec: Invalid value: "object": no such key: max evaluating rule: min must not exceed max',
    'spec: Invalid value: "object": no such key: max evaluating rule: self.max < 100',
  ],
  [limits, { min: 1, max: 120 }, 'spec: Invalid value: "object": too large'],
  [limits, { min: 1, max: 200 }, 'spec: Invalid value: "object": far too large'],
  [tags, [{ name: 'a', value: 0.5 }]],
  [tags, [{ name: '' }], `spec: Invalid value: "array": failed rule: self.all(tag, tag.name != '')`],
  [
    tags,
    [{ name: 'a' }, { name: 'b', value: -1.5 }],
    'spec[1]: Invalid value: "object": failed rule: !has(self.value) || self.value > 0',
  ],
  [
    { type: 'object', additionalProperties: ruled(integer, 'self > 1') },
    { a: 2, b: 1 },
    'spec[b]: Invalid value: "integer": failed rule: self > 1',
  ],
  [site, 'https://a.example/x'],
  [site, 'https://a.example:8443/x', `spec: Invalid value: "string": failed rule: ${siteRule}`],
  [site, 'nothing', `spec: Invalid value: "string": failed rule: ${siteRule}`],
  [ruled({ 'x-kubernetes-int-or-string': true }, "type(self) == int ? self > 1 : self.endsWith('%')"), '5%'],
  [
    ruled({ 'x-kubernetes-int-or-string': true }, 'type(self) == int ? self > 1 : true'),
    1,
    'spec: Invalid value: "": failed rule: type(self) == int ? self > 1 : true',
  ],
  [
    ruled(
      object({ 'a-b': integer, in: string, 'c.d': integer }),
      'self.a__dash__b + self.c__dot__d == 3 && self.__in__ == "x"',
    ),
    { 'a-b': 1, in: 'x', 'c.d': 2 },
  ],
  [
    ruled(
      string,
      "self.find('[0-9]+') == '12' && self.findAll('[0-9]') == ['1', '2', '3'] && self.findAll('[0-9]', 1) == ['1']",
    ),
    'a12b3',
  ],
  [ruled(string, "self.lowerAscii() == 'a'"), 'A'],
  [
    ruled(object({}), { rule: 'false', message: ' no ', fieldPath: '.kind', reason: 'FieldValueForbidden' }),
    {},
    'spec.kind: Forbidden: no',
  ],
  [ruled(object({}), { rule: 'false', message: 'no', reason: 'FieldValueRequired' }), {}, 'spec: Required value: no'],
  [ruled(object({}), { rule: 'false', reason: 'FieldValueDuplicate' }), {}, 'spec: Duplicate value: "object"'],
  [
    ruled(string, "quantity(self).isGreaterThan(quantity('1'))"),
    '2',
    `spec: Invalid value: "string": this is a sandbox: it does not have the function isGreaterThan evaluating rule: quantity(self).isGreaterThan(quantity('1'))`,
  ],
]
for (const [schema, value, ...expected] of values)
  test(`${JSON.stringify(value)} by ${rulesIn(schema)}: ${expected.length === 0 ? 'holds' : expected.join('; ')}`, () => {
    assert.equal(problems(schema, value), expected)
  })

test('an expression that nobody can read refuses what it is for, in words of the sandbox', () => {
  assert.match(problems(ruled(string, 'self =='), 'x')[0] ?? '', /this is a sandbox: it cannot read the rule/)
})

test('of the whole object the rules see its name', () => {
  const schema = ruled(object({ metadata: { type: 'object' } }), "self.metadata.name.startsWith('w')")
  assert.equal(problems(schema, { metadata: { name: 'w1', labels: { a: 'b' } } }, undefined, ''), [])
  assert.equal(problems(schema, { metadata: { name: 'x1' } }, undefined, ''), [
    `<nil>: Invalid value: "object": failed rule: self.metadata.name.startsWith('w')`,
  ])
})

const grows = ruled(integer, { rule: 'self >= oldSelf', message: 'only grows' })
const keyed: Schema = {
  type: 'array',
  items: object({ name: string, count: grows }),
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': ['name'],
}
const changes: readonly [schema: Schema, old: unknown, value: unknown, ...problems: string[]][] = [
  [grows, undefined, 1],
  [grows, 1, 2],
  [grows, 2, 1, 'spec: Invalid value: "integer": only grows'],
  [object({ count: grows }), {}, { count: 1 }],
  [object({ count: grows }), { count: 2 }, { count: 1 }, 'spec.count: Invalid value: "integer": only grows'],
  [
    keyed,
    [{ name: 'a', count: 2 }],
    [
      { name: 'b', count: 0 },
      { name: 'a', count: 1 },
    ],
    'spec[1].count: Invalid value: "integer": only grows',
  ],
  [{ type: 'array', items: grows }, [2], [1]],
]
for (const [schema, old, value, ...expected] of changes)
  test(`${JSON.stringify(old)} that becomes ${JSON.stringify(value)}: ${expected.join() || 'may'}`, () => {
    assert.equal(problems(schema, value, old), expected)
  })

function rulesIn(schema: Schema): string {
  return (
    JSON.stringify(schema)
      .match(/"rule":"[^"]*"/g)
      ?.join(', ') ?? ''
  )
}

test.run()
