import * as assert from 'uvu/assert'
import type { Schema } from '../../../../lib/sandbox/kinds/kind.ts'
import { checkLists, checkStructure } from '../../../../lib/sandbox/schema/validation/structural.ts'
import { suite } from '../../../support/suite.ts'

const test = suite('structural schemas')

const string = { type: 'string' } as const
const integer = { type: 'integer' } as const
const object = (properties: Schema['properties'], more: Schema = {}): Schema => ({
  type: 'object',
  ...(properties ? { properties } : {}),
  ...more,
})

/** `undefined` stands for no problem. */
const cases: readonly [value: unknown, schema: Schema, problem: string | undefined][] = [
  ['x', string, undefined],
  [1, { type: 'number' }, undefined],
  [1.5, integer, 'x: Invalid value: "number": x in body must be of type integer: "number"'],
  [null, string, 'x: Invalid value: "null": x in body must be of type string: "null"'],
  [null, { ...string, nullable: true }, undefined],
  ['25%', { 'x-kubernetes-int-or-string': true }, undefined],
  [
    true,
    { 'x-kubernetes-int-or-string': true },
    'x: Invalid value: "boolean": x in body must be of type integer,string: "boolean"',
  ],
  ['b', { ...string, enum: ['a'] }, 'x: Unsupported value: "b": supported values: "a"'],
  ['abc', { ...string, maxLength: 2 }, 'x: Too long: may not be longer than 2'],
  ['ABCD', { ...string, maxLength: 3, pattern: '^[A-Z]{3}$' }, 'x: Too long: may not be longer than 3'],
  ['', { ...string, minLength: 1, pattern: 'a' }, 'x: Invalid value: "": x in body should be at least 1 chars long'],
  ['', { ...string, minLength: 1 }, 'x: Invalid value: "": x in body should be at least 1 chars long'],
  ['b', { ...string, pattern: '^a$' }, 'x: Invalid value: "b": x in body should match \'^a$\''],
  ['ba', { ...string, pattern: 'a' }, undefined],
  [0, { ...integer, minimum: 1 }, 'x: Invalid value: 0: x in body should be greater than or equal to 1'],
  [1, { ...integer, minimum: 1, exclusiveMinimum: true }, 'x: Invalid value: 1: x in body should be greater than 1'],
  [9, { ...integer, maximum: 8 }, 'x: Invalid value: 9: x in body should be less than or equal to 8'],
  [8, { ...integer, maximum: 8, exclusiveMaximum: true }, 'x: Invalid value: 8: x in body should be less than 8'],
  [3, { ...integer, multipleOf: 2 }, 'x: Invalid value: 3: x in body should be a multiple of 2'],
  [[], { type: 'array', minItems: 1 }, 'x: Invalid value: 0: x in body should have at least 1 items'],
  [[1, 2], { type: 'array', maxItems: 1 }, 'x: Too many: 2: must have at most 1 items'],
  [
    ['a', 1],
    { type: 'array', items: string },
    'x[1]: Invalid value: "integer": x[1] in body must be of type string: "integer"',
  ],
  [{}, object({ a: string }, { required: ['a'] }), 'x.a: Required value'],
  [
    { a: { b: 1 } },
    object({ a: object(undefined, { additionalProperties: string }) }),
    'x.a.b: Invalid value: "integer": x.a.b in body must be of type string: "integer"',
  ],
  [
    { a: 1 },
    object(undefined, { minProperties: 2 }),
    'x: Invalid value: 1: x in body should have at least 2 properties',
  ],
  [{ a: 1, b: 2 }, object(undefined, { maxProperties: 1 }), 'x: Too many: 2: must have at most 1 items'],
  [1, { anyOf: [integer, string] }, undefined],
  [true, { anyOf: [integer] }, '<nil>: Invalid value: "": "x" must validate at least one schema (anyOf)'],
  [
    { a: 1, b: 1 },
    { oneOf: [{ required: ['a'] }, { required: ['b'] }] },
    '<nil>: Invalid value: "": "x" must validate one and only one schema (oneOf). Found 2 valid alternatives',
  ],
  [
    {},
    { oneOf: [{ required: ['a'] }, { required: ['b'] }] },
    '<nil>: Invalid value: "": "x" must validate one and only one schema (oneOf). Found none valid',
  ],
  [{ a: 1 }, { not: { required: ['a'] } }, '<nil>: Invalid value: "": "x" must not validate the schema (not)'],
]

for (const [value, schema, problem] of cases)
  test(`${JSON.stringify(value)} by ${JSON.stringify(schema)}: ${problem ?? 'good'}`, () => {
    const [first] = checkStructure({ x: value }, object({ x: schema }))
    assert.is(first && `${first.field}: ${first.message}`, problem)
  })

test('what is said of a value as a whole is said where it is', () => {
  const at = (value: unknown, schema: Schema) => {
    const [first] = checkStructure(value, schema, 'spec.default')
    return `${first?.field}: ${first?.message}`
  }
  assert.is(at('x', integer), 'spec.default: Invalid value: "string":  in body must be of type integer: "string"')
  assert.is(at({ a: 1 }, object({ a: string })).split(' in body')[0], 'spec.default.a: Invalid value: "integer": a')
  assert.is(
    at(true, { anyOf: [integer] }),
    'spec.default: Invalid value: "": "" must validate at least one schema (anyOf)',
  )
})

test('items of sets and of lists with keys are there once, however deep', () => {
  const set: Schema = { type: 'array', items: string, 'x-kubernetes-list-type': 'set' }
  const map: Schema = {
    type: 'array',
    items: object({ a: string, b: string, c: set }),
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['a', 'b'],
  }
  const item = { a: '1', b: '2' }
  const found = checkLists({ x: [item, { a: '1', c: ['a', 'a'] }, item] }, object({ x: map }), '')
  assert.equal(
    found.map(({ field, message }) => `${field}: ${message}`),
    ['x[2]: Duplicate value: map[string]interface {}{"a":"1", "b":"2"}', 'x[1].c[1]: Duplicate value: "a"'],
  )
})

test('all that is wrong is told', () => {
  const schema = object({ a: string, b: integer }, { required: ['c'] })
  assert.equal(
    checkStructure({ a: 1, b: 'x' }, schema).map(({ field }) => field),
    ['a', 'b', 'c'],
  )
})

test.run()
