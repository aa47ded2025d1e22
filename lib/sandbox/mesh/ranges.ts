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
