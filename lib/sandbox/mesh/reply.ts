/** Answers as a proxy sees them: those of a service, and its own where none came, in Envoy's words. */
import type { Cluster, Endpoint } from './clusters.ts'
import { textResponse } from './fault.ts'
import type { HttpResponse } from './http.ts'
import type { Outcome } from './retry.ts'
import { TIMED_OUT } from './time.ts'

/** An answer and how it came about, as access logs tell it. */
export interface Reply {
  response: HttpResponse
  flags?: string
  details: string
  transportFailure?: string
  cluster?: string
  endpoint?: Endpoint
  attempt?: number
}

/** The route's timeout, or that of each try, passed. */
export function timedOut(details: string): Reply {
  return { response: textResponse(504, 'upstream request timeout'), flags: 'UT', details }
}

/** The cluster has no endpoint to choose from. */
export function noHealthyUpstream({ name }: Cluster): Reply {
  const response = textResponse(503, 'no healthy upstream')
  return { response, flags: 'UH', details: 'no_healthy_upstream', cluster: name }
}

/** The connection pool is full. */
export function overflow({ name }: Cluster): Reply {
  const { status, headers, body } = textResponse(503, `${disconnected}reset reason: overflow`)
  const response = { status, headers: { 'x-envoy-overloaded': 'true', ...headers }, body }
  return { response, flags: 'UO', details: 'upstream_reset_before_response_started{overflow}', cluster: name }
}

/** Why no answer came from an endpoint. */
export interface Failure {
  /** In Envoy's words. */
  reason: string
  /** Whether there was a connection, which the other side closed. */
  isReset?: boolean
}

/** What one try at an endpoint came to. */
export type Result = HttpResponse | Failure | typeof TIMED_OUT

/** Whether a service answered, be it with an error. */
export function isAnswer(result: Result): result is HttpResponse {
  return typeof result === 'object' && 'status' in result
}

/** As it counts for retries. */
export function outcomeOf(result: Result): Outcome {
  if (result === TIMED_OUT) return 'per-try timeout'
  if (isAnswer(result)) return result
  return result.isReset ? 'reset' : 'connection failure'
}

/** As it counts for the endpoint's health. */
export function statusOf(result: Result): number {
  if (result === TIMED_OUT) return 504
  return isAnswer(result) ? result.status : 503
}

/** What the client is told after the last try; `isUsedUp`: more tries were wanted than allowed. */
export function replyOf(result: Result, attempt: number, isUsedUp: boolean): Reply {
  if (result === TIMED_OUT) {
    const reply = timedOut('upstream_per_try_timeout')
    return isUsedUp ? { ...reply, flags: 'URX,UT' } : reply
  }
  if (!isAnswer(result)) return result.isReset ? terminated(attempt > 1) : connectionFailure(result, attempt > 1)
  return { response: result, details: 'via_upstream', ...(isUsedUp && result.status >= 500 ? { flags: 'URX' } : {}) }
}

/** Those of 1.29 have the system's number, 111, in place of its text. */
export const refused: Failure = { reason: 'delayed connect error: Connection refused' }

const disconnected = 'upstream connect error or disconnect/reset before headers. '

/** A sidecar that takes nothing but the mesh's own TLS closes any other connection. */
export const closed: Failure = { reason: 'connection termination', isReset: true }

function terminated(isRetried: boolean): Reply {
  const text = `${disconnected}${isRetried ? 'retried and the latest ' : ''}reset reason: ${closed.reason}`
  return {
    response: textResponse(503, text),
    flags: isRetried ? 'URX,UC' : 'UC',
    details: 'upstream_reset_before_response_started{connection_termination}',
  }
}

/** The endpoint could not be reached. */
export function connectionFailure({ reason }: Failure, isRetried: boolean): Reply {
  const text = `${disconnected}${isRetried ? 'retried and the latest ' : ''}reset reason: remote connection failure, transport failure reason: ${reason}`
  // As access logs have it.
  const transportFailure = reason.replaceAll(' ', '_')
  return {
    response: textResponse(503, text),
    flags: isRetried ? 'URX,UF' : 'UF',
    details: `upstream_reset_before_response_started{remote_connection_failure|${transportFailure}}`,
    transportFailure,
  }
}
