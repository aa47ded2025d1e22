/** Quantities as Go prints their struct in the server's problems. */
import { readQuantity } from '../../go/quantity.ts'
import { canonicalQuantity } from '../quantity.ts'
import { asGo, type GoText } from './problems.ts'

export function goQuantity(amount: string): GoText {
  const { value, scale, format } = readQuantity(amount)
  const shown = canonicalQuantity(amount) ?? amount
  return asGo(
    `resource.Quantity{i:resource.int64Amount{value:${value}, scale:${scale}}, d:resource.infDecAmount{Dec:(*inf.Dec)(nil)}, ` +
      `s:${JSON.stringify(shown)}, Format:"${format}"}`,
  )
}
