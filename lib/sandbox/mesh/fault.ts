/** fault: delays and aborts, for a share of the requests. */
import { parseDuration } from './duration.ts'
import type { HttpResponse } from './http.ts'
import type { HTTPFaultInjection } from './types.ts'

export interface Fault {
  /** Milliseconds before anything else. */
  delay: number
  abort: HttpResponse | undefined
}

const none: Fault = { delay: 0, abort: undefined }

/** What befalls this request; random is asked once for the delay and once for the abort. */
export function drawFault(rule: HTTPFaultInjection | undefined, random: () => number): Fault {
  if (!rule) return none
  const { delay, abort } = rule
  // Without a percentage nothing happens (TranslateFault of istiod); `percent` is the older field, for delays only.
  const delayed =
    delay?.fixedDelay && falls(delay.percentage ? (delay.percentage.value ?? 0) : (delay.percent ?? 0), random)
  const aborted = abort && falls(abort.percentage?.value ?? 0, random)
  return {
    delay: delayed ? (parseDuration(delay?.fixedDelay as string) ?? 0) : 0,
    abort: aborted ? abortResponse(abort.httpStatus ?? grpcStatus[abort.grpcStatus ?? ''] ?? 500) : undefined,
  }
}

/** What a status of gRPC is in HTTP (Envoy's grpcToHttpStatus); all others are 500. */
const grpcStatus: Readonly<Record<string, number>> = {
  OK: 200,
  INVALID_ARGUMENT: 400,
  FAILED_PRECONDITION: 400,
  OUT_OF_RANGE: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  ABORTED: 409,
  RESOURCE_EXHAUSTED: 429,
  CANCELLED: 499,
  UNIMPLEMENTED: 501,
  UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504,
}

function falls(percent: number, random: () => number): boolean {
  return random() * 100 < percent
}

function abortResponse(status: number): HttpResponse {
  return textResponse(status, 'fault filter abort')
}

/** Envoy's own answers: plain text, or nothing at all. */
export function textResponse(status: number, body: string): HttpResponse {
  const headers = body === '' ? {} : { 'content-length': String(Buffer.byteLength(body)), 'content-type': 'text/plain' }
  return { status, headers, body }
}
