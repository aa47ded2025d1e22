/** What Go's netip says of texts that are no addresses. */
import { isIP } from 'node:net'

/** Of a range of addresses; undefined where it is one. */
export function prefixError(value: string): string | undefined {
  const slash = value.lastIndexOf('/')
  const [address, bits] = [value.slice(0, slash), value.slice(slash + 1)]
  const family = isIP(address)
  if (family === 0) return addressError(address)
  if (!/^\d+$/.test(bits) || (bits.length > 1 && bits.startsWith('0')))
    return `bad bits after slash: ${JSON.stringify(bits)}`
  return Number(bits) > (family === 4 ? 32 : 128) ? 'prefix length out of range' : undefined
}

export function addressError(address: string): string {
  const parse = `ParseAddr(${JSON.stringify(address)})`
  if (!/[.:]/.test(address)) return `${parse}: unable to parse IP`
  const fields = address.split('.')
  if (address.includes(':')) return `${parse}: unexpected character`
  const wrong = fields.find((field) => !/^\d+$/.test(field))
  if (wrong !== undefined) {
    const at = address.search(/[^\d.]/)
    return at < 0
      ? `${parse}: IPv4 field must have at least one digit`
      : `${parse}: unexpected character (at ${JSON.stringify(address.slice(at))})`
  }
  if (fields.some((field) => Number(field) > 255)) return `${parse}: IPv4 field has value >255`
  return fields.length < 4 ? `${parse}: IPv4 address too short` : `${parse}: IPv4 address too long`
}
