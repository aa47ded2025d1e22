/** Failures as tests look at them. */
import * as assert from 'uvu/assert'
import { Failure } from '../../lib/failure.ts'

/** The failure that this must end in; anything else fails the test. */
export async function failureOf(deed: () => unknown): Promise<Failure> {
  try {
    await deed()
  } catch (error) {
    if (error instanceof Failure) return error
    throw error
  }
  return assert.unreachable('a failure was expected') as never
}
