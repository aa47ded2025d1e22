/** Waiting, with a limit. */

export const TIMED_OUT: unique symbol = Symbol('timed out')

/** What a promise gives, or TIMED_OUT after so many milliseconds; undefined: no limit. */
export async function within<Value>(
  milliseconds: number | undefined,
  promise: Promise<Value>,
): Promise<Value | typeof TIMED_OUT> {
  if (milliseconds === undefined) return promise
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<typeof TIMED_OUT>((resolve) => {
    timer = setTimeout(resolve, milliseconds, TIMED_OUT)
  })
  try {
    return await Promise.race([promise, limit])
  } finally {
    clearTimeout(timer)
  }
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
