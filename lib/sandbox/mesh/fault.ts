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
  // A status of gRPC stands in headers that only gRPC's requests get: to others the answer is a plain 200.
  const aborted = abort && falls(abort.percentage?.value ?? 0, random)
  return {
    delay: delayed ? (parseDuration(delay?.fixedDelay as string) ?? 0) : 0,
    abort: aborted ? abortResponse(abort.httpStatus ?? 200) : undefined,
  }
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
