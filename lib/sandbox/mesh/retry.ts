/** Which failures a proxy tries again, and how often. */
import { parseDuration } from './duration.ts'
import type { HTTPRetry } from './types.ts'

export interface RetryPolicy {
  /** After the first try. */
  attempts: number
  /** Milliseconds; undefined: no limit but the route's. */
  perTryTimeout: number | undefined
  conditions: ReadonlySet<string>
  statusCodes: ReadonlySet<number>
}

/** What became of one try. */
export type Outcome = { status: number } | 'connection failure' | 'reset' | 'per-try timeout'

/** Istio 1.21 retries so where nothing is said (DefaultPolicy in pilot/pkg/networking/core/v1alpha3/route/retry). */
const defaultPolicy: RetryPolicy = {
  attempts: 2,
  perTryTimeout: undefined,
  conditions: new Set(['connect-failure', 'refused-stream', 'unavailable', 'cancelled', 'retriable-status-codes']),
  statusCodes: new Set([503]),
}

export function retryPolicy(retries: HTTPRetry | undefined): RetryPolicy {
  if (!retries) return defaultPolicy
  const perTryTimeout = (retries.perTryTimeout && parseDuration(retries.perTryTimeout)) || undefined
  const policy = { ...defaultPolicy, attempts: retries.attempts ?? 0, perTryTimeout }
  if (!retries.retryOn) return policy
  const tokens = retries.retryOn.split(',').map((token) => token.trim())
  const statusCodes = new Set(tokens.filter((token) => /^\d+$/.test(token)).map(Number))
  const conditions = new Set(tokens.filter((token) => !/^\d+$/.test(token)))
  if (statusCodes.size > 0) conditions.add('retriable-status-codes')
  return { ...policy, conditions, statusCodes }
}

type Condition = (outcome: Outcome, policy: RetryPolicy) => boolean
const status = (outcome: Outcome): number => (typeof outcome === 'object' ? outcome.status : 0)
const isReset = (outcome: Outcome): boolean => typeof outcome === 'string'

/** Envoy's x-envoy-retry-on, as far as HTTP/1.1 and its failures go. */
const conditions: Readonly<Record<string, Condition>> = {
  '5xx': (outcome) => isReset(outcome) || status(outcome) >= 500,
  'gateway-error': (outcome) => isReset(outcome) || [502, 503, 504].includes(status(outcome)),
  reset: isReset,
  'connect-failure': (outcome) => outcome === 'connection failure',
  'retriable-4xx': (outcome) => status(outcome) === 409,
  'retriable-status-codes': (outcome, policy) => policy.statusCodes.has(status(outcome)),
}

export function isRetriable(outcome: Outcome, policy: RetryPolicy): boolean {
  return [...policy.conditions].some((name) => conditions[name]?.(outcome, policy) ?? false)
}

/** Envoy's base interval. */
const BACK_OFF_MS = 25

/** Milliseconds before a retry (the first is 1): a random part of a span that doubles. */
export function backOff(retry: number, random: number): number {
  return random * Math.min(BACK_OFF_MS * (2 ** retry - 1), BACK_OFF_MS * 10)
}
