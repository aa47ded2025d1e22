/** Ranges of addresses: `10.0.0.0/8`, or one address. */
import { BlockList, isIP } from 'node:net'

export function isInRange(address: string, range: string): boolean {
  const [start = '', bits] = range.split('/')
  const [family, own] = [isIP(start), isIP(address)]
  if (family === 0 || family !== own) return false
  const list = new BlockList()
  const type = family === 6 ? 'ipv6' : 'ipv4'
  list.addSubnet(start, bits === undefined ? (family === 6 ? 128 : 32) : Number(bits), type)
  return list.check(address, type)
}

export interface Cidr {
  address: string
  /** Bits that all addresses of the range have in common. */
  prefix: number
}

/** Undefined where it is none, which one address by itself is not. */
export function parseCidr(text: string): Cidr | undefined {
  const [, address = '', digits = ''] = /^([^/]+)\/(\d{1,3})$/.exec(text.trim()) ?? []
  const version = isIP(address)
  const prefix = Number(digits)
  return version === 0 || prefix > (version === 4 ? 32 : 128) ? undefined : { address, prefix }
}

/** Whether the range is a part of the other, and not all of it. */
export function isWithin(part: Cidr, whole: Cidr): boolean {
  return part.prefix > whole.prefix && isInRange(part.address, `${whole.address}/${whole.prefix}`)
}
