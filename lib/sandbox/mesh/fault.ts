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
    abort: aborted ? abortResponse(abort) : undefined,
  }
}

function falls(percent: number, random: () => number): boolean {
  return random() * 100 < percent
}

/** A status of gRPC is for those who speak it (grpc.ts): to others the answer is a plain 200. */
function abortResponse({ httpStatus = 200, grpcStatus }: NonNullable<HTTPFaultInjection['abort']>): Fault['abort'] {
  return {
    ...textResponse(httpStatus, 'fault filter abort'),
    ...(grpcStatus ? { grpcStatus: codeOf(grpcStatus) } : {}),
  }
}

/** By name in the order of their numbers, or as a number. */
const codes = [
  ...['OK', 'CANCELLED', 'UNKNOWN', 'INVALID_ARGUMENT', 'DEADLINE_EXCEEDED', 'NOT_FOUND', 'ALREADY_EXISTS'],
  ...['PERMISSION_DENIED', 'RESOURCE_EXHAUSTED', 'FAILED_PRECONDITION', 'ABORTED', 'OUT_OF_RANGE', 'UNIMPLEMENTED'],
  ...['INTERNAL', 'UNAVAILABLE', 'DATA_LOSS', 'UNAUTHENTICATED'],
]

function codeOf(name: string): number {
  return Math.max(codes.indexOf(name), 0)
}

/** Envoy's own answers: plain text, or nothing at all. */
export function textResponse(status: number, body: string | Buffer): HttpResponse {
  const headers =
    body.length === 0 ? {} : { 'content-length': String(Buffer.byteLength(body)), 'content-type': 'text/plain' }
  return { status, headers, body }
}
