/** Quantities (`10m`, `1Gi`) as Go's resource.Quantity holds them once it has read them. */

const decimal: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 }
const binary: Readonly<Record<string, bigint>> = { Ki: 10n, Mi: 20n, Gi: 30n, Ti: 40n, Pi: 50n, Ei: 60n }

/** The struct as spew prints it. Its text is kept only where Go's reader takes it for canonical. */
export function dumpQuantity(quantity: unknown): string {
  // An absent one has no format either.
  if (quantity === undefined || quantity === null) return struct(0n, 0, '', '')
  const text = String(quantity)
  if (text === '0') return struct(0n, 0, '0', 'DecimalSI')
  const match = /^(?<sign>[+-]?)0*(?<whole>\d*)(?:\.(?<fraction>\d*))?(?<suffix>[A-Za-z]*)$/.exec(text)
  const { sign = '', whole = '', fraction = '', suffix = '' } = match?.groups ?? {}
  const digits = BigInt(`${whole || '0'}${fraction}`)
  const amount = sign === '-' ? -digits : digits
  const shift = binary[suffix]
  if (shift !== undefined) {
    const isCanonical = (digits & 7n) !== 0n
    return struct(amount << shift, 0, isCanonical ? text : '', 'BinarySI')
  }
  const scale = (decimal[suffix] ?? 0) - fraction.length
  const shifted = `${whole || '0'}${fraction}`
  const isCanonical = scale % 3 === 0 && !shifted.endsWith('000') && !shifted.startsWith('0')
  return struct(amount, scale, isCanonical ? text : '', 'DecimalSI')
}

function struct(value: bigint, scale: number, text: string, format: string): string {
  return (
    `{i:(resource.int64Amount){value:(int64)${value} scale:(resource.Scale)${scale}} ` +
    `d:(resource.infDecAmount){Dec:(*inf.Dec)<nil>} s:(string)${text} Format:(resource.Format)${format}}`
  )
}
