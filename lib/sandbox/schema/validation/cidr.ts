/** Ranges of addresses: `10.0.0.0/8`. */
import { BlockList, isIP } from 'node:net'

export interface Cidr {
  address: string
  family: 'ipv4' | 'ipv6'
  /** Bits that all addresses of the range have in common. */
  prefix: number
}

/** Undefined where it is none. */
export function parseCidr(text: string): Cidr | undefined {
  const [, address = '', digits = ''] = /^([^/]+)\/(\d{1,3})$/.exec(text.trim()) ?? []
  const version = isIP(address)
  const prefix = Number(digits)
  if (version === 0 || prefix > (version === 4 ? 32 : 128)) return undefined
  return { address, family: version === 4 ? 'ipv4' : 'ipv6', prefix }
}

/** Whether the range is a part of the other, and not all of it. */
export function isWithin(part: Cidr, whole: Cidr): boolean {
  const block = new BlockList()
  block.addSubnet(whole.address, whole.prefix, whole.family)
  return part.family === whole.family && part.prefix > whole.prefix && block.check(part.address, part.family)
}
