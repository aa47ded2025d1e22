/** Amounts of pods that are a number or a share: `2`, `25%`. */
import { isPercent } from './formats.ts'
import { asGo, type GoText, invalid, nonNegative, type Problem } from './problems.ts'

export function checkAmount(amount: number | string | undefined, path: string): Problem[] {
  if (amount === undefined) return []
  if (typeof amount === 'number') return nonNegative(amount, path)
  return isPercent(amount).map((text) => invalid(path, goAmount(amount), text))
}

/** A share as it is written, or a number; a text that is neither counts for none. */
export function isZero(amount: number | string | undefined): boolean {
  const text = String(amount ?? 0)
  return !/^[+-]?\d+%?$/.test(text) || Number.parseInt(text, 10) === 0
}

/** More than all cannot be taken away at once. */
export function checkAtMostAll(amount: number | string | undefined, path: string): Problem[] {
  return typeof amount === 'string' && isPercent(amount).length === 0 && Number.parseInt(amount, 10) > 100
    ? [invalid(path, goAmount(amount), 'must not be greater than 100%')]
    : []
}

/** As Go prints what may be a number or a text. */
export function goAmount(amount: number | string): GoText {
  return typeof amount === 'string'
    ? asGo(`intstr.IntOrString{Type:1, IntVal:0, StrVal:${JSON.stringify(amount)}}`)
    : asGo(`intstr.IntOrString{Type:0, IntVal:${amount}, StrVal:""}`)
}
