/** Quantities such as `500m` or `1Gi`, in the canonical form in which the server keeps them. */

const form = /^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$/
const parts = /^([+-]?)(\d*)(?:\.(\d*))?(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE][+-]?\d+)?$/

const decimal = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E']
const binary = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']

export interface Quantity {
  /** In billionths, the smallest part that is kept. */
  nanos: bigint
  suffix: string
}

/** undefined where the text is no quantity */
export function parseQuantity(text: string): Quantity | undefined {
  const found = parts.exec(text)
  if (!found || !form.test(text)) return undefined
  const [, sign, whole = '', fraction = '', suffix = ''] = found
  if (whole === '' && fraction === '') return undefined
  const digits = BigInt(whole + fraction)
  const power = 9 - fraction.length + decimalPower(suffix)
  const base = digits * 1024n ** BigInt(Math.max(0, binary.indexOf(suffix)))
  const nanos = power >= 0 ? base * 10n ** BigInt(power) : ceilDivide(base, 10n ** BigInt(-power))
  return { nanos: sign === '-' ? -nanos : nanos, suffix }
}

/** In billionths; of nothing, and of a text that is no quantity, which is said elsewhere, none. */
export function nanosOf(amount: unknown): bigint {
  return parseQuantity(String(amount))?.nanos ?? 0n
}

/** What Go's reader says of a text that it cannot read; undefined of one that it can. */
export function whyNoQuantity(text: string): string | undefined {
  if (parseQuantity(text)) return undefined
  return /^[+-]?\d*\.?\d*[eEinumkKMGTP]+[-+]?\d*$/.test(text)
    ? "unable to parse quantity's suffix"
    : "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
}

/** `1000m` is `1`, `1024Mi` is `1Gi`, `1.5` is `1500m`: the largest suffix that leaves a whole number. */
export function canonicalQuantity(text: string): string | undefined {
  const quantity = parseQuantity(text)
  return quantity && quantityText(quantity)
}

/** As it is kept in a list of resources, which knows no smaller parts than thousandths. */
export function resourceQuantity(text: string): string | undefined {
  const quantity = parseQuantity(text)
  if (!quantity) return undefined
  const { nanos, suffix } = quantity
  const rest = nanos % million
  const rounded = rest === 0n ? nanos : nanos - rest + (nanos > 0n ? million : -million)
  return quantityText({ nanos: rounded, suffix })
}

export function quantityText({ nanos, suffix }: Quantity): string {
  if (nanos === 0n) return '0'
  if (/^[eE][+-]?\d/.test(suffix)) return exponentForm(nanos)
  const isBinary = suffix.endsWith('i') && (nanos % billion === 0n || magnitude(nanos) > 1024n * billion)
  return isBinary ? binaryForm(nanos) : decimalForm(nanos)
}

/** The sum is written as the first is, unless that is nothing. */
export function added(a: Quantity, b: Quantity): Quantity {
  return { nanos: a.nanos + b.nanos, suffix: a.nanos === 0n ? b.suffix : a.suffix }
}

const million = 1_000_000n
const billion = 1_000_000_000n

function binaryForm(nanos: bigint): string {
  let whole = nanos / billion
  let power = 0
  for (; whole % 1024n === 0n && power < binary.length - 1; power++) whole /= 1024n
  return `${whole}${binary[power]}`
}

function decimalForm(nanos: bigint): string {
  let rest = nanos
  let power = 0
  for (; rest % 1000n === 0n && power < decimal.length - 1; power++) rest /= 1000n
  return `${rest}${decimal[power]}`
}

function exponentForm(nanos: bigint): string {
  let rest = nanos
  let power = -9
  for (; rest % 1000n === 0n; power += 3) rest /= 1000n
  return power === 0 ? String(rest) : `${rest}e${power}`
}

function decimalPower(suffix: string): number {
  if (/^[eE][+-]?\d/.test(suffix)) return Number(suffix.slice(1))
  return decimal.includes(suffix) ? (decimal.indexOf(suffix) - 3) * 3 : 0
}

function ceilDivide(value: bigint, by: bigint): bigint {
  return (value + by - 1n) / by
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value
}
