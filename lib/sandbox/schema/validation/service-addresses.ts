/** Addresses that a Service asks for, and their families. */
import { isIPv6 } from 'node:net'
import type { KubeObject } from '../../objects.ts'
import { inFormat, isIpAddress } from './formats.ts'
import { duplicates, each, goStrings, invalid, oneOf, type Part, type Problem } from './problems.ts'

const policies = ['PreferDualStack', 'RequireDualStack', 'SingleStack']

/** Before addresses are given out, which comes before all else (ValidateServiceClusterIPsRelatedFields). */
export function checkAddresses({ spec = {} }: KubeObject): Problem[] {
  const { type, clusterIP, ipFamilies = [], ipFamilyPolicy } = spec
  if (type === 'ExternalName') return []
  const addresses: readonly string[] = spec.clusterIPs ?? (clusterIP ? [clusterIP] : [])
  const malformed = checkForm(addresses, 'spec.clusterIPs')
  return [
    ...checkFirst(clusterIP, addresses),
    ...each(ipFamilies, 'spec.ipFamilies', (family, at) => oneOf(family, at, ['IPv4', 'IPv6'])),
    ...duplicates(ipFamilies, (index) => `spec.ipFamilies[${index}]`),
    ...oneOf(ipFamilyPolicy, 'spec.ipFamilyPolicy', policies),
    ...malformed,
    ...(addresses.length > 2 ? [invalid('spec.clusterIPs', goStrings(addresses), 'may only hold up to 2 values')] : []),
    ...(malformed.length > 0 ? [] : checkFamilies(addresses, ipFamilies)),
  ]
}

/** The first of several addresses is said twice. */
function checkFirst(clusterIP: string | undefined, addresses: readonly string[]): Problem[] {
  const wrong = (why: string) => [invalid('spec.clusterIPs', goStrings(addresses), why)]
  if (!clusterIP) return addresses.length > 0 ? wrong('must be empty when `clusterIP` is not specified') : []
  return clusterIP === addresses[0] ? [] : wrong('first value must match `clusterIP`')
}

function checkForm(addresses: readonly string[], path: string): Problem[] {
  return each(addresses, path, (address, at) => {
    if (address !== 'None' || !at.endsWith('[0]')) return inFormat(address, at, isIpAddress)
    return addresses.length > 1 ? [invalid(path, goStrings(addresses), "'None' must be the first and only value")] : []
  })
}

function familyOf(address: string): string {
  return isIPv6(address) ? 'IPv6' : 'IPv4'
}

function checkFamilies(addresses: readonly string[], families: readonly string[]): Problem[] {
  const isDual = addresses.length === 2 && new Set(addresses.map(familyOf)).size === 2
  return [
    ...(addresses.length > 1 && !isDual
      ? [invalid('spec.clusterIPs', goStrings(addresses), 'may specify no more than one IP for each IP family')]
      : []),
    ...each(addresses, 'spec.clusterIPs', (address: Part, at) => {
      const index = addresses.indexOf(address)
      const family = families[index]
      return address === 'None' || family === undefined || family === familyOf(address)
        ? []
        : [invalid(at, address, `expected an ${family} value as indicated by \`ipFamilies[${index}]\``)]
    }),
  ]
}
