/** Quantities (`10m`, `1Gi`) as Go's resource.Quantity holds them once it has read them. */

const decimal: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 }
const binary: Readonly<Record<string, bigint>> = { Ki: 10n, Mi: 20n, Gi: 30n, Ti: 40n, Pi: 50n, Ei: 60n }

/** What Go's struct holds. */
export interface Quantity {
  value: bigint
  scale: number
  /** As it was written, kept only where Go's reader takes that for canonical. */
  text: string
  format: string
}

export function readQuantity(quantity: unknown): Quantity {
  // An absent one has no format either.
  if (quantity === undefined || quantity === null) return { value: 0n, scale: 0, text: '', format: '' }
  const text = String(quantity)
  if (text === '0') return { value: 0n, scale: 0, text, format: 'DecimalSI' }
  const match = /^(?<sign>[+-]?)0*(?<whole>\d*)(?:\.(?<fraction>\d*))?(?<suffix>[A-Za-z]*)$/.exec(text)
  const { sign = '', whole = '', fraction = '', suffix = '' } = match?.groups ?? {}
  const digits = BigInt(`${whole || '0'}${fraction}`)
  const amount = sign === '-' ? -digits : digits
  const shift = binary[suffix]
  if (shift !== undefined) {
    const isCanonical = (digits & 7n) !== 0n
    return { value: amount << shift, scale: 0, text: isCanonical ? text : '', format: 'BinarySI' }
  }
  const scale = (decimal[suffix] ?? 0) - fraction.length
  const shifted = `${whole || '0'}${fraction}`
  const isCanonical = scale % 3 === 0 && !shifted.endsWith('000') && !shifted.startsWith('0')
  return { value: amount, scale, text: isCanonical ? text : '', format: 'DecimalSI' }
}

/** The struct as spew prints it. */
export function dumpQuantity(quantity: unknown): string {
  const { value, scale, text, format } = readQuantity(quantity)
  return (
    `{i:(resource.int64Amount){value:(int64)${value} scale:(resource.Scale)${scale}} ` +
    `d:(resource.infDecAmount){Dec:(*inf.Dec)<nil>} s:(string)${text} Format:(resource.Format)${format}}`
  )
}
