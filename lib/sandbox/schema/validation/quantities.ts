/** How much of something. */
import { nanosOf } from '../quantity.ts'
import { goQuantity } from './go-quantity.ts'
import { invalid, type Problem } from './problems.ts'
import { isCounted } from './resource-names.ts'

const BILLION = 1_000_000_000n

export function checkQuantity(name: string, amount: string, path: string): Problem[] {
  return [
    ...(nanosOf(amount) < 0n ? [invalid(path, amount, 'must be greater than or equal to 0')] : []),
    ...(isCounted(name) && nanosOf(amount) % BILLION !== 0n
      ? [invalid(path, goQuantity(amount), 'must be an integer')]
      : []),
  ]
}
