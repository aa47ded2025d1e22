/**
 * Bodies in protobuf, which kubectl writes from 1.32 on for what it makes by itself (`kubectl create deployment`): an
 * envelope that names the kind, and in it the kind's message, whose fields have numbers instead of names.
 */
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'
import type { Schema } from '../kinds/kind.ts'
import { groupVersion } from '../objects.ts'
import { badRequest } from '../status.ts'
import { resolve } from './built-in.ts'
import { definition, definitionNameOf, numbersOf } from './data.ts'

const PREFIX = Buffer.from('k8s\0')

type Fields = Record<string, unknown>

/** The object as JSON; with kind and version alone where Kubernetes itself has no such kind. @throws BadRequest */
export function protobufToJson(body: Buffer): string {
  if (!body.subarray(0, PREFIX.length).equals(PREFIX))
    throw badRequest(
      `provided data does not appear to be a protobuf message, expected prefix [${[...PREFIX].join(' ')}]`,
    )
  try {
    return JSON.stringify(readEnvelope(body.subarray(PREFIX.length)))
  } catch (cause) {
    throw Object.assign(badRequest(`proto: ${(cause as Error).message}`), { cause })
  }
}

/** runtime.Unknown: what the object is (1), and the object (2). */
function readEnvelope(bytes: Uint8Array): Fields {
  const envelope = readNumbered(bytes)
  const { 1: apiVersion = '', 2: kind = '' } = mapValues(readNumbered(envelope[1] ?? empty), textOf)
  const [group, version] = groupVersion(apiVersion)
  const name = definitionNameOf(group, version, kind)
  return { apiVersion, kind, ...(name ? readMessage(envelope[2] ?? empty, name, definition(name)) : {}) }
}

const empty = new Uint8Array()

/** @param schema says of what types the properties are; that of the object where the message stands inline in it */
function readMessage(bytes: Uint8Array, name: string, schema: Schema): Fields {
  const fields: Fields = Object.create(null)
  const numbers = numbersOf(name)
  const reader = new BinaryReader(bytes)
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag()
    const field = numbers[number]
    if (field === undefined) reader.skip(wireType, number)
    else if (typeof field !== 'string')
      Object.assign(fields, readMessage(bytesOf(reader, wireType), field.inline, schema))
    else add(fields, field, schema.properties?.[field] ?? {}, reader, wireType)
  }
  return fields
}

/** One occurrence of a field: a value, one of several, or an entry of a map. */
function add(fields: Fields, name: string, property: Schema, reader: BinaryReader, wireType: WireType): void {
  const { items, additionalProperties } = property
  if (items) fields[name] = [...((fields[name] as unknown[] | undefined) ?? []), readValue(items, reader, wireType)]
  else if (typeof additionalProperties === 'object') {
    fields[name] = {
      ...(fields[name] as Fields | undefined),
      ...readEntry(bytesOf(reader, wireType), additionalProperties),
    }
  } else {
    const value = readValue(property, reader, wireType)
    // Go writes every field that is no pointer, and takes one that is missing for the same.
    if (property.$ref || property['x-go-pointer'] || !isZero(value)) fields[name] = value
  }
}

function isZero(value: unknown): boolean {
  return value === '' || value === 0 || value === false
}

/** Key (1) and value (2). */
function readEntry(bytes: Uint8Array, schema: Schema): Fields {
  const reader = new BinaryReader(bytes)
  const { items } = schema
  let key = ''
  let value: unknown = items ? [] : (zeros[schema.type ?? ''] ?? null)
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag()
    if (number === 1) key = textOf(bytesOf(reader, wireType))
    else if (number === 2)
      value = items ? readList(bytesOf(reader, wireType), items) : readValue(schema, reader, wireType)
    else reader.skip(wireType, number)
  }
  return { [key]: value }
}

const zeros: Readonly<Record<string, unknown>> = { string: '', integer: 0, boolean: false }

/** A list has a message of its own where it is the value of a map. */
function readList(bytes: Uint8Array, items: Schema): unknown[] {
  const reader = new BinaryReader(bytes)
  const list: unknown[] = []
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag()
    if (number === 1) list.push(readValue(items, reader, wireType))
    else reader.skip(wireType, number)
  }
  return list
}

function readValue(schema: Schema, reader: BinaryReader, wireType: WireType): unknown {
  const { $ref } = schema
  const special = $ref === undefined ? undefined : specials[$ref]
  if (special) return special(readNumbered(bytesOf(reader, wireType)))
  const { type, format, properties } = resolve(schema)
  if ($ref !== undefined && properties) return readMessage(bytesOf(reader, wireType), $ref, resolve(schema))
  if (type === 'integer' || type === 'boolean') {
    if (wireType !== WireType.Varint) throw new Error(`wrong wireType = ${wireType} for field of type ${type}`)
    return type === 'boolean' ? reader.bool() : Number(reader.int64())
  }
  if (type === 'number') return wireType === WireType.Bit64 ? reader.double() : reader.float()
  const bytes = bytesOf(reader, wireType)
  return format === 'byte' ? Buffer.from(bytes).toString('base64') : textOf(bytes)
}

/** What is a message in protobuf and a single value in JSON. */
const specials: Readonly<Record<string, (message: Readonly<Record<number, Uint8Array>>) => unknown>> = {
  'io.k8s.apimachinery.pkg.api.resource.Quantity': ({ 1: text = empty }) => textOf(text),
  'io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1': jsonOf,
  'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime': (message) => timeOf(message, 6),
  'io.k8s.apimachinery.pkg.apis.meta.v1.Time': (message) => timeOf(message, 0),
  'io.k8s.apimachinery.pkg.runtime.RawExtension': jsonOf,
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': ({ 1: type = empty, 2: number = empty, 3: text = empty }) =>
    varintOf(type) === 1 ? textOf(text) : varintOf(number),
}

function jsonOf({ 1: raw = empty }: Readonly<Record<number, Uint8Array>>): unknown {
  return raw.length > 0 ? JSON.parse(textOf(raw)) : null
}

/** Seconds (1) and nanoseconds (2); no time at all where there is neither. */
function timeOf({ 1: seconds, 2: nanos = empty }: Readonly<Record<number, Uint8Array>>, digits: 0 | 6): string | null {
  if (seconds === undefined) return null
  const time = new Date(varintOf(seconds) * 1000)
  const whole = time.toISOString().slice(0, 19)
  return digits === 0 ? `${whole}Z` : `${whole}.${String(Math.trunc(varintOf(nanos) / 1000)).padStart(6, '0')}Z`
}

function varintOf(bytes: Uint8Array): number {
  return bytes.length > 0 ? Number(new BinaryReader(bytes).int64()) : 0
}

/** The last of each number, as bytes: of a number those in which it was written. */
function readNumbered(bytes: Uint8Array): Record<number, Uint8Array> {
  const reader = new BinaryReader(bytes)
  const found: Record<number, Uint8Array> = {}
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag()
    found[number] = wireType === WireType.LengthDelimited ? reader.bytes() : reader.skip(wireType, number)
  }
  return found
}

function bytesOf(reader: BinaryReader, wireType: WireType): Uint8Array {
  if (wireType !== WireType.LengthDelimited) throw new Error(`wrong wireType = ${wireType} for a message or a text`)
  return reader.bytes()
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8')
}

function mapValues<T, R>(object: Readonly<Record<number, T>>, change: (value: T) => R): Record<number, R> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]))
}
