import { deepEqual, equal } from 'node:assert/strict'
import { textResponse } from '../../../lib/sandbox/mesh/fault.ts'
import { grpcResponse, isGrpc } from '../../../lib/sandbox/mesh/grpc.ts'
import { request } from '../../support/mesh.ts'
import { suite } from '../../support/suite.ts'

const test = suite('answers to gRPC')

test('who asks in gRPC says so by the type of the body', () => {
  const types = ['application/grpc', 'application/grpc+proto', 'application/grpc-web', 'application/json', '']
  const found = types.map((type) => isGrpc(request({ headers: { 'content-type': type } })))
  deepEqual(found, [true, true, false, false, false])
})

test('a status of HTTP is one of gRPC in a header', () => {
  const { status, headers, body } = grpcResponse(textResponse(503, 'no healthy upstream'))
  deepEqual([status, headers['grpc-status'], headers['grpc-message'], body], [200, '14', 'no healthy upstream', ''])
})

test('a status that a rule names stays', () => {
  equal(grpcResponse({ ...textResponse(200, ''), grpcStatus: 5 }).headers['grpc-status'], '5')
})

test.run()
