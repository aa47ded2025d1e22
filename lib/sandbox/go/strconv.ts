/** What Go's strconv says of a text that is none of its numbers. */

type Reading = 'Atoi' | 'ParseBool' | 'ParseInt' | 'ParseUint'

export function numError(reading: Reading, text: string, why = 'invalid syntax'): string {
  return `strconv.${reading}: parsing ${JSON.stringify(text)}: ${why}`
}

/** Undefined where the text is a number without a sign, of as many bits. */
export function uintError(text: string, bits: 16 | 32): string | undefined {
  if (!/^\d+$/.test(text)) return numError('ParseUint', text)
  return Number(text) < 2 ** bits ? undefined : numError('ParseUint', text, 'value out of range')
}
