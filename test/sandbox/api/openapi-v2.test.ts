import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'
import * as assert from 'uvu/assert'
import { documentV2, protobufV2 } from '../../../lib/sandbox/api/openapi-v2.ts'
import { suite } from '../../support/suite.ts'

const test = suite('OpenAPI v2')
const info = { title: 'Kubernetes', version: 'v1.29.2' }

// biome-ignore lint/suspicious/noExplicitAny: a document
const definitionsOf = (schemas: Record<string, unknown>): any => documentV2(info, schemas).definitions

/** What v3 says, and what a real server's v2 document says of the same (Kubernetes 1.29.2). */
const schemas: readonly [string, object, object][] = [
  [
    'a reference stands beside its description',
    { description: 'a', allOf: [{ $ref: '#/components/schemas/B' }] },
    { description: 'a', $ref: '#/definitions/B' },
  ],
  ['a struct has no default', { $ref: '#/components/schemas/B', default: {} }, { $ref: '#/definitions/B' }],
  [
    'a number or a text is a text',
    { format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }] },
    { format: 'int-or-string', type: 'string' },
  ],
  [
    'what may be null may be anything',
    { type: 'object', nullable: true, properties: { a: { type: 'string' } }, description: 'b' },
    { description: 'b' },
  ],
  [
    'what is within is told in the same way',
    { properties: { a: { items: { default: 1, type: 'integer' } } } },
    { properties: { a: { items: { type: 'integer' } } } },
  ],
]

for (const [title, v3, v2] of schemas) test(title, () => assert.equal(definitionsOf({ A: v3 }).A, v2))

/** The fields of a message by their numbers: of those with a length the bytes, of the others the value. */
function message(bytes: Uint8Array): Record<number, (Uint8Array | number)[]> {
  const found: Record<number, (Uint8Array | number)[]> = {}
  const reader = new BinaryReader(bytes)
  while (reader.pos < reader.len) {
    const [number, type] = reader.tag()
    const value =
      type === WireType.LengthDelimited
        ? reader.bytes()
        : type === WireType.Bit64
          ? reader.double()
          : Number(reader.uint64())
    found[number] = [...(found[number] ?? []), value]
  }
  return found
}

const inner = (of: Record<number, (Uint8Array | number)[]>, ...numbers: number[]) =>
  numbers.reduce((now, number) => message(now[number]?.[0] as Uint8Array), of)
const textOf = (value: Uint8Array | number | undefined) => Buffer.from(value as Uint8Array).toString()

test('in protobuf it holds the same, under the numbers of gnostic-models', () => {
  const schema = {
    type: 'object',
    required: ['b'],
    properties: { b: { type: 'array', minItems: 2, items: { $ref: '#/components/schemas/Ä' } } },
    additionalProperties: { type: 'number', maximum: 0.5, exclusiveMaximum: true },
    'x-kubernetes-group-version-kind': [{ group: '', kind: 'A', version: 'v1' }],
  }
  const document = message(protobufV2(documentV2(info, { A: schema })))
  assert.is(textOf(document[1]?.[0]), '2.0')
  assert.is(textOf(inner(document, 2)[2]?.[0]), 'v1.29.2')
  const named = inner(document, 9, 1)
  assert.is(textOf(named[1]?.[0]), 'A')
  const found = inner(named, 2)
  assert.is(textOf(inner(found, 22)[1]?.[0]), 'object')
  assert.is(textOf(found[19]?.[0]), 'b')
  const property = inner(found, 25, 1, 2)
  assert.is(property[15]?.[0], 2)
  assert.is(textOf(inner(property, 23, 1)[1]?.[0]), '#/definitions/Ä')
  const others = inner(found, 21, 1)
  assert.equal([others[7]?.[0], others[8]?.[0]], [0.5, 1])
  const extension = inner(found, 31)
  assert.is(textOf(extension[1]?.[0]), 'x-kubernetes-group-version-kind')
  assert.is(textOf(inner(extension, 2)[2]?.[0]), '- group: ""\n  kind: A\n  version: v1\n')
})

test.run()
