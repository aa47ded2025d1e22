/** Quantities as Go prints their struct in the server's problems. */
import { canonicalQuantity } from '../quantity.ts'
import { asGo, type GoText } from './problems.ts'

const powers: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 }
const binary = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']

/** @param isText whether it has been written as text before, which the struct keeps */
export function goQuantity(amount: string, isText: boolean): GoText {
  const text = canonicalQuantity(amount) ?? amount
  const [, number = '0', suffix = ''] = /^(-?[\d.]+)(\D*)$/.exec(text) ?? []
  const power = binary.indexOf(suffix)
  const isBinary = power > 0
  const value = isBinary ? BigInt(number) * 1024n ** BigInt(power) : number
  const scale = isBinary ? 0 : (powers[suffix] ?? 0)
  const shown = isText ? text : ''
  return asGo(
    `resource.Quantity{i:resource.int64Amount{value:${value}, scale:${scale}}, d:resource.infDecAmount{Dec:(*inf.Dec)(nil)}, ` +
      `s:${JSON.stringify(shown)}, Format:"${isBinary ? 'BinarySI' : 'DecimalSI'}"}`,
  )
}
