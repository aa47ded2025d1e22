import { deepEqual, equal, throws } from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { groupVersion } from '../../../lib/sandbox/objects.ts'
import { definition, definitionNameOf } from '../../../lib/sandbox/schema/data.ts'
import { protobufToJson } from '../../../lib/sandbox/schema/protobuf.ts'
import { readTyped } from '../../../lib/sandbox/schema/typed.ts'
import { StatusError } from '../../../lib/sandbox/status.ts'
import { seeded } from '../../support/random.ts'
import { suite } from '../../support/suite.ts'

const test = suite('protobuf')

interface Recorded {
  command: string
  /** By kubectl 1.29. */
  json: { apiVersion: string; kind: string }
  /** By kubectl 1.33, in base64. */
  protobuf: string
}

const recorded = JSON.parse(
  readFileSync(new URL('../../fixtures/protobuf-bodies.json', import.meta.url), 'utf8'),
) as Recorded[]

/** As the API reads it: without the zeros that Go leaves out, with the structs that are never absent. */
function read(value: { apiVersion: string; kind: string }): unknown {
  const [group, version] = groupVersion(value.apiVersion)
  const name = definitionNameOf(group, version, value.kind) as string
  const { value: object, unknown } = readTyped(value, definition(name), value.kind)
  deepEqual(unknown, [])
  return object
}

for (const { command, json, protobuf } of recorded)
  test(`kubectl ${command} says the same in protobuf as in JSON`, () => {
    deepEqual(read(JSON.parse(protobufToJson(Buffer.from(protobuf, 'base64')))), read(json))
  })

/** A field of a message: a number and what stands there. */
const field = (number: number, content: string | Buffer) =>
  Buffer.concat([Buffer.from([(number << 3) | 2, Buffer.byteLength(content)]), Buffer.from(content)])
const varint = (number: number, value: number) => Buffer.from([number << 3, value])
const message = (...fields: Buffer[]) => Buffer.concat(fields)
const envelope = (apiVersion: string, kind: string, ...raw: Buffer[]) =>
  message(Buffer.from('k8s\0'), field(1, message(field(1, apiVersion), field(2, kind))), field(2, message(...raw)))

const json = (body: Buffer) => JSON.parse(protobufToJson(body))

test('what is inline in JSON is a message of its own', () => {
  const source = field(2, field(10, message(field(1, 'data'), varint(2, 1))))
  deepEqual(json(envelope('v1', 'Pod', field(2, field(1, message(field(1, 'disk'), source))))).spec.volumes, [
    { name: 'disk', persistentVolumeClaim: { claimName: 'data', readOnly: true } },
  ])
})

test('times, and none', () => {
  const metadata = (...fields: Buffer[]) => json(envelope('v1', 'Namespace', field(1, message(...fields)))).metadata
  equal(metadata(field(8, '')).creationTimestamp, null)
  equal(metadata(field(8, varint(1, 60))).creationTimestamp, '1970-01-01T00:01:00Z')
})

test('options of a deletion come with whatever version is asked', () => {
  const options = { apiVersion: 'apps/v1', kind: 'DeleteOptions', gracePeriodSeconds: 0, propagationPolicy: 'Orphan' }
  deepEqual(json(envelope('apps/v1', 'DeleteOptions', varint(1, 0), field(4, 'Orphan'))), options)
})

test('what has no number, or no kind, is passed over', () => {
  deepEqual(json(envelope('v1', 'ConfigMap', field(15, 'x'), varint(14, 1))), { apiVersion: 'v1', kind: 'ConfigMap' })
  deepEqual(json(envelope('a.example/v1', 'Thing', field(1, 'x'))), { apiVersion: 'a.example/v1', kind: 'Thing' })
})

test('names as parts of objects have them do no harm', () => {
  const entry = field(2, message(field(1, '__proto__'), field(2, 'x')))
  equal(
    protobufToJson(envelope('v1', 'ConfigMap', entry)),
    '{"apiVersion":"v1","kind":"ConfigMap","data":{"__proto__":"x"}}',
  )
})

const refused: readonly [what: string, body: Buffer][] = [
  ['JSON', Buffer.from('{"kind":"ConfigMap"}')],
  ['nothing', Buffer.alloc(0)],
  ['a message that is cut off', envelope('v1', 'ConfigMap', field(1, 'abc')).subarray(0, -1)],
  ['a length beyond the end', Buffer.from('k8s\0\x12\xff\xff\xff\xff\x07', 'latin1')],
  ['a number where a message stands', envelope('v1', 'ConfigMap', varint(1, 1))],
  ['a text where a number stands', envelope('apps/v1', 'Deployment', field(2, field(1, 'x')))],
]
for (const [what, body] of refused)
  test(`${what} is refused`, () => {
    throws(
      () => protobufToJson(body),
      (error: unknown) => error instanceof StatusError && error.code === 400,
    )
  })

test('whatever comes is read or refused', () => {
  const random = seeded(20261126)
  for (let i = 0; i < 3_000; i++) {
    const { protobuf } = recorded[Math.floor(random() * recorded.length)] as Recorded
    const body = Buffer.from(protobuf, 'base64')
    for (let j = 0; j < 3; j++) body[4 + Math.floor(random() * (body.length - 4))] = Math.floor(random() * 256)
    try {
      protobufToJson(body)
    } catch (error) {
      equal(error instanceof StatusError && error.code, 400)
    }
  }
})

test.run()
