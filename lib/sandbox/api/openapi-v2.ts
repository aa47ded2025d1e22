/**
 * The OpenAPI v2 document, without paths: what the v3 documents say of schemas, in the words of the older format.
 * kubectl reads it in its protobuf form, where it asks for explanations in the old format, and for kinds that the v3
 * documents do not have.
 */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { stringify } from 'yaml'
import { isObject } from '../schema/merge-patch.ts'

type Json = Record<string, unknown>

export function documentV2(info: object, schemas: Json): Json {
  const definitions = Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    swagger: '2.0',
    info,
    paths: {},
    definitions: Object.fromEntries(definitions.map(([name, schema]) => [name, older(schema as Json)])),
  }
}

/** What v2 cannot say. */
const newer: ReadonlySet<string> = new Set(['default', 'oneOf', 'anyOf', 'not', 'nullable'])

function older(schema: Json): Json {
  const result: Json = {}
  // Where anything may stand, v2 says nothing of what may.
  const isOpen = schema.nullable === true || schema['x-kubernetes-preserve-unknown-fields'] === true
  for (const [key, value] of Object.entries(schema)) {
    if (newer.has(key) || (isOpen && ['type', 'properties', 'items', 'additionalProperties'].includes(key))) continue
    // A description may stand beside a reference here.
    if (key === 'allOf') Object.assign(result, older((value as Json[])[0] as Json))
    else if (key === '$ref') result.$ref = (value as string).replace('#/components/schemas/', '#/definitions/')
    else if (key === 'properties')
      result.properties = Object.fromEntries(
        Object.entries(value as Json).map(([name, of]) => [name, older(of as Json)]),
      )
    else if (isObject(value) && ['items', 'additionalProperties'].includes(key)) result[key] = older(value as Json)
    else result[key] = value
  }
  // A number or a text, which JSON may write either way, is a text there.
  return schema.oneOf && !schema.type ? { ...result, type: 'string' } : result
}

/** openapi.v2.Document of github.com/google/gnostic-models v0.6.8, as are the numbers of the fields below. */
export function protobufV2({ swagger, info, definitions }: Json): Buffer {
  const writer = new BinaryWriter()
  writeText(writer, 1, swagger)
  within(writer, 2, () => {
    writeText(writer, 1, (info as Json).title)
    writeText(writer, 2, (info as Json).version)
  })
  within(writer, 8, () => {})
  within(writer, 9, () => writeSchemas(writer, definitions as Json))
  return Buffer.from(writer.finish())
}

type Write = (writer: BinaryWriter, value: unknown) => void

const flag =
  (number: number): Write =>
  (writer, value) =>
    writer.tag(number, WireType.Varint).bool(value as boolean)
const count =
  (number: number): Write =>
  (writer, value) =>
    writer.tag(number, WireType.Varint).int64(value as number)
const amount =
  (number: number): Write =>
  (writer, value) =>
    writer.tag(number, WireType.Bit64).double(value as number)
const text =
  (number: number): Write =>
  (writer, value) =>
    writeText(writer, number, value)

/** What a schema says, by its name in JSON. */
const fields: Readonly<Record<string, Write>> = {
  $ref: text(1),
  format: text(2),
  title: text(3),
  description: text(4),
  multipleOf: amount(6),
  maximum: amount(7),
  exclusiveMaximum: flag(8),
  minimum: amount(9),
  exclusiveMinimum: flag(10),
  maxLength: count(11),
  minLength: count(12),
  pattern: text(13),
  maxItems: count(14),
  minItems: count(15),
  uniqueItems: flag(16),
  maxProperties: count(17),
  minProperties: count(18),
  required: (writer, names) => {
    for (const name of names as string[]) writeText(writer, 19, name)
  },
  enum: (writer, values) => {
    for (const value of values as unknown[]) within(writer, 20, () => writeText(writer, 2, stringify(value)))
  },
  additionalProperties: (writer, value) =>
    within(writer, 21, () => {
      if (isObject(value)) within(writer, 1, () => writeSchema(writer, value as Json))
      else flag(2)(writer, value)
    }),
  type: (writer, value) => within(writer, 22, () => writeText(writer, 1, value)),
  items: (writer, value) => within(writer, 23, () => within(writer, 1, () => writeSchema(writer, value as Json))),
  properties: (writer, value) => within(writer, 25, () => writeSchemas(writer, value as Json)),
}

function writeSchema(writer: BinaryWriter, schema: Json): void {
  for (const [key, value] of Object.entries(schema)) {
    if (fields[key]) fields[key](writer, value)
    else if (key.startsWith('x-'))
      within(writer, 31, () => {
        writeText(writer, 1, key)
        within(writer, 2, () => writeText(writer, 2, stringify(value)))
      })
  }
}

function writeSchemas(writer: BinaryWriter, schemas: Json): void {
  for (const [name, schema] of Object.entries(schemas))
    within(writer, 1, () => {
      writeText(writer, 1, name)
      within(writer, 2, () => writeSchema(writer, schema as Json))
    })
}

function writeText(writer: BinaryWriter, number: number, value: unknown): void {
  writer.tag(number, WireType.LengthDelimited).string(value as string)
}

function within(writer: BinaryWriter, number: number, write: () => void): void {
  writer.tag(number, WireType.LengthDelimited).fork()
  write()
  writer.join()
}
