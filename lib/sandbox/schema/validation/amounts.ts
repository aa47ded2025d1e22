/** Amounts of pods that are a number or a share: `2`, `25%`. */
import { isPercent } from './formats.ts'
import { asGo, type GoText, invalid, nonNegative, type Problem } from './problems.ts'

export function checkAmount(amount: number | string | undefined, path: string): Problem[] {
  if (amount === undefined) return []
  if (typeof amount === 'number') return nonNegative(amount, path)
  return isPercent(amount).map((text) => invalid(path, goAmount(amount), text))
}

export function isZero(amount: number | string | undefined): boolean {
  return amount === undefined || Number.parseInt(String(amount), 10) === 0
}

/** As Go prints what may be a number or a text. */
export function goAmount(amount: number | string): GoText {
  return typeof amount === 'string'
    ? asGo(`intstr.IntOrString{Type:1, IntVal:0, StrVal:${JSON.stringify(amount)}}`)
    : asGo(`intstr.IntOrString{Type:0, IntVal:${amount}, StrVal:""}`)
}
