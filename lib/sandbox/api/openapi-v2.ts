/**
 * The OpenAPI v2 document, without paths and definitions. kubectl reads it, in its protobuf form, only for kinds that
 * the v3 documents do not have; finding nothing there it goes on as with any unknown kind.
 */
import { type Answer, type Ask, ok } from './exchange.ts'

const info = { title: 'Kubernetes', version: 'v1.29.2' }

/** A protobuf field that holds bytes; everything here is shorter than 128. */
function field(number: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(number << 3) | 2, content.length]), content])
}

/** openapi.v2.Document: swagger is field 1, info 2, paths 8 (github.com/google/gnostic-models). */
const document = Buffer.concat([
  field(1, Buffer.from('2.0')),
  field(2, Buffer.concat([field(1, Buffer.from(info.title)), field(2, Buffer.from(info.version))])),
  field(8, Buffer.alloc(0)),
]).toString('latin1')

export function openApiV2({ headers }: Ask): Answer {
  const wantsProtobuf = headers.accept?.includes('com.github.proto-openapi.spec.v2')
  return wantsProtobuf
    ? { code: 200, text: document, type: 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf' }
    : ok({ swagger: '2.0', info, paths: {} })
}
