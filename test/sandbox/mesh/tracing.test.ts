import { equal, match, notEqual } from 'node:assert/strict'
import { traced } from '../../../lib/sandbox/mesh/tracing.ts'
import { request } from '../../support/mesh.ts'
import { suite } from '../../support/suite.ts'

const test = suite('tracing')

test('a trace begins at the first proxy', () => {
  const { headers } = traced(request())
  match(headers['x-b3-traceid'] ?? '', /^[\da-f]{32}$/)
  match(headers['x-b3-spanid'] ?? '', /^[\da-f]{16}$/)
  equal(headers['x-b3-sampled'], '1')
  equal(headers['x-b3-parentspanid'], undefined)
})

test('the next goes on with it', () => {
  const first = traced(request())
  const second = traced(first)
  equal(second.headers['x-b3-traceid'], first.headers['x-b3-traceid'])
  equal(second.headers['x-b3-parentspanid'], first.headers['x-b3-spanid'])
  notEqual(second.headers['x-b3-spanid'], first.headers['x-b3-spanid'])
})

test('a trace without a span is none', () => {
  const trace = '463ac35c9f6413ad48485a3953bb6124'
  notEqual(traced(request({ headers: { 'x-b3-traceid': trace } })).headers['x-b3-traceid'], trace)
})

test.run()
