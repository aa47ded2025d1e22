/** The marks of Zipkin by which a request is followed from proxy to proxy: Istio's default, and profile demo follows all. */
import { randomUUID } from 'node:crypto'
import type { HttpRequest, RequestHeaders } from './http.ts'

/** With the mark of a request that is traced: all are, in profile demo. */
export function requestId(): string {
  return randomUUID().replace(/^(.{14})./, '$19')
}

/** The request as it leaves a proxy. What a client began goes on, if it named both trace and span; else a trace begins. */
export function traced(request: HttpRequest): HttpRequest {
  const headers: RequestHeaders = Object.assign(Object.create(null), request.headers)
  const { 'x-b3-traceid': trace = '', 'x-b3-spanid': span = '' } = headers
  const isBegun = /^(?:[\da-f]{16}|[\da-f]{32})$/i.test(trace) && /^[\da-f]{16}$/i.test(span)
  headers['x-b3-traceid'] = isBegun ? trace : id() + id()
  if (isBegun) headers['x-b3-parentspanid'] = span
  headers['x-b3-spanid'] = id()
  headers['x-b3-sampled'] ??= '1'
  return { ...request, headers }
}

/** Of 64 bits; no secret, so that any chance will do. */
function id(): string {
  return half() + half()
}

function half(): string {
  return Math.floor(Math.random() * 2 ** 32)
    .toString(16)
    .padStart(8, '0')
}
