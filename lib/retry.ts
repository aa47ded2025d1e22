/** p-retry with the project's limits: for what can get better by itself, never for what cannot. */
import pRetry, { AbortError } from 'p-retry'

export interface RetryOptions {
  /** Milliseconds after which no further try begins. */
  limitMs: number
  signal?: AbortSignal
  /** Milliseconds before the second try; each pause is 1.5 times the one before, up to a second. */
  firstPauseMs?: number
  /** False for an error that no further try can mend. */
  canMend?: (error: Error) => boolean
}

/** The result of the first try that succeeds; the last error when none does. */
export function retry<T>(
  attempt: () => Promise<T>,
  { limitMs, signal, firstPauseMs = 100, canMend = () => true }: RetryOptions,
): Promise<T> {
  return pRetry(
    async () => {
      try {
        return await attempt()
      } catch (error) {
        const failure = error instanceof Error ? error : new Error(String(error))
        // p-retry itself gives up on a TypeError, which is what fetch throws for a refused connection.
        if (!canMend(failure)) throw new AbortError(failure)
        throw failure instanceof TypeError ? new Error(failure.message, { cause: failure }) : failure
      }
    },
    {
      retries: Number.POSITIVE_INFINITY,
      minTimeout: firstPauseMs,
      maxTimeout: 1000,
      factor: 1.5,
      maxRetryTime: limitMs,
      ...(signal ? { signal } : {}),
    },
  )
}
